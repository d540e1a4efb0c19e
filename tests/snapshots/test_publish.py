from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import NotPublished, SettingsError, SnapshotError, UsageError
from scraper.snapshots import snapshot as snapshots
from scraper.snapshots.package import Package
from scraper.snapshots.publish import Published, publish
from scraper.snapshots.retention import Keep
from scraper.snapshots.snapshot import Snapshot
from scraper.snapshots.tables import Row

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
ABOUT = Package("Reading-List", "A list", "https://blog.example/list", NOW, ["github", "openreview"])
LICENCE = {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}


def tables(title: str = "NA", elapsed: int = 12, count: int = 3) -> dict[str, list[Row]]:
    names = [f"openreview:{number:05}" for number in range(count)]
    links: list[Row] = [
        {
            "target": name,
            "url": f"https://openreview.net/forum?id={name[-5:]}",
            "site": "openreview",
            "health": "alive",
            "reason": "ok",
            "confirmed_dead": False,
            "first_seen": "2026-11-23T07:00:00Z",
            "title": title,
            "authors": ["Ada", "Grace"],
            "rating_mean": 6.67,
            "ratings": ["6", "8", "6"],
        }
        for name in names
    ]
    return {
        "links": links,
        "papers": [
            {"number": 1, "first_line": 3, "paper_target": names[0], "title": title, "code_source": ""}
        ],
        "history": [{"target": name, "as_of": "2026-11-23T07:00:00Z", "health": "alive"} for name in names],
        "mentions": [
            {"line": 3, "href": "x", "url": "x", "target": names[0]},
            {"line": 4, "target": names[0]},
        ],
        "checks": [
            {"target": name, "health": "alive", "elapsed_ms": elapsed, "requests": 0.02} for name in names
        ],
    }


def put(data: Path, day: int = 0, keep: int = 0, **changes: Any) -> Published:
    return publish(
        data, replace(ABOUT, created=NOW + timedelta(days=day)), tables(**changes), keep=Keep(keep)
    )


def test_a_snapshot_is_whole_and_latest_points_to_it(tmp_path: Path) -> None:
    published = put(tmp_path)
    folder = tmp_path / "snapshots" / "Reading-List"
    assert published.path == folder / "2026-11-23T07-00-00Z"
    assert (folder / "latest").readlink() == Path("2026-11-23T07-00-00Z")
    assert {entry.name for entry in published.path.iterdir()} == {
        "links.csv",
        "papers.csv",
        "mentions.csv",
        "checks.csv",
        "history.csv",
        "datapackage.json",
    }
    assert {entry.name for entry in folder.iterdir()} == {"latest", "2026-11-23T07-00-00Z"}
    assert (published.previous, published.changed) == (None, ("history", "links", "mentions", "papers"))
    assert all(entry.stat().st_mode & 0o044 for entry in published.path.iterdir()), "others may read it"


def test_the_same_web_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = put(tmp_path), put(tmp_path, day=1, elapsed=99)
    assert (second.previous, second.changed) == (first.path, ())
    for name in ("links.csv", "papers.csv", "mentions.csv", "datapackage.json"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes()
    assert Snapshot.at(first.path).started < Snapshot.at(second.path).started
    assert Snapshot.at(second.path).package["created"] == "2026-11-23T07:00:00Z"
    third = put(tmp_path, day=2, title="Other")
    assert Snapshot.at(third.path).package["created"] == "2026-11-25T07:00:00Z"


@pytest.mark.parametrize("damage", [b"", b"[]", b"5", b"{}", b'{"created": 5}'])
def test_a_damaged_descriptor_before_is_no_matter(tmp_path: Path, damage: bytes) -> None:
    (put(tmp_path).path / "datapackage.json").write_bytes(damage)
    assert Snapshot.at(put(tmp_path, day=1).path).package["created"] == "2026-11-24T07:00:00Z"


def test_a_copy_in_a_folder_of_another_name_has_the_time_of_its_package(tmp_path: Path) -> None:
    copy = put(tmp_path).path.rename(tmp_path / "copy")
    assert Snapshot.at(copy).started == Snapshot.at(copy).started.replace(hour=7, minute=0)


def test_what_changed_is_said(tmp_path: Path) -> None:
    put(tmp_path)
    assert put(tmp_path, day=1, title="Other").changed == ("links", "papers")


def test_two_runs_in_one_second_and_a_clock_set_back(tmp_path: Path) -> None:
    names = [put(tmp_path, day=day).path.name for day in (0, 0, 0, -1)]
    assert names == [
        "2026-11-23T07-00-00Z",
        "2026-11-23T07-00-00Z.1",
        "2026-11-23T07-00-00Z.2",
        "2026-11-22T07-00-00Z",
    ]
    assert snapshots.find(tmp_path, "Reading-List").name == "2026-11-22T07-00-00Z"


def test_only_the_last_snapshots_are_kept_and_always_the_newest(tmp_path: Path) -> None:
    for day in range(4):
        put(tmp_path, day=day, keep=2)
    folder = tmp_path / "snapshots" / "Reading-List"
    assert [path.name[:10] for path in snapshots.listing(folder)] == ["2026-11-25", "2026-11-26"]
    put(tmp_path, day=-9, keep=1)
    assert [path.name[:10] for path in snapshots.listing(folder)] == ["2026-11-14"]
    assert snapshots.find(tmp_path, "Reading-List").name[:10] == "2026-11-14"


def test_what_a_kill_left_is_swept(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots" / "Reading-List"
    (folder / ".tmp-1").mkdir(parents=True)
    (folder / ".tmp-1" / "links.csv").write_text("half")
    (folder / ".tmp-latest").symlink_to("nowhere")
    put(tmp_path)
    assert not list(folder.glob(".tmp*"))


def failing(rows: list[Row]) -> Iterator[Row]:
    yield from rows
    raise NotPublished("the store is damaged")


def test_a_failure_in_the_middle_leaves_the_old_snapshot(tmp_path: Path) -> None:
    first = put(tmp_path)
    with pytest.raises(NotPublished, match="the store is damaged"):
        publish(tmp_path, ABOUT, tables() | {"papers": failing([])})
    folder = tmp_path / "snapshots" / "Reading-List"
    assert {entry.name for entry in folder.iterdir()} == {"latest", first.path.name}
    assert snapshots.find(tmp_path, "Reading-List").damaged() == []


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "", "-rf", "a\nb", "x" * 300, "é"])
def test_names_that_cannot_name_a_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a folder"):
        publish(tmp_path, replace(ABOUT, name=name), tables())
    assert not list(tmp_path.iterdir())


def test_a_folder_in_place_of_the_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / "Reading-List" / "latest").mkdir(parents=True)
    with pytest.raises(NotPublished, match="latest is not the link that scraper makes"):
        put(tmp_path)


def test_a_file_in_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("")
    with pytest.raises(NotPublished, match=r"Cannot write the snapshot of Reading-List .* move it away"):
        put(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=256k", "none", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("mounting a tmpfs is not permitted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_fills_up_at_any_step_leaves_the_old_snapshot(small_disk: Path) -> None:
    """The room left grows by one page at a time, so that each write is the one that fails."""
    first = put(small_disk)
    whole = {entry.name: entry.read_bytes() for entry in first.path.iterdir()}
    outcomes = set()
    for pages in range(24):
        fill(small_disk, leave=pages * 4096)
        try:
            outcomes.add(put(small_disk, day=1 + pages, keep=1, title="x" * 500).path.name[:4])
            break
        except NotPublished as error:
            outcomes.add("refused")
            assert re.fullmatch(
                r"Cannot write .*no space is left on the device, .*; free some and run again\.", str(error)
            )
            assert snapshots.find(small_disk, "Reading-List").path.name == first.path.name
            assert {entry.name: entry.read_bytes() for entry in first.path.iterdir()} == whole
    assert outcomes == {"refused", "2026"}


def fill(disk: Path, *, leave: int) -> None:
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    with filler.open("wb", buffering=0) as handle:
        try:
            while True:
                handle.write(b"\0" * 4096)
        except OSError:
            handle.truncate(max(handle.tell() - leave, 0))


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    first = put(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(NotPublished, match="the file system is read-only"):
        put(small_disk, day=1)
    assert snapshots.find(small_disk, "Reading-List").path.name == first.path.name


def test_an_old_snapshot_that_cannot_be_removed_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(1, "Operation not permitted")

    rename = Path.rename
    monkeypatch.setattr(
        Path, "rename", lambda self, target: (rename if ".tmp" in self.name else refuse)(self, target)
    )
    with caplog.at_level(logging.WARNING):
        published = put(tmp_path, day=1, keep=1)
    assert published.path.is_dir()
    assert "2026-11-23T07-00-00Z stays: the system does not permit it" in caplog.text


def validate(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_frictionless_finds_nothing_wrong(tmp_path: Path) -> None:
    published = publish(tmp_path, replace(ABOUT, licenses=[LICENCE]), tables(), parquet=True)
    done = validate(published.path)
    report = json.loads(done.stdout)
    assert (report["valid"], report["errors"], done.returncode) == (True, [], 0)
    assert [task["type"] for task in report["tasks"]] == ["table", "file"] * 5
    assert [task["errors"] for task in report["tasks"]] == [[]] * 10


def test_frictionless_finds_an_edited_table(tmp_path: Path) -> None:
    published = put(tmp_path)
    links = published.path / "links.csv"
    links.write_text(links.read_text().replace("alive", "zombie"))
    done = validate(published.path)
    assert done.returncode == 1
    assert {"hash-count", "constraint-error"} & {
        error["type"] for task in json.loads(done.stdout)["tasks"] for error in task["errors"]
    }


def test_the_package_says_what_there_is(tmp_path: Path) -> None:
    package = Snapshot.at(publish(tmp_path, replace(ABOUT, licenses=[LICENCE]), tables()).path).package
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (package["name"], package["title"], package["version"]) == ("reading-list", "A list", "1.0.0")
    assert (package["created"], package["licenses"]) == ("2026-11-23T07:00:00Z", [LICENCE])
    assert [source["title"] for source in package["sources"]] == ["A list", "OpenReview", "GitHub"]
    links, *_, checks = package["resources"]
    assert links["schema"]["primaryKey"] == ["target"]
    assert links["bytes"] > 0
    assert re.fullmatch("sha256:[0-9a-f]{64}", links["hash"])
    assert {"bytes", "hash"}.isdisjoint(checks)


def test_the_path_of_a_local_article_is_not_published(tmp_path: Path) -> None:
    about = replace(ABOUT, source="/home/somebody/secret/list.md")
    assert "secret" not in (publish(tmp_path, about, tables()).path / "datapackage.json").read_text()


def test_parquet_keeps_the_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    path = publish(tmp_path, ABOUT, tables(), parquet=True).path
    rows = parquet.read_table(path / "links.parquet").to_pylist()
    assert rows[0]["authors"] == ["Ada", "Grace"]
    assert rows[0]["first_seen"] == NOW
    assert (rows[0]["title"], rows[0]["stars"], rows[0]["keywords"]) == ("NA", None, None)
    assert parquet.read_table(path / "papers.parquet").num_rows == 1


def test_parquet_is_exact_where_a_cell_cannot_be(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    links = {
        "target": "a",
        "health": "alive",
        "keywords": ["x; y", "z"],
        "archived": False,
        "stars": 2**53 + 1,
    }
    rows = {"links": [links], "papers": [], "mentions": [], "checks": []}
    path = publish(tmp_path, ABOUT, rows, parquet=True).path
    [row] = parquet.read_table(path / "links.parquet").to_pylist()
    assert (row["keywords"], row["archived"], row["stars"]) == (["x; y", "z"], False, 2**53 + 1)
    assert b"x, y; z" in (path / "links.csv").read_bytes()


def test_parquet_without_pyarrow_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r"needs pyarrow: `pip install 'paperlinks\[parquet\]'`"):
        publish(tmp_path, ABOUT, tables(), parquet=True)
    assert not list((tmp_path / "snapshots" / "Reading-List").iterdir())


def test_finding_a_snapshot(tmp_path: Path) -> None:
    for day in (0, 0, 1):
        put(tmp_path, day=day)

    def found(which: str) -> str:
        return snapshots.find(tmp_path, "Reading-List", which).name

    assert found("latest") == "2026-11-24T07-00-00Z"
    assert found("2026-11-24") == found("2026-11-24T07:00:00Z") == "2026-11-24T07-00-00Z"
    assert found("2026-11-23T07-00-00Z") == "2026-11-23T07-00-00Z", "its exact name, though another begins so"
    assert found(str(tmp_path / "snapshots" / "Reading-List" / "latest")) == "latest"
    with pytest.raises(SnapshotError, match="may mean several"):
        found("2026-11-23")
    with pytest.raises(SnapshotError, match="There is no snapshot '2020'"):
        found("2020")
    with pytest.raises(SnapshotError, match="no snapshot of nothing"):
        snapshots.find(tmp_path, "nothing")
    assert snapshots.articles(tmp_path) == ["Reading-List"]


def test_the_snapshot_before(tmp_path: Path) -> None:
    paths = [put(tmp_path, day=day).path for day in range(3)]
    before = snapshots.before(Snapshot.at(paths[2]))
    assert before is not None
    assert before.path == paths[1]
    assert snapshots.before(Snapshot.at(paths[0])) is None


def test_a_lost_link_is_no_lost_snapshot(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "snapshots" / "Reading-List" / "latest").unlink()
    assert snapshots.find(tmp_path, "Reading-List").name == "2026-11-23T07-00-00Z"


def test_damage_is_found_by_hash(tmp_path: Path) -> None:
    published = put(tmp_path)
    assert Snapshot.at(published.path).damaged() == []
    with (published.path / "links.csv").open("a") as handle:
        handle.write("edited")
    (published.path / "papers.csv").unlink()
    assert Snapshot.at(published.path).damaged() == ["links.csv", "papers.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not a snapshot"),
        ("", "is damaged"),
        ("[]", "is damaged"),
        ('{"version": "x"}', "is damaged"),
        ('{"version": "2.0.0"}', "columns of version 2, this scraper reads version 1"),
    ],
)
def test_other_descriptors_are_refused(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "datapackage.json").write_text(content)
    with pytest.raises(SnapshotError, match=message):
        Snapshot.at(tmp_path)


def test_rows_come_back_as_plain_values(tmp_path: Path) -> None:
    rows = list(Snapshot.at(put(tmp_path).path).rows("links", ("target", "stars", "title", "confirmed_dead")))
    assert rows[0] == {"target": "openreview:00000", "stars": None, "title": "NA", "confirmed_dead": False}
