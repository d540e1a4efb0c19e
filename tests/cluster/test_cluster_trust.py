"""Who may take part in a cluster: its own client and workers, and nobody else on the machine."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from scraper.cluster.client import check, connected
from scraper.errors import UsageError

STRANGER = """
import sys
from distributed import Client
from distributed.security import Security
address = sys.argv[1]
for scheme, security in (("tcp", None), ("tls", Security.temporary())):
    try:
        with Client(f"{scheme}://{address}", security=security, timeout=3) as client:
            client.run_on_scheduler(lambda: open(sys.argv[2], "w").close())
    except Exception as error:
        print(type(error).__name__)
"""


async def test_a_cluster_of_our_own_lets_nobody_else_in(tmp_path: Path) -> None:
    mark = tmp_path / "was-here"
    async with connected("local:1") as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        assert await client.submit(sum, (1, 2)) == 3
        arguments = ("-c", STRANGER, address.removeprefix("tls://"), str(mark))
        stranger = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE, stderr=PIPE)
        said, complaints = await stranger.communicate()
    assert len(said.split()) == 2, complaints  # neither without certificates nor with other ones
    assert not mark.exists()


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.1:8786", "ucx://there:1", "tcp://127.0.0.1:1", "tcp://[::1]:1"]
)
def test_a_scheduler_without_tls_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="neither encrypted nor authenticated") as told:
        check(address)
    assert f"insist with insecure:{address}" in str(told.value)
    check(f"insecure:{address}")


@pytest.mark.parametrize("address", ["local:2", "tls://there:8786", "tls://127.0.0.1:8786"])
def test_other_addresses_are_taken(address: str) -> None:
    check(address)
