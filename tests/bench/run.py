"""`make bench`: speed as ratios, each pair measured side by side in one run, written to docs/performance.md."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import demo, ics, split

TARGET = Path(__file__).parents[2] / "docs" / "performance.md"


@dataclass(frozen=True)
class Line:
    """One comparison: what was done, seconds of ours and of the bare tools, and the most the ratio may be."""

    what: str
    against: str
    ours: float
    bare: float | None
    most: float
    unit: str = "s"

    @property
    def value(self) -> float:
        """The ratio, or our own seconds where there is nothing to compare with."""
        return self.ours / self.bare if self.bare else self.ours

    @property
    def holds(self) -> bool:
        return self.value <= self.most


def ics_line() -> Line:
    ours, bare = ics.measure()
    return Line(
        "import of an .ics file with 20,000 events and 200 weekly series, rows included",
        "icalendar parsing + recurring-ical-events expansion of the same file",
        ours,
        bare,
        1.5,
    )


def split_line() -> Line:
    found = split.measure()
    return Line(
        "`split` over 5 million attendance rows, overlaps shared, leave taken out",
        "the same question as SQL in bare DuckDB",
        found["ours_s"],
        found["bare_s"],
        1.5,
    )


def demo_line() -> Line:
    return Line("`meetload demo` from the command to the served first page", "", demo.measure(), None, 30.0)


LINES: tuple[Callable[[], Line], ...] = (ics_line, split_line, demo_line)


def table(lines: list[Line]) -> str:
    rows = [
        "| what | against | ours (s) | theirs (s) | ratio | at most | holds |",
        "|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        ratio = f"{line.value:.2f}" if line.bare else "–"
        theirs = f"{line.bare:.2f}" if line.bare else "–"
        most = f"{line.most:g}" + ("" if line.bare else " s")
        rows.append(
            f"| {line.what} | {line.against or '–'} | {line.ours:.2f} | {theirs} | {ratio} | {most} | "
            f"{'yes' if line.holds else '**no**'} |"
        )
    return "\n".join(rows)


def main() -> int:
    lines: list[Line] = []
    for measure in LINES:
        line = measure()
        lines.append(line)
        print(f"{line.what}: {line.ours:.2f} s" + (f", ratio {line.value:.2f}" if line.bare else ""), flush=True)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC).date().isoformat()}"
    text = (
        "# Performance\n\n"
        f"Written by `make bench` ({machine}). Each ratio compares two runs side by side on the same machine, so the "
        "seconds say less than the ratios.\n\n"
        f"{table(lines)}\n"
    )
    TARGET.write_text(text, encoding="utf-8")
    print(f"written to {TARGET}")
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
