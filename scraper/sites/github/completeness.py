"""What a paper's code is worth: the ML Code Completeness Checklist, read from a repository's files and README.

Papers with Code gave a repository one tick for each of five things: dependencies, training code, evaluation
code, pretrained models, and a README with a table of results. `code_completeness` is their number, 0 to 5.
Beside them stand tests, continuous integration and a container recipe. Nobody runs the code: all is told by
names and by the README's text, as a reader would at first sight.

| column | true when |
|---|---|
| has_dependencies | the top two levels hold a requirements file, environment.yml, setup.py, pyproject.toml, or the like of another language |
| has_training_code | a source file, script or notebook has train, training, trainer, pretrain or finetune as a word of its name, or lies in a folder of that name; tests aside |
| has_evaluation_code | likewise evaluate, evaluation, eval, validate, benchmark; or is called `test` without being one of its tests (`test.py`) |
| has_pretrained_model | a file of weights (.pt, .ckpt, .safetensors, …), hubconf.py, or a README line on pretrained models, checkpoints or weights, or below such a heading, that links to a host of files or to weights |
| has_results_table | a table of the README (pipe, HTML or grid) has numbers in it and a word of measurement (accuracy, BLEU, error, …) in or just above it, or lies below a heading on results |
| has_tests | a folder `tests`, or a file named as test runners look for it (`test_x.py`, `x_test.go`, `x.test.js`, conftest.py) |
| has_ci | a workflow in .github, .gitlab-ci.yml, .travis.yml, .circleci, Jenkinsfile, … |
| has_dockerfile | the top two levels hold a Dockerfile, Containerfile, Apptainer or Singularity recipe, compose file or devcontainer |

What is found is known. What is not found is known to be missing only if all of the place was read: in a file
list that was cut off, in folders not listed and in half a README it is unknown, and so is the sum then.
"""  # noqa: E501  a table's row is one line

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.model import Record
from scraper.verdicts.patterns import lazily


class Files(NamedTuple):
    """Paths from the root, folders with `/` at the end."""

    paths: tuple[str, ...]
    top: bool
    """The top two levels are complete."""
    whole: bool
    """All levels are complete."""


class Readme(NamedTuple):
    text: str
    whole: bool


TICKS = (
    "has_dependencies",
    "has_training_code",
    "has_evaluation_code",
    "has_pretrained_model",
    "has_results_table",
)
"""The five of the checklist; `code_completeness` is how many are true."""

COLUMNS = (*TICKS, "has_tests", "has_ci", "has_dockerfile", "code_completeness")


def completeness(files: Files | None, readme: Readme | None) -> Record:
    """The columns that can be told; None for files or README is "not read"."""
    ticks = of_files(files) if files else {}
    return with_readme(ticks, readme, bool(files and files.whole)) if readme else ticks


def of_files(files: Files) -> Record:
    """What the file list tells. A model that is not among the files may still be linked from the README."""
    paths = tuple(path.lower() for path in files.paths)
    top = [path for path in paths if path.rstrip("/").count("/") <= 1]
    code = [path for path in paths if _CODE.search(path)]
    scripts = [path for path in code if not _is_test(path)]
    found = {
        "has_dependencies": (any(map(_DEPENDENCIES.search, top)), files.top),
        "has_training_code": (any(map(_is_training, scripts)), files.whole),
        "has_evaluation_code": (any(map(_is_evaluation, scripts)), files.whole),
        "has_pretrained_model": (any(map(_WEIGHTS.search, paths)), False),
        "has_tests": (any(map(_TEST_FOLDER.search, paths)) or any(map(_is_test, code)), files.whole),
        "has_ci": (any(map(_CI.search, paths)), files.top),
        "has_dockerfile": (any(map(_CONTAINER.search, top)), files.top),
    }
    return {name: yes for name, (yes, all_read) in found.items() if yes or all_read}


def with_readme(ticks: Record, readme: Readme, whole: bool) -> Record:
    """The columns of the files and the README together; `whole`: the ticks are of all files."""
    lines = tuple(line[:_LONGEST] for line in readme.text[:_MOST].splitlines())
    read = readme.whole and len(readme.text) <= _MOST
    linked = _links_weights(lines) or ticks.get("has_pretrained_model") is True
    results = _has_results(lines)
    told = {"has_pretrained_model": (linked, whole and read), "has_results_table": (results, read)}
    return total(ticks | {name: yes for name, (yes, all_read) in told.items() if yes or all_read})


def total(record: Record) -> Record:
    """The record with `code_completeness`, or without when any of the five is unknown."""
    ticks = [record.get(name) for name in TICKS]
    rest = {name: value for name, value in record.items() if name != "code_completeness"}
    return rest if None in ticks else {**rest, "code_completeness": sum(map(bool, ticks))}


_CODE = lazily(
    r"\.(py|ipynb|sh|bash|lua|jl|r|rmd|m|c|cc|cpp|cu|java|kt|scala|js|mjs|ts|go|rs|swift|cs|hs|ml|rb|pl|nim)$"
)

_DEPENDENCIES = lazily(
    r"""(^|/)(
    [^/]*requirements?[^/]*\.(txt|in|pip|ya?ml) | requirements/ | (conda[-_.]?)?env(ironment)?[^/]*\.ya?ml
    | conda[^/]*\.ya?ml | setup\.(py|cfg) | pyproject\.toml | pipfile(\.lock)? | poetry\.lock | uv\.lock
    | pixi\.toml | package\.json | (juliaproject|project|manifest)\.toml | renv\.lock | description
    | cargo\.toml | go\.mod | pom\.xml | build\.(gradle(\.kts)?|sbt) | cmakelists\.txt | conanfile\.(txt|py)
    | vcpkg\.json | gemfile | package\.swift | [^/]+\.(csproj|cabal|opam|rockspec) | stack\.yaml | flake\.nix
    )$""",
    re.VERBOSE,
)

_TRAINING = {"train", "trains", "trainer", "training", "pretrain", "pretraining", "finetune", "finetuning"}
_EVALUATION = {
    *("eval", "evals", "evaluate", "evaluator", "evaluating", "evaluation", "evaluations"),
    *("validate", "validation", "benchmark", "benchmarks"),
}


def _words(path: str) -> tuple[set[str], set[str]]:
    """The words of a file's name and of the folders it lies in: `src/train_net.py` -> {train, net}, {src}."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0]
    joined = re.sub(r"(pre|fine)[-_](?=train|tun)", r"\1", f"{folder}\n{stem}")
    folder, _, stem = joined.partition("\n")
    return set(re.split(r"[^a-z]+", stem)), set(re.split(r"[^a-z]+", folder))


def _is_training(path: str) -> bool:
    name, folders = _words(path)
    return bool(_TRAINING & (name | folders)) and not _EVALUATION & name


def _is_evaluation(path: str) -> bool:
    name, folders = _words(path)
    return bool(_EVALUATION & (name | folders)) or name == {"test"}


_TEST_FOLDER = lazily(r"(^|/)(tests|unit_?tests?|__tests__)/")
_TEST_FILE = lazily(
    r"(^|/)(test_[^/]+\.py|conftest\.py|[^/]+_test\.[a-z]+|[^/]+\.(test|spec)\.[a-z]+|tests?/[^/]*test[^/]*\.[a-z]+)$"
)


def _is_test(path: str) -> bool:
    return bool(_TEST_FOLDER.search(path) or _TEST_FILE.search(path))


_CI = lazily(
    r"""^(\.github/workflows/ | \.gitlab-ci\.ya?ml$ | \.travis\.ya?ml$ | \.circleci/ | azure-pipelines\.ya?ml$
    | \.?appveyor\.ya?ml$ | jenkinsfile$ | \.drone\.ya?ml$ | \.cirrus\.ya?ml$ | bitbucket-pipelines\.ya?ml$
    | \.buildkite/ | \.woodpecker(/|\.ya?ml$) | \.semaphore/ | \.forgejo/workflows/ | \.gitea/workflows/)""",
    re.VERBOSE,
)

_CONTAINER = lazily(
    r"(^|/)((dockerfile|containerfile)([._-][^/]*)?|[^/]*\.dockerfile|(docker-)?compose[^/]*\.ya?ml"
    r"|singularity([._-][^/]*)?|apptainer([._-][^/]*)?|[^/]+\.def|devcontainer\.json)$"
)

_EXTENSIONS = r"\.(pt|pth|ckpt|caffemodel|safetensors|onnx|tflite|pb|weights|params|gguf|mlmodel|keras|t7)"
_WEIGHTS = lazily(
    rf"{_EXTENSIONS}(\.(gz|zip|tar|tgz|xz))?(\.(index|meta))?$|(^|/)hubconf\.py$"
    r"|(^|/)[^/]*(pre-?trained|checkpoints?|weights|model)[^/]*\.(h5|hdf5|pkl|pickle|npz|bin|tar|tar\.gz|zip)$"
)

_SPEAKS_OF_WEIGHTS = lazily(
    r"pre-?\s?trained|\bcheckpoints?\b|\bweights\b|trained\s+(\w+\s+)?(models?|networks?)|model\s*zoo", re.I
)
_ADDRESS = lazily(r"https?://[^\s)>\]\"']+", re.I)
_PLACE_OF_WEIGHTS = lazily(
    rf"""drive\.google\.com | docs\.google\.com/uc | dropbox(usercontent)?\.com | zenodo\.org
    | huggingface\.co | //hf\.co | 1drv\.ms | onedrive\.live\.com | sharepoint\.com | amazonaws\.com
    | storage\.googleapis\.com | figshare\.com | /releases/(download|tag|latest) | modelscope\.cn
    | tfhub\.dev | pan\.baidu\.com | mega\.nz | app\.box\.com | osf\.io | dl\.fbaipublicfiles\.com
    | blob\.core\.windows\.net | kaggle\.com/models | {_EXTENSIONS}(?=[?\#.,;]|$)""",
    re.VERBOSE | re.I,
)
_HEADING = lazily(r"^\s{0,3}#{1,6}\s|^\s*<h[1-6]\b", re.I)
_UNDERLINE = lazily(r"^([=\-~^\"*+#])\1{2,}\s*$")
_LONGEST = 2000
"""Characters of a README line that are looked at; a longer one is data, not prose."""
_MOST = 200_000
"""Characters of a README that are looked at: seconds of work at the worst, for a README made to be slow."""


def _headings(lines: tuple[str, ...]) -> list[str]:
    """For each line the heading it stands below (Markdown, HTML or underlined), itself for a heading."""
    current, result = "", []
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if _HEADING.match(line) or (line.strip() and _UNDERLINE.match(below) and "|" not in line):
            current = line
        result.append(current)
    return result


def _links_weights(lines: tuple[str, ...]) -> bool:
    return any(
        (_SPEAKS_OF_WEIGHTS.search(line) or _SPEAKS_OF_WEIGHTS.search(heading))
        and any(_PLACE_OF_WEIGHTS.search(url) for url in _ADDRESS.findall(line))
        for line, heading in zip(lines, _headings(lines), strict=True)
    )


_ROW = lazily(r"^\s*(\|.*\||[^|\s][^|]*\|[^|]*.*|\+[-=+]{3,}\+)\s*$|<t[dh]\b", re.I)
_NUMBER = lazily(r"(?<![\w.])[~<>±≈]?\d+([.,]\d+)?\s*(%|±|\+/-|\\pm|\b)")
_MEASURES = lazily(
    r"""\b(acc(uracy)?|top-?[15]|err(or)?s?|results?|scores?|f1|m?ap|miou|iou|bleu|rouge(-\w)?|fid|is|auc|auroc|psnr
    |ssim|perplexity|ppl|nll|rmse|mse|mae|precision|recall|reward|return|wer|cer|em|nmi|loss|bits/dim|bpc|bpd
    |hits@?\d*|mrr|ndcg|r2|dice|success(\s+rate)?|performance|reproduced?)\b""",
    re.VERBOSE | re.I,
)
_RESULTS = lazily(
    r"\b(results?|performance|leaderboard|benchmarks?|model\s*zoo|evaluation|reproduc\w*)\b", re.I
)


def _has_results(lines: tuple[str, ...]) -> bool:
    headings = _headings(lines)
    return any(_is_results(lines, start, end, headings[start]) for start, end in _tables(lines))


def _tables(lines: tuple[str, ...]) -> list[tuple[int, int]]:
    """(first, behind the last) of each run of two or more lines that look like rows of a table."""
    tables, start = [], None
    for number, line in enumerate((*lines, "")):
        row = bool(_ROW.search(line)) or (start is not None and "<" in line)
        if row and start is None:
            start = number
        elif not row and start is not None:
            if number - start >= 2 or "<td" in lines[start].lower():
                tables.append((start, number))
            start = None
    return tables


def _is_results(lines: tuple[str, ...], start: int, end: int, heading: str) -> bool:
    cells = (re.sub(r"<t[dh]\b[^<>]*>", "|", line, flags=re.I) for line in lines[start:end])
    rows = [re.sub(r"https?://\S+|<[^<>]*>", " ", line) for line in cells]
    above = next((line for line in reversed(lines[max(0, start - 3) : start]) if line.strip()), "")
    named = any(map(_MEASURES.search, (*rows[:2], above))) or _RESULTS.search(heading)
    numbers = any(_NUMBER.search(cell) for row in rows for cell in re.split(r"[|]|\s{2,}", row)[1:])
    return bool(named and numbers)
