"""`make bench`: speed as ratios, each pair measured side by side in one run, written to docs/performance.md."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.bench import bridges, classifying, demo, dependence, engine, ics, pages, pulling, release, split, topics

TARGET = Path(__file__).parents[2] / "docs" / "performance.md"
KEPT = TARGET.with_suffix(".json")


@dataclass(frozen=True)
class Line:
    """One comparison: what was done, what ours and the bare tools took, and the most it may be.

    `most` bounds the ratio where there is something to compare with in seconds, else our own figure; None bounds nothing.
    """

    what: str
    against: str
    ours: float
    bare: float | None
    most: float | None
    unit: str = "s"

    @property
    def bounded(self) -> float:
        """The figure that `most` is about."""
        return self.ours / self.bare if self.bare and self.unit == "s" else self.ours

    @property
    def holds(self) -> bool:
        return self.most is None or self.bounded <= self.most


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


def google_page_line() -> Line:
    return _page_line("Google", pulling.google_page())


def google_default_page_line() -> Line:
    return _page_line("Google", pulling.google_page(pulling.DEFAULT_PAGE))


def outlook_page_line() -> Line:
    return _page_line("Graph", pulling.outlook_page())


def _page_line(vendor: str, page: pulling.Page) -> Line:
    what = f"CPU of rows out of one {vendor} page beyond decoding ({page.events:,} events, each page another mailbox's)"
    return Line(what, "decoding it", page.own, page.decoding, 6.0, "ms")


def google_hiding_line() -> Line:
    return _hiding_line("Google", pulling.google_hiding())


def outlook_hiding_line() -> Line:
    return _hiding_line("Graph", pulling.outlook_hiding())


def _hiding_line(vendor: str, found: pulling.Hiding) -> Line:
    what = f"CPU of pseudonyms for the rows of one {vendor} page in a scan ({found.events:,} events)"
    return Line(what, "making these rows", found.own, found.rows, None, "ms")


def campaign_line(vendor: str) -> Line:
    found = pulling.campaign(vendor)
    what = (
        f"fault campaign, {vendor}: {found['mailboxes']:,.0f} mailboxes x 52 weeks, {found['meetings']:,.0f} meetings; "
        "throttles 5 %, errors 2 %, dropped 1 %, expired 1 %, three kills; tables equal row for row"
    )
    return Line(what, "the same scan without faults", found["rough_s"], found["calm_s"], None)


def titles_line() -> Line:
    found = classifying.distinct()
    return Line(
        f"labels of {found['titles']:,.0f} distinct titles",
        "a bare scikit-learn pipeline of the same features",
        found["ours_s"],
        found["bare_s"],
        1.3,
    )


def labelled_store_line() -> Line:
    found = classifying.store()
    what = f"a store of {found['meetings']:,.0f} meetings (5 % distinct titles) labelled and written"
    return Line(what, "", found["seconds"], None, 60.0)


def bridges_lines() -> tuple[Callable[[], Line], ...]:
    """CPU seconds against the peer's network function, with its five centralities and with none at all."""
    found = cache(bridges.here)
    what = "CPU of bridges and knock-outs, 5,000 people, 100,000 ties, weighted, 13 slices"
    return tuple(
        partial(_bridges_line, found, f"{what} ({against})", key)
        for against, key in (("its five centralities", "centralities_s"), ("it computes nothing", "plain_s"))
    )


def _bridges_line(found: Callable[[], dict[str, float | None]], what: str, key: str) -> Line:
    ours, theirs = found()["ours_s"], found()[key]
    assert ours is not None
    against = "vivainsights `network_p2p`, unweighted, not drawn" if theirs else "not measured"
    return Line(what, against, ours, theirs, 1.0 if theirs else None)


def reasons_line() -> Line:
    return Line("the reasons of one meeting", "", classifying.explained(), None, 20.0, "ms")


def start_line() -> Line:
    return Line("from starting Python to the label of a first title", "", classifying.started(), None, 3.0)


def model_line() -> Line:
    return Line("the model's file", "", classifying.model_size(), None, 20.0, "MB")


def embedding_line() -> Line:
    """Titles a second: more is better, so nothing is bounded."""
    ours = classifying.TITLES / classifying.distinct()["ours_s"]
    theirs = classifying.embedded()
    against = "not measured" if theirs is None else "the universal sentence encoder, multilingual"
    return Line("distinct titles a second beside a sentence-embedding model", against, ours, theirs, None, "titles/s")


def topics_line() -> Line:
    found = topics.measure()
    what = f"topics of {found['titles']:,.0f} different titles ({found['topics']:,.0f} topics)"
    return Line(what, "", found["seconds"], None, 600.0)


def dependence_line(people: int, most: float) -> Line:
    found = dependence.measure(people)
    what = f"dependence of {found['people']:,.0f} people over 104 weeks, {found['topics']:,.0f} topics given"
    return Line(
        f"{what}; {found['cpu']:.0f} s of CPU, peak {found['peak_gb']:.1f} GB", "", found["seconds"], None, most
    )


def release_line() -> Line:
    found = release.measure()
    what = (
        f"release of {found['people']:,.0f} people, a year of meetings, all measures: compiled, audited and signed, "
        f"{found['rows']:,.0f} rows; {found['cpu']:.0f} s of CPU, peak {found['peak_gb']:.1f} GB"
    )
    return Line(what, "", found["seconds"], None, 60.0)


@cache
def _successive() -> list[dict[str, float]]:
    return release.successive()


def successive_line(number: int, which: str) -> Line:
    found = _successive()[number]
    what = (
        f"CPU of a release of {found['people']:,.0f} people, a year of meetings, all measures, {which}: "
        f"{found['rows']:,.0f} rows; {found['seconds']:.0f} s by the clock, peak {found['peak_gb']:.1f} GB"
    )
    return Line(what, "", found["cpu"], None, 240.0)


@cache
def _levels() -> tuple[engine.Run, engine.Run]:
    return engine.levels()


def levels_line() -> Line:
    mine, theirs = _levels()
    what = f"CPU of hours and exact distinct people per week, level and label over {engine.ROWS:,} rows in Parquet"
    return Line(what, "the same SQL in bare DuckDB", mine.cpu, theirs.cpu, 1.2)


def levels_memory_line() -> Line:
    return Line("the most memory that took", "", _levels()[0].memory, None, 4096, "MB")


def drift_line() -> Line:
    found = engine.complete_drift()
    what = f"the complete `drift` of {engine.PEOPLE:,} people x {engine.WEEKS} weeks in Parquet, from nothing kept"
    return Line(what, "", found.wall, None, 20.0)


def trend_line() -> Line:
    mine, theirs = engine.trend()
    against = "vivainsights 0.4.3, row filter only" if theirs else "not measured"
    return Line(
        "CPU of a group trend with suppression, 520,000 person-weeks", against, mine, theirs, 0.5 if theirs else None
    )


def pages_lines(what: str, measure: Callable[[], dict[str, float]]) -> tuple[Callable[[], Line], ...]:
    """Every page of one store: server time by the clock, fifty people at once, and what a browser fetches."""
    found = cache(measure)

    def line(text: str, key: str, most: float | None, unit: str) -> Line:
        return Line(text.format_map(found()) + f", {what}", "", found()[key], None, most, unit)

    return (
        partial(line, "server time of every page, 95th percentile ({errors:.0f} errors)", "p95_ms", 150.0, "ms"),
        partial(
            line, "the same of 50 people for two minutes ({crowd_requests:.0f} pages)", "crowd_p95_ms", 150.0, "ms"
        ),
        partial(line, "CPU of the server a page", "cpu_ms", None, "ms"),
        partial(line, "from the frame to the first page's headline in a browser", "paint_s", 2.0, "s"),
        partial(line, "errors those 50 people met", "crowd_errors", 0.0, "errors"),
        partial(line, "from the start to all these pages worked out", "prepared_s", None, "s"),
        partial(line, "weight of a first visit, compressed ({kB:.0f} kB as it is)", "compressed_kB", None, "kB"),
        partial(line, "of which the page itself, not compressed", "page_kB", None, "kB"),
    )


PARTS: dict[str, tuple[Callable[[], Line], ...]] = {
    "ics": (ics_line,),
    "split": (split_line,),
    "topics": (topics_line,),
    "dependence": (
        partial(dependence_line, dependence.PEOPLE, 60.0),
        partial(dependence_line, 5 * dependence.PEOPLE, 600.0),
    ),
    "demo": (demo_line,),
    "pages": pages_lines("the demo", pages.demo),
    "large": pages_lines("10,000 people over 104 weeks", pages.large),
    "page": (
        google_page_line,
        google_default_page_line,
        outlook_page_line,
        google_hiding_line,
        outlook_hiding_line,
    ),
    "labels": (titles_line, labelled_store_line, reasons_line, start_line, model_line),
    "embedding": (embedding_line,),
    "google": (partial(campaign_line, "google"),),
    "outlook": (partial(campaign_line, "outlook"),),
    "bridges": bridges_lines(),
    "release": (release_line,),
    "releases": (
        partial(successive_line, 0, "first quarter"),
        partial(successive_line, 1, "second quarter into the same folder"),
    ),
    "levels": (levels_line, levels_memory_line),
    "drift": (drift_line,),
    "trend": (trend_line,),
}


def table(parts: dict[str, dict[str, Any]]) -> str:
    """The lines of every part that was measured, in the order of PARTS, with the day of its run."""
    rows = [
        "| what | against | ours | theirs | ratio | at most | holds | measured |",
        "|---|---|---|---|---|---|---|---|",
    ]
    known = (parts[name] for name in PARTS if name in parts)
    return "\n".join([*rows, *(_row(Line(**line), part["day"]) for part in known for line in part["lines"])])


def _row(line: Line, day: str) -> str:
    against = line.against or ("decoding of the same bytes" if line.bare else "–")
    theirs, ratio = (f"{line.bare:.2f} {line.unit}", f"{line.ours / line.bare:.2f}") if line.bare else ("–", "–")
    bound = "" if line.bare and line.unit == "s" else f" {line.unit}"
    most = "–" if line.most is None else f"{line.most:g}{bound}"
    holds = "yes" if line.holds else "**no**"
    ours = f"{line.ours:.2f} {line.unit}"
    return f"| {line.what} | {against} | {ours} | {theirs} | {ratio} | {most} | {holds} | {day} |"


def measured(name: str) -> list[Line]:
    """One part, each line printed as it comes."""
    lines = []
    for measure in PARTS[name]:
        line = measure()
        lines.append(line)
        ratio = f", ratio {line.ours / line.bare:.2f}" if line.bare else ""
        print(f"{line.what}: {line.ours:.2f} {line.unit}{ratio}", flush=True)
    return lines


def main(wanted: list[str]) -> int:
    """Measure all parts, or those that are named; what is not measured now keeps its line and its day."""
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
        return 2
    parts = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    good = True
    for name in wanted or PARTS:
        lines = measured(name)
        good = good and all(line.holds for line in lines)
        parts[name] = {"day": datetime.now(UTC).date().isoformat(), "lines": [asdict(line) for line in lines]}
        KEPT.write_text(json.dumps(parts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        TARGET.write_text(_page(parts), encoding="utf-8")
    print(f"written to {TARGET}")
    return 0 if good else 1


def _page(parts: dict[str, dict[str, Any]]) -> str:
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    return (
        "# Performance\n\n"
        f'Written by `make bench` ({machine}); `make bench PARTS="drift release"` measures some parts anew and leaves the '
        "others as they were. Each ratio compares two runs side by side on the same machine, so the seconds say less than "
        f"the ratios.\n\n{table(parts)}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
