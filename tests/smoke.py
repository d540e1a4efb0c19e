"""What a wheel can do where nothing else is: run by the Python of a fresh environment, in an empty folder.

python -I smoke.py three-questions.ipynb
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from scraper.sandbox import Sandbox

SCRAPER = str(Path(sys.executable).with_name("scraper"))
PAGE = "https://one.test/page/1"


def ended(code: int, *arguments: str) -> str:
    """What the command prints, when it ends with this code."""
    done = subprocess.run([SCRAPER, *arguments], capture_output=True, text=True, timeout=120)
    if done.returncode != code:
        sys.exit(f"scraper {' '.join(arguments)}: {done.returncode} and not {code}\n{done.stderr}")
    return done.stdout


def demo(notebook: Path) -> None:
    """A week in the demo, and the notebook that asks it three questions."""
    ended(0, "demo", "--days", "7")
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - our own notebook


def visits() -> None:
    """A list that is refreshed, loses a link and is checked; the web is the sandbox."""
    Path("list.md").write_text(f"# Papers\n\n- [one]({PAGE})\n", "utf-8")
    with Sandbox() as sandbox:
        given = {name: value for name, value in sandbox.settings.items() if name != "sandbox"}
        lines = [f"{name} = {json.dumps(value)}" for name, value in given.items()]
        Path("own.toml").write_text("\n".join([*lines, "probe = false"]), "utf-8")
        ended(0, "refresh", "list.md", "--config", "own.toml")
        sandbox.world.kill(PAGE)
        told = ended(3, "check", "list.md", "--config", "own.toml", "--format", "json")
    if json.loads(told)["links"][0]["reason"] != "not_found":
        sys.exit(f"scraper check: {told}")


def main() -> None:
    demo(Path(sys.argv[1]))
    visits()
    print(f"Python {sys.version.split()[0]}: demo, notebook, refresh, check")


if __name__ == "__main__":
    main()
