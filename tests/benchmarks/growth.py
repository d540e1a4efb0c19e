"""The exponents of every reader: `python -m tests.benchmarks.growth` writes reports/benchmarks/growth.md."""

from __future__ import annotations

from pathlib import Path

from growth import INPUTS, SLOPE, exponent
from readers import readers

SIZES = (8_000, 16_000, 32_000, 64_000)
REPORT = Path(__file__).resolve().parents[2] / "reports" / "benchmarks" / "growth.md"
HARD = (
    "letters Chinese blanks mojibake entities tables less-than ampersands comments",
    "opening brackets,tags that do not end,metas that do not end,an address with entities",
)


def main() -> None:
    names = HARD[0].split() + HARD[1].split(",")
    inputs = [given for given in INPUTS if given.name in names]
    lines = [
        "# How the time of the readers grows",
        "",
        f"Exponents of processor time over length, {SIZES[0]:,} to {SIZES[-1]:,} characters, least squares",
        f"over {len(SIZES)} sizes, the best of five each; 1 is linear, 2 the square, {SLOPE} the most.",
        "What takes less than a millisecond counts as a millisecond.",
        "",
        "| reader | steepest input | exponent |",
        "|---|---|---|",
    ]
    for name, read in readers().items():
        slopes = {given.name: exponent(read, given, SIZES, best_of=5) for given in inputs}
        worst = max(slopes, key=lambda each: slopes[each])
        lines.append(f"| {name} | {worst} | {slopes[worst]:.2f} |")
    REPORT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
