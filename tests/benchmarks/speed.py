"""Wall time over the lower bound that politeness and latency set, for six shapes of a run.

    bound = max( max over hosts ((links - 1) x interval) + latency,  sum of latencies / slots )

A link on a dead host counts as nothing in the bound: what the dead cost is all overhead.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.load import LoadServer
from benchmarks.report import machine, table
from benchmarks.visiting import Case, measured

LATENCY = 0.05


@dataclass(frozen=True)
class Shape:
    name: str
    links: dict[str, int]
    """By host."""
    interval: float = 0.01
    latency: float = LATENCY
    slots: int = 48
    concurrency: int = 8
    hanging: dict[str, int] = field(default_factory=dict)
    """Links on hosts that accept and never answer."""
    refusing: dict[str, int] = field(default_factory=dict)
    timeout: float = 10.0
    most: float = 1.10

    @property
    def bound(self) -> float:
        polite = (max(self.links.values()) - 1) * self.interval + self.latency
        return max(polite, sum(self.links.values()) * self.latency / self.slots)

    @property
    def total(self) -> int:
        return sum(sum(group.values()) for group in (self.links, self.hanging, self.refusing))


def zipf(links: int, hosts: int, exponent: float = 1.0) -> dict[str, int]:
    """So many links on so many hosts, the n-th host with 1/n^exponent of the first one's."""
    weights = [1 / n**exponent for n in range(1, hosts + 1)]
    share = links / sum(weights)
    counts = [max(1, round(share * weight)) for weight in weights]
    counts[0] += links - sum(counts)
    return {f"h{n}.test": count for n, count in enumerate(counts)}


SHAPES = (
    Shape("200 Zipf hosts, 20,000 links", zipf(20_000, 200), most=1.05),
    Shape("500 even hosts, 5,000 links: slots bind", zipf(5_000, 500, 0.0), interval=0.1, slots=16),
    Shape("one host with half of 3,000 links", {"big.test": 1_500, **zipf(1_500, 100)}),
    Shape("2,000 hosts of one link, 200 ms: slots bind", zipf(2_000, 2_000, 0.0), latency=0.2, slots=12),
    Shape("slow manners: 1,000 links, 0.2 s", zipf(1_000, 60), interval=0.2, concurrency=2),
    Shape(
        "100 Zipf hosts and 5 dead ones, 5,000 links",
        zipf(4_750, 95),
        hanging={"dead0.test": 60, "dead1.test": 60, "dead2.test": 50},
        refusing={"dead3.test": 50, "dead4.test": 30},
        timeout=1.0,
        interval=0.02,
    ),
)


def main() -> str:
    with LoadServer(LATENCY) as server:
        rows = [_run(server, shape) for shape in SHAPES]
    head = ["shape", "links", "bound s", "wall s", "wall / bound", "goal"]
    head += ["CPU s / 1,000", "requests", "verdicts"]
    return f"""# Wall time over the lower bound

{machine()}

`python -m tests.benchmarks speed`: pages of 2 KB behind {LATENCY * 1000:.0f} ms, or as said, through
`Visits` and `Web` over real sockets; the bound is the larger of (links of the busiest host - 1) x interval
+ latency and the sum of latencies over the slots. Links on dead hosts count as nothing in the bound.

{table(head, rows)}
"""


def _run(server: LoadServer, shape: Shape) -> tuple[str, ...]:
    links = [f"http://{host}/page/{n}" for host, count in shape.links.items() for n in range(count)]
    links += [f"http://{host}/hang/{n}" for host, count in shape.hanging.items() for n in range(count)]
    links += [f"http://{host}/page/{n}" for host, count in shape.refusing.items() for n in range(count)]
    case = Case(
        server.port,
        links,
        shape.slots,
        shape.interval,
        shape.concurrency,
        shape.timeout,
        closed=list(shape.refusing),
    )
    server.open_books(shape.latency)
    found = measured(case)
    verdicts = ", ".join(f"{count} {name}" for name, count in sorted(found.verdicts.items()))
    return (
        shape.name,
        f"{shape.total}",
        f"{shape.bound:.2f}",
        f"{found.wall:.2f}",
        f"**{found.wall / shape.bound:.3f}**",
        f"{shape.most:.2f}",
        f"{1000 * found.cpu / shape.total:.2f}",
        f"{server.books()['requests']}",
        verdicts,
    )
