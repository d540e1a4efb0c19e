from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.columns import LINKS
from scraper.sites.github.completeness import (
    COLUMNS,
    TICKS,
    Files,
    Readme,
    completeness,
    of_files,
    total,
    with_readme,
)


def files(*paths: str, top: bool = True, whole: bool = True) -> Files:
    return Files(paths, top, whole)


def readme(text: str, whole: bool = True) -> Readme:
    return Readme(text, whole)


def true_of(path: str) -> set[str]:
    return {name for name, value in of_files(files(path)).items() if value}


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("requirements.txt", {"has_dependencies"}),
        ("requirements-dev.txt", {"has_dependencies"}),
        ("gpu-src/requirements.txt", {"has_dependencies"}),
        ("environment.yml", {"has_dependencies"}),
        ("conda_env.yaml", {"has_dependencies"}),
        ("Pipfile", {"has_dependencies"}),
        ("Project.toml", {"has_dependencies"}),
        ("a/b/c/requirements.txt", set()),
        ("train.py", {"has_training_code"}),
        ("src/train_search.py", {"has_training_code"}),
        ("scripts/pre-train.sh", {"has_training_code"}),
        ("src/optim/DeepSAD_trainer.py", {"has_training_code"}),
        ("training/loop.jl", {"has_training_code"}),
        ("notebooks/Fine-Tuning.ipynb", {"has_training_code"}),
        ("data/train/images.txt", set()),
        ("constraint.py", set()),
        ("restrain.py", set()),
        ("eval.py", {"has_evaluation_code"}),
        ("evaluate_model.py", {"has_evaluation_code"}),
        ("src/evaluation/test.py", {"has_evaluation_code"}),
        ("test.py", {"has_evaluation_code"}),
        ("benchmarks/run.sh", {"has_evaluation_code"}),
        ("medieval.py", set()),
        ("tests/test_train.py", {"has_tests"}),
        ("test_model.py", {"has_tests"}),
        ("pkg/layer_test.go", {"has_tests"}),
        ("src/app.spec.ts", {"has_tests"}),
        ("test/resnet.py", set()),
        ("model/space2vec.pth", {"has_pretrained_model"}),
        ("save/model.npz", {"has_pretrained_model"}),
        ("data/embeddings.npz", set()),
        ("hubconf.py", {"has_pretrained_model"}),
        ("pretrained/resnet.tar.gz", set()),
        ("pretrained_resnet.tar.gz", {"has_pretrained_model"}),
        (".github/workflows/", {"has_ci"}),
        (".github/workflows/ci.yml", {"has_ci"}),
        (".travis.yml", {"has_ci"}),
        (".github/ISSUE_TEMPLATE.md", set()),
        ("Dockerfile", {"has_dockerfile"}),
        ("docker/Dockerfile.gpu", {"has_dockerfile"}),
        ("README.md", set()),
        ("main.py", set()),
    ],
)
def test_what_a_path_is_taken_for(path: str, columns: set[str]) -> None:
    assert true_of(path) == columns


@pytest.mark.parametrize(
    "text",
    [
        "| Model | Accuracy |\n|---|---|\n| ours | 93.1 |",
        "## Results\n\n| Method | CIFAR-10 | SVHN |\n|:--|:-:|:-:|\n| DARTS | 2.95 ± 0.1 | 2.4 |",
        "## Results\n\nMethod | CIFAR-10\n--- | ---\nDARTS | 2.95",
        "Test errors:\n\n| | C10 |\n|---|---|\n| a | 97.2% |",
        "<h2>Results</h2>\n<table>\n<tr><th>Model</th><th>n</th></tr>\n<tr><td>a</td>\n<td>91.4</td></tr>\n</table>",
        "Results\n=======\n\n+-----+------+\n| net | x    |\n+=====+======+\n| a   | 91.2 |\n+-----+------+",
    ],
)
def test_tables_of_results(text: str) -> None:
    assert with_readme({}, readme(text), whole=True)["has_results_table"] is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We reach an accuracy of 93.1 %.",
        "| Flag | Default |\n|---|---|\n| --lr | 0.1 |",
        "| File | Meaning |\n|---|---|\n| train.py | accuracy of the model |",
        "Use `a | b` to pipe the results, 3 times.",
        "## Results\n\n| Figure | File |\n|---|---|\n| left | [link](https://a.example/9.png) |",
    ],
)
def test_what_is_no_table_of_results(text: str) -> None:
    assert with_readme({}, readme(text), whole=True)["has_results_table"] is False


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Download the pretrained models [here](https://drive.google.com/open?id=1).", True),
        ("## Pre-trained models\n\n* [ResNet](https://zenodo.org/record/1)", True),
        ("Trained networks: https://example.org/files/resnet.pth.", True),
        ("[checkpoint](https://huggingface.co/a/b)", True),
        ("Checkpoints are written to `out/`.", False),
        ("The data is on [Drive](https://drive.google.com/open?id=1).", False),
        ("## Weights\n\nSee [the paper](https://arxiv.org/abs/1).", False),
        ("## Model zoo\n\nSoon.\n\n## Data\n\n[archive](https://zenodo.org/record/1)", False),
    ],
)
def test_links_to_models(text: str, linked: bool) -> None:
    assert with_readme({}, readme(text), whole=True)["has_pretrained_model"] is linked


def test_the_sum_is_that_of_the_five_ticks() -> None:
    paths = files(
        "requirements.txt", "train.py", "eval.py", "a.pth", "tests/test_a.py", "Dockerfile", ".travis.yml"
    )
    table = readme("| Model | Accuracy |\n|---|---|\n| ours | 93.1 |")
    record = completeness(paths, table)
    assert record == {**dict.fromkeys(COLUMNS, True), "code_completeness": 5}
    assert completeness(files(), readme("")) == {**dict.fromkeys(COLUMNS, False), "code_completeness": 0}


def test_unknown_is_not_zero() -> None:
    assert completeness(None, None) == {}
    only_files = completeness(files("train.py"), None)
    assert "code_completeness" not in only_files
    assert "has_pretrained_model" not in only_files, "it may be linked from the README"
    assert only_files["has_evaluation_code"] is False


def test_in_a_list_that_was_cut_off_only_what_is_found_is_known() -> None:
    cut = completeness(files("train.py", top=False, whole=False), readme("", whole=False))
    assert cut == {"has_training_code": True}
    shallow = completeness(files("train.py", "src/deep/", top=True, whole=False), readme(""))
    assert shallow["has_dependencies"] is False
    assert "has_evaluation_code" not in shallow
    assert "code_completeness" not in shallow


def test_a_sum_is_taken_back_when_a_tick_becomes_unknown() -> None:
    assert total({"has_tests": True, "code_completeness": 3}) == {"has_tests": True}
    assert total(dict.fromkeys(TICKS, True))["code_completeness"] == 5


def test_every_key_is_a_column() -> None:
    assert set(COLUMNS) <= {column.name for column in LINKS.columns}


@given(
    st.lists(st.text(max_size=30), max_size=8),
    st.text(alphabet="|-+= \n<td>accuracy 9.1#", max_size=300),
    st.booleans(),
)
def test_nothing_makes_it_raise_and_the_sum_never_exceeds_what_is_true(
    paths: list[str], text: str, whole: bool
) -> None:
    record = completeness(Files(tuple(paths), whole, whole), Readme(text, whole))
    if "code_completeness" in record:
        assert record["code_completeness"] == sum(record[name] for name in TICKS)


def test_of_a_readme_without_end_only_the_beginning_is_looked_at() -> None:
    lines = ["https://" * 2_000, "|" * 50_000, "<td" * 20_000, "1" * 50_000, "# " + "pre" * 20_000] * 50
    assert (
        completeness(files(), readme("\n".join(lines))).keys() & {"has_results_table", "has_pretrained_model"}
        == set()
    )
    table = "| Model | Accuracy |\n|---|---|\n| ours | 93.1 |\n"
    found = completeness(files(), readme(table + "\n".join(lines)))
    assert found["has_results_table"] is True
    assert "code_completeness" not in found
