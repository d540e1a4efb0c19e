"""Models, datasets and Spaces: which addresses mean one, and what the Hub's answers say of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from memories import Memories
from running import article_of, run_in

from scraper.model import Answer, Question, Reading
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites.huggingface.repositories import HuggingFace, record_of
from scraper.sites.identity import identify
from scraper.sites.licences import license_columns


@pytest.mark.parametrize(
    ("url", "key", "kind"),
    [
        ("https://huggingface.co/google/gemma-2b", "huggingface:google/gemma-2b", "model"),
        ("huggingface.co/Google/Gemma-2B/", "huggingface:google/gemma-2b", "model"),
        ("https://hf.co/google/gemma-2b", "huggingface:google/gemma-2b", "model"),
        ("https://huggingface.co/google/gemma-2b/tree/main", "huggingface:google/gemma-2b", "model"),
        ("https://huggingface.co/datasets/squad", "huggingface:datasets/squad", "dataset"),
        ("https://huggingface.co/datasets/a/b?row=1#x", "huggingface:datasets/a/b", "dataset"),
        ("https://huggingface.co/spaces/a/b", "huggingface:spaces/a/b", "space"),
    ],
)
def test_a_repository_is_known_by_its_front_page(url: str, key: str, kind: str) -> None:
    target = identify(url)
    assert (target.key, target.kind) == (key, kind)
    assert identify(target.url) == target


@pytest.mark.parametrize(
    "url",
    [
        "https://huggingface.co/",
        "https://huggingface.co/google",
        "https://huggingface.co/bert-base-uncased",
        "https://huggingface.co/docs/transformers",
        "https://huggingface.co/blog/some-post",
        "https://huggingface.co/spaces",
        "https://huggingface.co/google/gemma-2b/blob/main/config.json",
        "https://huggingface.co/google/gemma-2b/discussions/3",
        "https://huggingface.co/..%2f/x",
    ],
)
def test_other_pages_of_the_hub_stay_pages(url: str) -> None:
    assert identify(url).site == "web"


def test_the_papers_of_the_hub_are_preprints() -> None:
    assert identify("https://huggingface.co/papers/1706.03762").key == "arxiv:1706.03762"


def read(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, memory: Memories | None = None
) -> Reading:
    site = HuggingFace(Settings(), memory or Memories())
    (question,) = site.ask([identify(MODEL)])
    asked = question.request.url
    return site.read(question, Answer(asked, asked, status, headers or {}, body))


MODEL = "https://huggingface.co/o/model"


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (401, {"x-error-code": "RepoNotFound"}, "not_found"),
        (401, {}, "not_found"),
        (404, {}, "not_found"),
        (403, {"x-error-message": "Access to this resource is disabled."}, "repository_blocked"),
        (403, {}, "no_answer"),
        (429, {}, "rate_limited"),
        (500, {}, "no_answer"),
        (200, {}, "bad_answer"),
        (307, {"location": "https://elsewhere.test/x"}, "no_answer"),
    ],
)
def test_what_the_hub_does_not_give_is_told_apart(status: int, headers: dict[str, str], reason: str) -> None:
    (found,) = read(status, b"{}", headers).findings
    assert found.reason == reason


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_page_instead_of_the_hubs_word_denies_nothing(status: int) -> None:
    (found,) = read(status, b"<!doctype html><title>404</title><h1>Not Found</h1>").findings
    assert (found.health, found.reason) == ("unverified", "no_answer")


def test_a_repository_that_was_known_and_is_no_more_says_so() -> None:
    memory = Memories(records={"huggingface:o/model": {"full_name": "o/model"}})
    (found,) = read(401, b'{"error": "Invalid username or password."}', memory=memory).findings
    assert "it was there before" in found.detail


def test_a_redirect_of_the_api_is_a_new_name() -> None:
    (onward,) = read(307, headers={"location": "/api/models/n/model"}).questions
    assert onward.request.url == "https://huggingface.co/api/models/n/model"
    site = HuggingFace(Settings(), Memories())
    (found,) = site.read(onward, Answer("", "", 200, {}, b'{"id": "n/model"}')).findings
    assert (found.reason, found.suggested_url) == ("repository_renamed", "https://huggingface.co/n/model")
    assert found.record["previous_name"] == ["o/model"]


def test_redirects_without_end_are_given_up() -> None:
    site = HuggingFace(Settings(), Memories())
    (question,) = site.ask([identify(MODEL)])
    asked: list[Question] = [question]
    for _ in range(10):
        reading = site.read(asked[-1], Answer("", "", 307, {"location": "/api/models/n/model"}))
        if not reading.questions:
            break
        asked += reading.questions
    assert reading.findings[0].reason == "no_answer"


def test_a_name_that_differs_only_in_case_is_no_move() -> None:
    (found,) = read(200, b'{"id": "O/Model"}').findings
    assert found.reason == "confirmed_by_api"


@pytest.mark.parametrize("value", [None, "", [], {}, 3, True, "NaN", [None], {"a": [1]}])
@pytest.mark.parametrize(
    "name",
    ["likes", "downloads", "tags", "cardData", "lastModified", "createdAt", "gated", "runtime", "private"],
)
def test_no_type_of_a_field_ends_in_a_fault(name: str, value: Any) -> None:
    record = record_of({"id": "o/m", name: value})
    assert record["full_name"] == "o/m"


@pytest.mark.parametrize(
    ("card", "tags", "spdx"),
    [
        ("mit", ["license:apache-2.0"], "MIT"),
        (["mit"], [], "MIT"),
        (["mit", "apache-2.0"], ["license:mit", "license:apache-2.0"], "MIT"),
        ([], ["license:apache-2.0"], "Apache-2.0"),
    ],
)
def test_a_card_may_list_its_licences(card: object, tags: list[str], spdx: str) -> None:
    record = record_of({"id": "o/m", "cardData": {"license": card}, "tags": tags})
    assert (record["license_state"], record["license_spdx"]) == ("spdx", spdx)


@pytest.mark.parametrize(
    ("name", "state", "spdx"),
    [
        ("apache-2.0", "spdx", "Apache-2.0"),
        ("gpl-3.0-or-later", "spdx", "GPL-3.0"),
        ("cc-by-nc-sa-4.0", "spdx", "CC-BY-NC-SA-4.0"),
        ("odbl", "spdx", "ODbL-1.0"),
        ("cc-by-sa-2.5", "spdx", "CC-BY-SA-2.5"),
        ("cc-by-sa-2.5-au", "unrecognised", None),
        ("cern-ohl-s-2.0", "spdx", "CERN-OHL-S-2.0"),
        ("mulanpsl-2.0", "spdx", "MulanPSL-2.0"),
        ("cecill-b", "spdx", "CECILL-B"),
        ("llama2", "unrecognised", None),
        ("other", "unrecognised", None),
        ("", "none", None),
        (None, "none", None),
    ],
)
def test_licences_have_three_states(name: str | None, state: str, spdx: str | None) -> None:
    assert license_columns(name) == {"license_state": state, "license_spdx": spdx}


def test_the_whole_way_in_the_sandbox(tmp_path: Path) -> None:
    names = [
        *("tiny-model", "gated-model", "old-model", "private-model", "disabled-model", "no-model"),
        *("datasets/tiny-dataset", "spaces/tiny-space", "spaces/paused-space"),
    ]
    spelled = [name.replace("/", "/sandbox/") if "/" in name else f"sandbox/{name}" for name in names]
    with Sandbox() as sandbox:
        article = article_of(tmp_path, *(f"<https://huggingface.co/{name}>" for name in spelled))
        result, rows = run_in(sandbox, tmp_path, [article])
    found = {name: rows[f"huggingface:{spelled[place]}"] for place, name in enumerate(names)}
    assert {name: row["reason"] for name, row in found.items()} == {
        "tiny-model": "confirmed_by_api",
        "gated-model": "confirmed_by_api",
        "old-model": "repository_renamed",
        "private-model": "not_found",
        "disabled-model": "repository_blocked",
        "no-model": "not_found",
        "datasets/tiny-dataset": "confirmed_by_api",
        "spaces/tiny-space": "confirmed_by_api",
        "spaces/paused-space": "confirmed_by_api",
    }
    model = found["tiny-model"]
    assert (model["likes"], model["downloads"], model["license_spdx"]) == (12, 345, "Apache-2.0")
    assert model["last_commit_at"] == "2025-03-04T05:06:07Z"
    assert model["topics"] == ["pytorch", "transformers"]
    assert found["old-model"]["suggested_url"] == "https://huggingface.co/sandbox/renamed-model"
    assert "approve" in found["gated-model"]["notes"][0]
    assert "paused" in found["spaces/paused-space"]["notes"][0]
    assert found["datasets/tiny-dataset"]["title"] == "Tiny dataset of the sandbox"
    assert result.tally.requests["huggingface.co"] == len(names) + 1
