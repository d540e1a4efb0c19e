"""A small web of its own, on loopback: OpenReview, GitHub, Google Drive, the Wayback Machine and plain hosts.

    with Sandbox(mode="gated") as sandbox:
        settings = Settings(**sandbox.settings)

Every host is reached by its real name over real TLS: the settings send all names to the sandbox's ports and
trust its certificate authority. Needs the extra `demo`; importing this package does not, entering a `Sandbox`
does.
Records and behaviours are described in `records.json`, faults in `faults.FAULTS`, modes in `world.MODES`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from scraper.errors import UsageError

if TYPE_CHECKING:
    from scraper.sandbox.server import Servers
    from scraper.sandbox.world import World

__all__ = ["Sandbox"]


class Sandbox:
    """The sandbox as a context manager; `world` can be changed at any time, also before it is entered.

    `notes` and `repositories` are added to the sandbox's own records and win over them: notes in the shape of
    OpenReview's API, repositories as partial records with at least `full_name` (see `records.repository`).
    `decisions` gives a note its decision and ratings, `{id: ("Accept (Poster)", [6, 6, 8])}`.
    """

    def __init__(
        self,
        *,
        mode: str = "open",
        notes: Iterable[Mapping[str, Any]] | None = None,
        decisions: Mapping[str, tuple[str, Sequence[int | str]]] | None = None,
        repositories: Iterable[Mapping[str, Any]] | None = None,
        faults: Iterable[str] = (),
    ) -> None:
        from scraper.sandbox.world import World

        self.world: World = World(mode, notes or (), decisions, repositories or (), faults)
        self._servers: Servers | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        try:
            from scraper.sandbox.server import Servers
        except ModuleNotFoundError as missing:
            words = f'the sandbox needs {missing.name}: install it with `pip install "paperlinks[demo]"`'
            raise UsageError(words) from missing
        self._servers = Servers(self.world)
        self._folder = tempfile.TemporaryDirectory(prefix="scraper-sandbox-")
        self._servers.certificates.authority.cert_pem.write_to_path(self.ca_file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        servers, folder = self._running()
        servers.stop()
        folder.cleanup()
        self._servers = self._folder = None

    def _running(self) -> tuple[Servers, tempfile.TemporaryDirectory[str]]:
        if self._servers is None or self._folder is None:
            raise RuntimeError("the sandbox is not running: use it as a context manager")
        return self._servers, self._folder

    @property
    def ca_file(self) -> str:
        """Path of the certificate authority's PEM file, there as long as the sandbox runs."""
        return str(Path(self._running()[1].name) / "ca.pem")

    @property
    def http_port(self) -> int:
        return self._running()[0].http_port

    @property
    def https_port(self) -> int:
        return self._running()[0].https_port

    @property
    def settings(self) -> dict[str, Any]:
        """Settings that send a run into the sandbox; read them after switching on `offline_host`."""
        closed, faults = self._running()[0].closed_port, self.world.faults
        refused = [""] if faults.on("network_down") else faults.arguments("offline_host")
        shut = [f"{host}:{port}:127.0.0.1:{closed}" for host in refused for port in (443, 80)]
        ports = ((443, self.https_port), (80, self.http_port))
        return {
            "connect_to": shut + [f":{port}:127.0.0.1:{here}" for port, here in ports],
            "ca_file": self.ca_file,
            "allow_networks": ["127.0.0.0/8"],
            "sandbox": True,
            "contact": "sandbox@sandbox.test",
        }

    @property
    def credentials(self) -> dict[str, str]:
        """What the sandbox's GitHub and OpenReview accept, under the names of the settings."""
        from scraper.sandbox import records

        account, password = next(iter(records.OPENREVIEW_USERS.items()))
        openreview = {"openreview_username": account, "openreview_password": password}
        return {"github_token": records.GITHUB_TOKEN, **openreview}

    @property
    def labels(self) -> dict[str, tuple[str, str]]:
        """The expected (health, reason) of the article's 36 targets, by key, in the world's present mode."""
        from scraper.sandbox import labels

        return labels.expected(self.world.mode)
