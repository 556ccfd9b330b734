"""The pictures of the pages about groups: bars to both sides, a line with its band, units and ties."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

from dashboard import palette
from dashboard.charts import ACCENT, HOVER, Figure, axis_of_weeks, bare, lying, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.views.finding import Stroke
    from dashboard.words import Words

BAND = "rgba(37,113,186,0.16)"
WIDEST = 9.0
# What is written beside a bar: so many letters on a line, and from so many on it takes more room on a narrow screen.
LINE, LONG = 9, 6
ABOVE = 0.22


def strokes(bars: Sequence[Stroke], words: Words) -> Figure:
    """Bars from zero to the right and to the left, with what is written beside each; the first on top."""
    values = [bar.value for bar in bars]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    reach = (high - low) or 1.0
    written = [wrapped(bar.written, LINE) for bar in bars]
    is_long = any(len(line) >= LONG for each in written for line in each.split("<br>"))
    # What stands beside bars on both sides needs room twice, on a narrow screen too.
    room = reach * (0.62 if low < 0 else 0.8 if is_long else 0.4)
    span = (low - room if low < 0 else 0.0, high + room)
    return lying(bars, written, span, words, letters=17, row=46)


def banded_line(
    days: Sequence[date],
    values: Sequence[float | None],
    band: Sequence[tuple[float, float] | None],
    name: str,
    words: Words,
) -> Figure:
    """A weekly line with the range in which ordinary weeks lie around it."""
    known = [(day, ends) for day, ends in zip(days, band, strict=True) if ends]
    around = {
        "type": "scatter",
        "x": [day for day, _ in known] + [day for day, _ in reversed(known)],
        "y": [ends[1] for _, ends in known] + [ends[0] for _, ends in reversed(known)],
        "mode": "lines",
        "fill": "toself",
        "fillcolor": BAND,
        "line": {"width": 0},
        "name": words("95 of 100 ordinary weeks"),
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "x": list(days),
        "y": list(values),
        "mode": "lines",
        "name": name,
        "line": {"color": ACCENT, "width": 2},
        "hovertext": [_said(words, day, name, value) for day, value in zip(days, values, strict=True)],
        "hoverinfo": "text",
    }
    layout = axis_of_weeks(words, days)
    lows, highs = [ends[0] for _, ends in known], [ends[1] for _, ends in known]
    if known:
        layout["yaxis"] |= {"range": [min(lows) - 0.1, max(highs) + 0.1], "rangemode": "normal"}
    layout["height"] = 280
    return {"data": [around, line], "layout": layout}


def _said(words: Words, day: date, name: str, value: float | None) -> str:
    return "" if value is None else words(HOVER, week=words.week(day), name=name, value=words.number(value, 2))


def network(names: Sequence[str], sizes: Sequence[int], ties: Sequence[tuple[int, int, float]], words: Words) -> Figure:
    """Units on a circle, as large as their people, with lines as thick as the hours they share."""
    places = [(sin(2 * pi * each / len(names)), cos(2 * pi * each / len(names))) for each in range(len(names))]
    most, largest = max(hours for _, _, hours in ties), max(sizes)
    lines: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": [places[one][0], places[other][0]],
            "y": [places[one][1], places[other][1]],
            "mode": "lines",
            "line": {"color": palette.COLOURS["coordination"], "width": 1 + (WIDEST - 1) * hours / most},
            "opacity": 0.2 + 0.6 * hours / most,
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for one, other, hours in reversed(ties)
    ]
    dots = {
        "type": "scatter",
        "x": [x for x, _ in places],
        "y": [y for _, y in places],
        "mode": "markers",
        "marker": {"size": [14 + 18 * size / largest for size in sizes], "color": ACCENT, "opacity": 1},
        "hovertext": [f"{name}: {words.count(size)}" for name, size in zip(names, sizes, strict=True)],
        "hoverinfo": "text",
        "showlegend": False,
    }
    # The names stand above and below the circle, where few lines cross them and a narrow screen has room.
    outside = {
        "type": "scatter",
        "x": [x for x, _ in places],
        "y": [y + (ABOVE if y > ABOVE else -ABOVE) for _, y in places],
        "mode": "text",
        "text": [wrapped(name, 12) for name in names],
        "textposition": "middle center",
        "textfont": {"size": 12},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = bare(words)
    layout["xaxis"] = {"visible": False, "range": [-1.7, 1.7], "fixedrange": True}
    layout["yaxis"] = {"visible": False, "range": [-1.45, 1.35], "fixedrange": True}
    layout["hovermode"] = "closest"
    layout["height"] = 420
    return {"data": [*lines, dots, outside], "layout": layout}
