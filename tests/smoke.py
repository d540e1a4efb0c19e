"""What a wheel can do where nothing else is: run by the Python of a fresh environment, in an empty folder.

python -I smoke.py three-questions.ipynb
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import scraper
from scraper.sandbox import Sandbox, records

SCRAPER = str(Path(sys.executable).with_name("scraper"))
PAGE = "https://one.test/page/1"


def ended(code: int, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What the command prints, when it ends with this code."""
    done = subprocess.run([SCRAPER, *arguments], capture_output=True, text=True, timeout=120, env=env)
    if done.returncode != code:
        sys.exit(f"scraper {' '.join(arguments)}: {done.returncode} and not {code}\n{done.stderr}")
    return done.stdout


def demo(notebook: Path) -> None:
    """A week in the demo, what looks back at it, and the notebook; without pandas, what is said of that."""
    ended(0, "demo", "--days", "7")
    places = ("--data", "demo/data", "--reports", "demo/reports")
    ended(0, "report", *places)
    ended(0, "changes", *places)
    ended(0, "history", "https://survey.test/sandboxes", *places)
    if "+++ b/" not in ended(0, "fix", "demo/articles/a-changing-list.md", *places):
        sys.exit("scraper fix: no patch")
    if find_spec("pandas") is None:
        try:
            sys.exit(f"without pandas there are {scraper.load('demo/data', 'a-changing-list').links}")
        except scraper.ScraperError as error:
            if "paperlinks[pandas]" not in str(error):
                sys.exit(f"without pandas: {error}")
        return
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 - our own notebook


def visits() -> None:
    """A list that is refreshed, loses a link and is checked; the web is the sandbox."""
    Path("list.md").write_text(f"# Papers\n\n- [one]({PAGE})\n", "utf-8")
    with Sandbox(repositories=[{"full_name": "me/papers"}]) as sandbox:
        given = {name: value for name, value in sandbox.settings.items() if name != "sandbox"}
        lines = [f"{name} = {json.dumps(value)}" for name, value in given.items()]
        Path("own.toml").write_text("\n".join([*lines, "probe = false"]), "utf-8")
        ended(0, "refresh", "list.md", "--config", "own.toml")
        sandbox.world.kill(PAGE)
        token = {**os.environ, "GITHUB_TOKEN": records.GITHUB_TOKEN}
        whose = ("--repository", "me/papers", "--config", "own.toml")
        ended(0, "publish", "github", "list.md", *whose, env=token)
        told = ended(3, "check", "list.md", "--config", "own.toml", "--format", "json")
    if json.loads(told)["links"][0]["reason"] != "not_found":
        sys.exit(f"scraper check: {told}")


def main() -> None:
    demo(Path(sys.argv[1]))
    visits()
    told = "notebook" if find_spec("pandas") else "no notebook, for there is no pandas"
    commands = "demo, report, changes, history, fix, refresh, publish, check"
    print(f"Python {sys.version.split()[0]}: {commands}, {told}")


if __name__ == "__main__":
    main()
