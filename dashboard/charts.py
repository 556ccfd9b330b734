"""The pictures: Plotly figures without colours for their surroundings, so that the page's scheme shows through.

They are plain dicts, because Plotly's own objects check every value on every request; the tests check them once.
"""

from __future__ import annotations

from math import ceil, floor, log10
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from dashboard import palette
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from analysis.roles.roleweeks import RoleWeek
    from analysis.split import Split
    from dashboard.views.coordination import Line
    from dashboard.views.dependence import Amount, Range
    from dashboard.views.finding import Stroke
    from dashboard.words import Words

Figure = dict[str, Any]

# No buttons over a picture, above all not the one that uploads it.
GRAPH: Any = {
    "displayModeBar": False,
    "showSendToCloud": False,
    "displaylogo": False,
    "modeBarButtonsToRemove": ["sendChartToCloud"],
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'
QUIET = palette.COLOURS["other"]
ACCENT = palette.COLOURS["coordination"]
CLEAR = "rgba(0,0,0,0)"
# Room between an axis and its words, without a line in it.
NO_TICKS = {"ticks": "outside", "ticklen": 6, "tickcolor": CLEAR}
MOST_TICKS = 7
PER_CENT = 100
HOVER = message("{week}<br>{name}: {value}")


def weekly_bars(split: Split, words: Words, show: str) -> Figure:
    """Meeting hours by label, one stacked bar a week; as hours or as a share of working time."""
    as_share = show == "share"
    mondays = [week.week for week in split.weeks]
    data = [_bars(split, part.label, mondays, words, as_share) for part in split.labels if part.hours]
    return {
        "data": data,
        "layout": {**axis_of_weeks(words, mondays, "%" if as_share else ""), "barmode": "stack", "bargap": 0.22},
    }


def _bars(split: Split, label: str, mondays: list[date], words: Words, as_share: bool) -> Figure:
    hours = [week.hours.get(label, 0.0) for week in split.weeks]
    shares = [part / week.available if week.available else 0.0 for part, week in zip(hours, split.weeks, strict=True)]
    name = palette.name(words, label)
    written = [words.percent(share) for share in shares] if as_share else [words.number(value) for value in hours]
    return {
        "type": "bar",
        "x": mondays,
        "y": [PER_CENT * share for share in shares] if as_share else hours,
        "name": name,
        "marker": {"color": palette.colour(label), "line": {"width": 0}},
        "hovertext": _hover(words, name, mondays, written),
        "hoverinfo": "text",
    }


def role_bars(weeks: Sequence[RoleWeek], words: Words) -> Figure:
    """Working time by role, one stacked bar a week that adds up to all of it."""
    mondays = [week.week for week in weeks]
    layout = {**axis_of_weeks(words, mondays, "%"), "barmode": "stack", "bargap": 0.22}
    layout["yaxis"]["range"] = [0, PER_CENT]
    return {"data": [_role(weeks, role, mondays, words) for role in palette.ROLES], "layout": layout}


def _role(weeks: Sequence[RoleWeek], role: str, mondays: list[date], words: Words) -> Figure:
    totals = [sum(week.hours.values()) for week in weeks]
    shares = [week.hours[role] / total if total else 0.0 for week, total in zip(weeks, totals, strict=True)]
    name = palette.role(words, role)
    return {
        "type": "bar",
        "x": mondays,
        "y": [PER_CENT * share for share in shares],
        "name": name,
        "marker": {"color": palette.ROLES[role], "line": {"width": 0}},
        "hovertext": _hover(words, name, mondays, [words.percent(share) for share in shares]),
        "hoverinfo": "text",
    }


def weekly_line(line: Line, words: Words, small: bool = False, top: float | None = None) -> Figure:
    """Each week's share as a point, and a smooth line through them."""
    mondays = [week.week for week in line.weekly]
    points = [None if week.share is None else PER_CENT * week.share for week in line.weekly]
    means = [None if mean is None else PER_CENT * mean for mean in line.smooth]
    written = ["" if week.share is None else words.percent(week.share, 1) for week in line.weekly]
    dots = {
        "type": "scatter",
        "x": mondays,
        "y": points,
        "mode": "markers",
        "name": words("One week"),
        "marker": {"color": ACCENT, "size": 4 if small else 6, "opacity": 0.45},
        "hovertext": _hover(words, line.name, mondays, written),
        "hoverinfo": "text",
    }
    mean = {
        "type": "scatter",
        "x": mondays,
        "y": means,
        "mode": "lines",
        "name": words("Mean of nine weeks"),
        "line": {"color": ACCENT, "width": 2.25 if small else 3, "shape": "spline", "smoothing": 0.6},
        "hoverinfo": "skip",
    }
    layout = axis_of_weeks(words, mondays, "%", small)
    layout["yaxis"]["range"] = [0, top if top is not None else _top([line])]
    layout["showlegend"] = not small
    if small:
        layout |= {"height": 170, "margin": {"l": 36, "r": 4, "t": 8, "b": 24}}
    return {"data": [dots, mean], "layout": layout}


def level_lines(lines: Sequence[Line], words: Words) -> list[Figure]:
    """One small picture a level, all on the same scale."""
    top = _top(lines)
    return [weekly_line(line, words, small=True, top=top) for line in lines]


def amounts(bars: Sequence[Amount], words: Words) -> Figure:
    """A few numbers of meetings side by side, the largest on top."""
    most = max([*(bar.value for bar in bars), 1.0])
    figure = lying(bars, [words.number(bar.value) for bar in bars], (0, 1.05 * most), words)
    figure["layout"]["margin"]["r"] = 40
    return figure


def lying(
    bars: Sequence[Amount] | Sequence[Stroke],
    written: Sequence[str],
    span: tuple[float, float],
    words: Words,
    *,
    letters: int = 18,
    row: int = 54,
) -> Figure:
    """Bars that lie, the first on top, with what is written at the end of each; `letters` of a name fit on a line."""
    data = {
        "type": "bar",
        "x": [bar.value for bar in bars],
        "y": [wrapped(bar.name, letters) for bar in bars],
        "orientation": "h",
        "marker": {"color": [QUIET if bar.quiet else ACCENT for bar in bars]},
        "text": written,
        "textposition": "outside",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "width": 0.55,
    }
    layout = bare(words)
    layout["xaxis"] = {"visible": False, "range": list(span), "fixedrange": True}
    layout["yaxis"] = {"autorange": "reversed", "fixedrange": True, "automargin": True, "showgrid": False} | NO_TICKS
    layout["height"] = 32 + row * len(bars)
    return {"data": [data], "layout": layout}


def interval(found: Range, words: Words) -> Figure:
    """A number with its range on a line."""
    span = {
        "type": "scatter",
        "x": [found.low, found.high],
        "y": [0, 0],
        "mode": "lines",
        "line": {"color": ACCENT, "width": 10},
        "opacity": 0.3,
        "hoverinfo": "skip",
    }
    point = {
        "type": "scatter",
        "x": [found.value],
        "y": [0],
        "mode": "markers+text",
        "marker": {"color": ACCENT, "size": 18},
        "text": [words.number(found.value)],
        "textposition": "top center",
        "textfont": {"size": 16},
        "hoverinfo": "skip",
    }
    step = _round_step(1.15 * max(found.high, 1.0))
    ticks = [step * place for place in range(ceil(1.15 * max(found.high, 1.0) / step) + 1)]
    layout = bare(words)
    layout["xaxis"] = {
        "range": [-0.02 * ticks[-1], 1.02 * ticks[-1]],
        "tickvals": ticks,
        "ticktext": [words.number(tick, 0 if step >= 1 else 1) for tick in ticks],
        "fixedrange": True,
        "zeroline": False,
        **NO_TICKS,
    }
    layout["yaxis"] = {"visible": False, "range": [-0.6, 1.2], "fixedrange": True}
    layout["margin"]["b"] = 32
    layout["height"] = 130
    return {"data": [span, point], "layout": layout}


def _round_step(top: float) -> float:
    """At least a quarter of an axis, rounded up to something people count in."""
    wanted = top / 4
    power = 10.0 ** floor(log10(wanted))
    return next(power * part for part in (1.0, 2.0, 5.0, 10.0) if power * part >= wanted)


def _hover(words: Words, name: str, mondays: Sequence[date], written: Sequence[str]) -> list[str]:
    return [
        words(HOVER, week=words.week(day), name=name, value=value) for day, value in zip(mondays, written, strict=True)
    ]


def _top(lines: Sequence[Line]) -> float:
    shares = [week.share for line in lines for week in line.weekly if week.share is not None]
    return PER_CENT * 1.1 * max(shares, default=0.1)


def wrapped(text: str, width: int = 18) -> str:
    """A name over several short lines, so that a narrow screen keeps room for the bars."""
    return "<br>".join(wrap(text, width, break_long_words=False))


def bare(words: Words) -> dict[str, Any]:
    """A layout without axes: colours, letters and margins."""
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": FONT, "size": 13},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "separators": ",." if words.language == "nl" else ".,",
        "hovermode": False,
    }


def axis_of_weeks(words: Words, mondays: Sequence[date], unit: str = "", small: bool = False) -> dict[str, Any]:
    """A layout with weeks from left to right."""
    most_ticks, pattern = (2, "MMM yy") if small else (MOST_TICKS, "MMM y")
    days = _ticks(mondays, most_ticks)
    return {
        **bare(words),
        "hovermode": "closest",
        "height": 340,
        "margin": {"l": 44, "r": 8, "t": 8, "b": 64},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": -0.16,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "traceorder": "normal",
        },
        "xaxis": {
            "tickvals": days,
            "ticktext": [words.month(day, pattern) for day in days],
            "tickangle": 0,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            **NO_TICKS,
        },
        "yaxis": {"ticksuffix": unit, "fixedrange": True, "rangemode": "tozero", "zeroline": False, "nticks": 5},
    }


def _ticks(mondays: Sequence[date], most: int) -> list[date]:
    """The first weeks of months, evenly thinned."""
    if not mondays:
        return []
    firsts = [
        day
        for before, day in zip([None, *mondays], mondays, strict=False)
        if before is None or before.month != day.month
    ]
    # A first month that is cut off would print its name over the next one's.
    if len(firsts) > 1 and (firsts[1] - firsts[0]).days < 21:
        firsts = firsts[1:]
    step = -(-len(firsts) // most)
    return firsts[::step]
