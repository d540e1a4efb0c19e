"""The store as a file: whatever is at its place is used or refused with words, never silently begun anew."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import StoreError, UsageError
from scraper.model import Article, Health, Mention, Outcome, Target, Verdict
from scraper.store import file, schema
from scraper.store.store import Store

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def outcome(name: str) -> Outcome:
    url = f"https://{name}.example/"
    target = Target(f"web:{url}", "web", "page", url, url)
    return Outcome(target, Verdict(Health.ALIVE, "ok"), NOW, {"title": name * 100}, "page")


def fill(store: Store, count: int) -> int:
    run = store.begin_run([Article("list", "list.md", "A list", ())], NOW)
    store.commit_many(run, [outcome(f"n{number}") for number in range(count)], NOW)
    return run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "scraper.db"


def refused(path: Path) -> str:
    """The one line with which the store at `path` is refused; what was there is still there."""
    content = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError) as caught, Store.open(path, wait=0.1) as store:
        fill(store, 1)
    if path.is_file():
        assert path.read_bytes() == content
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_a_new_store_says_so_and_an_old_one_is_used(path: Path) -> None:
    with Store.open(path) as store:
        assert store.created
        fill(store, 1)
    with Store.open(path) as store:
        assert not store.created
        assert len(store.history("web:https://n0.example/")) == 1
    assert [entry.name for entry in path.parent.iterdir()] == ["scraper.db"]


def test_without_create_a_missing_store_is_told(path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no store at .*scraper refresh"):
        Store.open(path, create=False)
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"hello, world", b"SQLite format 3\0", os.urandom(8192), b"\0" * 4096]
)
def test_garbage_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "move it away to begin with an empty history" in refused(path)


def test_a_truncated_store_is_refused(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, 200)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "is damaged" in refused(path)


def test_a_page_of_garbage_is_refused(path: Path) -> None:
    with Store.open(path) as store:
        fill(store, 200)
    content = bytearray(path.read_bytes())
    for page in range(5, len(content) // 4096 - 1):
        content[page * 4096 : page * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(content)
    assert "is damaged" in refused(path)


def test_damage_met_later_is_told_in_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        fill(store, 200)
    content = bytearray(path.read_bytes())
    kept = len(content) // 2  # the tables' own description among it: the store opens
    content[kept:] = b"\xa5" * (len(content) - kept)
    path.write_bytes(content)
    monkeypatch.setattr(file, "_SMALL", 0)  # as with a store too large to be checked on opening
    with Store.open(path) as store:
        assert store.check() != []
        with pytest.raises(StoreError, match=r"is damaged .*restore a backup"):
            fill(store, 300)


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE cookies (name)")
        database.commit()
    assert "belongs to another program" in refused(path)


def test_a_newer_store_is_refused(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    assert "written by a newer scraper (store version 99" in refused(path)


def test_a_store_whose_version_is_lost_is_not_made_anew_in_the_same_file(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 0")
    assert "is damaged (its version number is lost): restore a backup" in refused(path)


def test_an_older_store_is_migrated_and_keeps_what_it_knows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        fill(store, 1)
    later = "ALTER TABLE record ADD COLUMN colour TEXT;\nCREATE INDEX record_by_colour ON record (colour);\n"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, later))
    with Store.open(path) as store:
        assert len(store.history("web:https://n0.example/")) == 1
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
        assert database.execute("SELECT count(colour) FROM record").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(path).close()
    broken = "ALTER TABLE record ADD COLUMN colour TEXT;\nALTER TABLE absent ADD COLUMN x TEXT;\n"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(StoreError, match="no such table"):
            Store.open(path)
    with Store.open(path) as store:
        fill(store, 1)


def test_a_folder_in_its_place_and_a_lone_journal_are_refused(path: Path, tmp_path: Path) -> None:
    path.mkdir()
    assert "is a folder" in refused(path)
    other = tmp_path / "other.db"
    Path(f"{other}-wal").write_bytes(b"the newest commits of a store that was moved away")
    assert "other.db-wal is there" in refused(other)
    assert not other.exists()


def test_a_store_locked_by_another_process_is_told(path: Path) -> None:
    Store.open(path).close()
    hold = """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1], isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        print("held", flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(hold), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == b"held\n"
        with Store.open(path, wait=0.05) as store:
            with pytest.raises(StoreError, match="is being written by another program"):
                fill(store, 1)
            holder.stdin.close()
            holder.wait()
            fill(store, 1)


def test_a_backup_is_whole_and_never_overwrites(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    with Store.open(path) as store:
        fill(store, 50)
        store.backup(copy)
        with pytest.raises(StoreError, match=r"backup\.db exists already"):
            store.backup(copy)
        with pytest.raises(StoreError, match=r"there is no folder .*nowhere; make one"):
            store.backup(tmp_path / "nowhere" / "backup.db")
    with Store.open(copy, create=False) as store:
        assert store.check() == []
        assert len(store.history("web:https://n49.example/")) == 1


COMMIT = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from scraper.model import Article, Health, Mention, Outcome, Target, Verdict
    from scraper.store.store import Store

    now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    with Store.open(Path(sys.argv[1])) as store:
        run = store.begin_run([Article("list", "list.md", "A list", ())], now)
        for number in range(10**6):
            url = f"https://n{number}.example/"
            target = Target(f"web:{url}", "web", "page", url, url)
            validators = ((url, str(number)),)
            store.commit(run, Outcome(target, Verdict(Health.ALIVE, "ok"), now, {"title": url}, "page",
                                      validators=validators), now)
            print(number, flush=True)
"""


@pytest.mark.long
def test_a_kill_loses_nothing_that_was_committed(path: Path) -> None:
    """Twenty times: kill a process that commits; each outcome it reported is there, whole."""
    for attempt in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(COMMIT), str(path)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            for _ in range(1 + attempt * 7):
                child.stdout.readline()
            time.sleep(attempt % 5 / 1000)
            child.send_signal(signal.SIGKILL)
            reported = [int(line) for line in child.stdout.read().split(b"\n")[:-1]]
        committed = max(reported, default=attempt * 7)
        with Store.open(path, create=False) as store:
            assert store.check() == []
            for number in (0, committed // 2, committed):
                url = f"https://n{number}.example/"
                assert store.history(f"web:{url}")[-1].run == attempt + 1
                assert store.record(f"web:{url}") == {"title": url}
                assert store.validator(url) == str(number)


@pytest.mark.long
def test_a_kill_while_the_store_is_made_leaves_none_or_a_whole_one(path: Path) -> None:
    make = """
        import sys
        from pathlib import Path
        from scraper.store.store import Store
        print(flush=True)
        Store.open(Path(sys.argv[1]))
    """
    for attempt in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(make), str(path)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(attempt / 2000)
            child.kill()
        with Store.open(path) as store:
            fill(store, 1)
            assert store.check() == []
        for entry in path.parent.glob("scraper.db*"):
            entry.unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "none", str(place)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("mounting a tmpfs is not permitted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_told_and_nothing_committed_is_lost(small_disk: Path) -> None:
    path = small_disk / "scraper.db"
    with Store.open(path) as store:
        run = fill(store, 10)
        with pytest.raises(StoreError, match="no space is left on the device"):
            for number in range(10_000):
                store.commit(run, outcome(f"more{number}"), NOW)
    elsewhere = small_disk.parent / "elsewhere"
    elsewhere.mkdir()
    for part in small_disk.glob("scraper.db*"):  # the newest commits may still be in the -wal
        shutil.copy(part, elsewhere)
    with Store.open(elsewhere / "scraper.db", create=False) as store:
        assert store.check() == []
        assert len(store.history("web:https://n9.example/")) == 1
        assert len(store.history("web:https://more0.example/")) == 1


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    path = small_disk / "scraper.db"
    with Store.open(path) as store:
        fill(store, 1)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "cannot be" in refused(path)
    assert "read-only" in refused(small_disk / "other.db")


def test_mentions_are_kept_once_for_runs_over_the_same_article(path: Path) -> None:
    mention = Mention(1, None, "", "a", "https://a/", "https://a/", "", "web", "web:https://a/")
    with Store.open(path) as store:
        for _ in range(5):
            store.begin_run([Article("list", "list.md", "A list", (mention,))], NOW)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM mention").fetchone() == (1,)
