"""The pictures of the pages as SVG: lines, points and bars, read from the very figures the browser draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dashboard.charts import Figure

WIDTH = 660
INK, QUIET, GRID = "#222222", "#5a5a5a", "#d9d9d9"
FAMILY = "DejaVu Sans"
SIZE = 11
LETTER = 6.2
DRAWN = {"scatter", "bar"}
Point = tuple[float, float]


class NotDrawableError(ValueError):
    """This kind of picture has no form on paper; its table stands in for it."""


@dataclass(frozen=True)
class Axis:
    """Where values lie between two ends, and what is written beside them."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]
    visible: bool

    def at(self, value: float) -> float:
        """The place of a value in the drawing."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1) * (self.end - self.start)


def svg(figure: Figure) -> str:
    """A figure as SVG; raises NotDrawableError for kinds that have no form on paper."""
    traces = [trace for trace in figure["data"] if trace.get("visible", True) is True]
    if not traces or any(trace.get("type", "scatter") not in DRAWN for trace in traces):
        raise NotDrawableError
    layout = figure["layout"]
    height = float(layout.get("height", 340))
    names = [trace["name"] for trace in traces if trace.get("name") and trace.get("showlegend", True)]
    legend = bool(layout.get("showlegend")) and len(names) > 0
    places = {axis: _Places(traces, axis) for axis in "xy"}
    left, bottom = _room(layout, places["y"]), height - (52 if legend else 26)
    x = _axis(layout.get("xaxis", {}), places["x"], _reach(traces, layout, "x", places["x"]), (left, WIDTH - 14))
    y = _axis(layout.get("yaxis", {}), places["y"], _reach(traces, layout, "y", places["y"]), (bottom, 10))
    body = [*_frame(x, y), *_traces(traces, layout, places, x, y)]
    if legend:
        body += _legend(traces, height - 10)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
        f'font-family="{FAMILY}" font-size="{SIZE}">{"".join(body)}</svg>'
    )


class _Places:
    """Numbers for the values of one direction: dates by their day, words by their order."""

    def __init__(self, traces: Sequence[dict[str, Any]], axis: str) -> None:
        values = [value for trace in traces for value in trace.get(axis, [])]
        self.words: list[str] = list(dict.fromkeys(value for value in values if isinstance(value, str)))

    def of(self, value: Any) -> float | None:
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return float(value.toordinal())
        if isinstance(value, str):
            return float(self.words.index(value)) if value in self.words else None
        return float(value) if value is not None and isfinite(value) else None


def _is_across(trace: dict[str, Any]) -> bool:
    return trace.get("orientation") == "h"


def _reach(traces: Sequence[dict[str, Any]], layout: dict[str, Any], axis: str, places: _Places) -> tuple[float, float]:
    """The lowest and highest place in one direction; bars stand on zero and may stand on each other."""
    found: list[float] = []
    sums: dict[float, float] = {}
    for trace in traces:
        values = [places.of(value) for value in trace.get(axis, [])]
        known = [value for value in values if value is not None]
        found += known
        if trace.get("type") != "bar":
            continue
        grows = (axis == "x") == _is_across(trace)
        if not grows:
            half = 0.5 if places.words else _gap(known) / 2
            found += [value - half for value in known] + [value + half for value in known]
        else:
            found.append(0.0)
            if layout.get("barmode") == "stack":
                for place, value in enumerate(values):
                    sums[place] = sums.get(place, 0.0) + (value or 0.0)
    found += list(sums.values())
    return (min(found), max(found)) if found else (0.0, 1.0)


def _gap(known: Sequence[float]) -> float:
    ordered = sorted(set(known))
    return min((after - before for before, after in pairwise(ordered)), default=1.0)


def _axis(given: dict[str, Any], places: _Places, reach: tuple[float, float], ends: tuple[float, float]) -> Axis:
    low, high = _limits(given, places, reach)
    if given.get("autorange") == "reversed":
        low, high = high, low
    ticks = _ticks(given, places, min(low, high), max(low, high))
    return Axis(low, high, ends[0], ends[1], tuple(ticks), given.get("visible", True) is not False)


def _limits(given: dict[str, Any], places: _Places, reach: tuple[float, float]) -> tuple[float, float]:
    if given.get("range") and not places.words:
        first, last = (places.of(value) for value in given["range"])
        if first is not None and last is not None:
            return first, last
    low, high = reach
    if given.get("rangemode") == "tozero":
        low = min(low, 0.0)
    return low, high + (0.04 * (high - low) if given.get("rangemode") == "tozero" else 0.0)


def _ticks(given: dict[str, Any], places: _Places, low: float, high: float) -> Iterator[tuple[float, str]]:
    if given.get("tickvals") is not None:
        texts = given.get("ticktext") or given["tickvals"]
        for value, text in zip(given["tickvals"], texts, strict=False):
            if (place := places.of(value)) is not None and low <= place <= high:
                yield place, str(text)
    elif places.words:
        yield from ((float(place), word) for place, word in enumerate(places.words))
    else:
        suffix = given.get("ticksuffix", "")
        step = _round_step(high - low)
        for count in range(ceil(low / step), floor(high / step) + 1):
            yield count * step, f"{count * step:g}{suffix}"


def _round_step(span: float) -> float:
    wanted = (span or 1.0) / 5
    power = 10.0 ** floor(log10(wanted))
    return next(power * part for part in (1.0, 2.0, 5.0, 10.0) if power * part >= wanted)


def _room(layout: dict[str, Any], places: _Places) -> float:
    """How much room the words beside the upright axis need."""
    if layout.get("yaxis", {}).get("visible", True) is False:
        return 14.0
    longest = max((len(line) for word in places.words for line in word.split("<br>")), default=5)
    return 18 + LETTER * longest


def _frame(x: Axis, y: Axis) -> Iterator[str]:
    if y.visible:
        for value, text in y.ticks:
            place = y.at(value)
            yield f'<line x1="{x.start:.1f}" x2="{x.end:.1f}" y1="{place:.1f}" y2="{place:.1f}" stroke="{GRID}"/>'
            yield from _written(text, x.start - 6, place + 4, "end")
    if x.visible:
        for value, text in x.ticks:
            yield from _written(text, x.at(value), y.start + 16, "middle")


def _written(text: str, x: float, y: float, anchor: str) -> Iterator[str]:
    lines = text.split("<br>")
    for place, line in enumerate(lines):
        height = y + (place - (len(lines) - 1) / 2) * (SIZE + 2)
        yield f'<text x="{x:.1f}" y="{height:.1f}" text-anchor="{anchor}" fill="{QUIET}">{escape(line)}</text>'


def _traces(
    traces: Sequence[dict[str, Any]], layout: dict[str, Any], places: dict[str, _Places], x: Axis, y: Axis
) -> Iterator[str]:
    stacked: dict[int, float] = {}
    side = [trace for trace in traces if trace.get("type") == "bar"]
    for trace in traces:
        across = [places["x"].of(value) for value in trace.get("x", [])]
        upward = [places["y"].of(value) for value in trace.get("y", [])]
        if trace.get("type") == "bar":
            together = layout.get("barmode") == "stack" or len(side) == 1
            share = (0, 1) if together else (side.index(trace), len(side))
            yield from _bars(trace, across, upward, (x, y), stacked if together else {}, share)
        else:
            yield from _points(trace, across, upward, x, y)


def _bars(
    trace: dict[str, Any],
    across: list[float | None],
    upward: list[float | None],
    axes: tuple[Axis, Axis],
    stacked: dict[int, float],
    share: tuple[int, int],
) -> Iterator[str]:
    x, y = axes
    flat = _is_across(trace)
    where, values, along, up = (upward, across, y, x) if flat else (across, upward, x, y)
    thick = abs(along.at(_gap([value for value in where if value is not None])) - along.at(0)) * 0.72 / share[1]
    for place, (spot, value) in enumerate(zip(where, values, strict=True)):
        if spot is None or not value:
            continue
        base = stacked.get(place, 0.0)
        stacked[place] = base + value
        first, last = sorted((up.at(base), up.at(base + value)))
        middle = along.at(spot) + (share[0] - (share[1] - 1) / 2) * thick
        box = (first, middle - thick / 2, last - first, thick)
        box = box if flat else (box[1], box[0], box[3], box[2])
        yield (
            f'<rect x="{box[0]:.1f}" y="{box[1]:.1f}" width="{box[2]:.1f}" height="{box[3]:.1f}" '
            f"fill={quoteattr(_colour(trace, place))}/>"
        )
        if flat and (text := _label(trace, place)):
            yield from _written(text, last + 6, middle + 4, "start")


def _points(
    trace: dict[str, Any], across: list[float | None], upward: list[float | None], x: Axis, y: Axis
) -> Iterator[str]:
    mode = trace.get("mode", "lines")
    pairs = zip(across, upward, strict=True)
    runs = _runs([None if a is None or b is None else (x.at(a), y.at(b)) for a, b in pairs])
    if trace.get("fill") in {"toself", "tonexty"}:
        yield from _areas(trace, runs)
    if "lines" in mode:
        yield from _lines(trace, runs)
    spots = [point for run in runs for point in run]
    if "markers" in mode:
        yield from _markers(trace, spots)
    if "text" in mode:
        for place, (left, top) in enumerate(spots):
            yield from _written(_label(trace, place), left, top - 14, "middle")


def _outline(run: Sequence[Point]) -> str:
    return quoteattr(" ".join(f"{left:.1f},{top:.1f}" for left, top in run))


def _areas(trace: dict[str, Any], runs: Sequence[Sequence[Point]]) -> Iterator[str]:
    colour = quoteattr(_plain(trace.get("fillcolor", GRID)))
    yield from (f'<polygon points={_outline(run)} fill={colour} fill-opacity="0.4"/>' for run in runs)


def _lines(trace: dict[str, Any], runs: Sequence[Sequence[Point]]) -> Iterator[str]:
    line = trace.get("line", {})
    width, faint = line.get("width", 2), trace.get("opacity", 1)
    if not width:
        return
    dash = ' stroke-dasharray="5 4"' if line.get("dash") else ""
    look = f'fill="none" stroke={quoteattr(_plain(line.get("color", INK)))} stroke-width="{width}"'
    yield from (f'<polyline points={_outline(run)} {look} stroke-opacity="{faint}"{dash}/>' for run in runs)


def _markers(trace: dict[str, Any], spots: Sequence[Point]) -> Iterator[str]:
    marker = trace.get("marker", {})
    size, faint = marker.get("size", 6), marker.get("opacity", trace.get("opacity", 1))
    for place, (left, top) in enumerate(spots):
        width = size[place] if isinstance(size, list) else size
        colour = quoteattr(_colour(trace, place))
        yield f'<circle cx="{left:.1f}" cy="{top:.1f}" r="{width / 2:g}" fill={colour} fill-opacity="{faint}"/>'


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Points that follow each other without a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _label(trace: dict[str, Any], place: int) -> str:
    texts = trace.get("text")
    if isinstance(texts, str):
        return texts
    return str(texts[place]) if texts and place < len(texts) else ""


def _colour(trace: dict[str, Any], place: int) -> str:
    colour = trace.get("marker", {}).get("color", INK)
    return _plain(colour[place] if isinstance(colour, list | tuple) else colour)


def _plain(colour: str) -> str:
    """A colour that every reader of SVG knows; a page's own variable becomes ink."""
    return INK if colour.startswith("var(") else colour


def _legend(traces: Sequence[dict[str, Any]], height: float) -> Iterator[str]:
    place = 14.0
    for trace in traces:
        name = trace.get("name")
        if not name or trace.get("showlegend") is False:
            continue
        colour = _plain(trace.get("line", {}).get("color") or _colour(trace, 0))
        yield f"<rect x=\"{place:.1f}\" y=\"{height - 9:.1f}\" width='11' height='9' fill={quoteattr(colour)}/>"
        yield f'<text x="{place + 16:.1f}" y="{height:.1f}" fill="{INK}">{escape(name)}</text>'
        place += 34 + LETTER * len(name)
