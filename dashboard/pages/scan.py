"""The page that lays all groups side by side for HR: drift, altitude, load and dependence, by group and quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard import blocks, notices
from dashboard.page import HR_ONLY, Look, Page, offered
from dashboard.showing import closer, how, question_of, rests_on
from dashboard.spans import span_name
from dashboard.views.scan import NAMES, QUESTION, TITLES, ScanView, everything, scan_sheets, scan_view
from dashboard.words import message
from privacy.groups import MINIMUM
from privacy.refusal import Refusal
from privacy.released_scan import MEASURES
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.views.scan import Field, Grid
    from privacy.released_scan import Measure, Scan

NAME, PATH = "scan", "/scan"
HTML = "dash_html_components"
# Where a group's or a quarter's own page of a measure is.
CLOSER: dict[Measure, str] = {
    "drift": "/coordination",
    "altitude": "/coordination",
    "load": "/",
    "dependence": "/dependence",
}


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    answer = seen.door.scan(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    return scan_sheets(answer, seen.words) | {"all": everything(answer, seen.words)}


def _content(seen: Look) -> list[Any]:
    words, answer = seen.words, seen.door.scan(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.headline(notices.refusal(words, answer))]
    measure = _measure(seen)
    view = scan_view(answer, measure, words)
    return [
        blocks.headline(view.headline, view.second),
        html.Div([_picture(seen, view, measure), _beside(seen, answer, view)], className="cards"),
        _untold(seen, view),
        blocks.counter_voice(words, view.counter_voice),
        _quarters(seen, answer, measure),
        _how(seen, answer),
        rests_on(seen, *_parts(seen, answer)),
    ]


def _measure(seen: Look) -> Measure:
    return next((each for each in MEASURES if each == seen.selection.show), MEASURES[0])


def _picture(seen: Look, view: ScanView, measure: Measure) -> html.Section:
    words, links = seen.words, _links(seen, view, CLOSER[measure])
    figure = blocks.evidence(
        words,
        view.picture_sentence,
        [_grid(view.grid), *(html.P(line, className="legend") for line in view.grid.legend)],
        view.sheets[measure],
        seen.file(NAME, measure),
        words(TITLES[measure]),
        wide=True,
        links=links,
        hint=words("Choose a group in the numbers to open its own page.") if any(links) else "",
    )
    return html.Section(
        [_ways(seen, measure), figure], className="with-ways wide", **blocks.aria(label=words(NAMES[measure]))
    )


def _ways(seen: Look, measure: Measure) -> html.Ul:
    words = seen.words
    links = [
        html.Li(
            blocks.link(
                words(NAMES[each]),
                seen.selection.but(show=each).link(PATH),
                current="true" if each == measure else "",
            )
        )
        for each in MEASURES
    ]
    return html.Ul(links, className="ways")


def _grid(grid: Grid) -> html.Div:
    """Fields of figures, the darker the higher; every one is written in its field."""
    heads = [_part("Span", [line, _part("Small", year)]) for line, year in grid.quarters]
    bands = [_part("Div", [_part("Span", band.name), *map(_field, band.fields)]) for band in grid.bands]
    lines: list[Any] = [_part("Div", [_part("Span"), *heads], className="heads"), *bands]
    return html.Div(lines, className="grid")


def _field(field: Field) -> dict[str, Any]:
    shade = "untold" if field.shade is None else f"shade-{field.shade}"
    written = [field.large, _part("Small", field.small)] if field.small else field.large
    return _part("Span", written, className=f"field {shade}")


def _part(kind: str, children: Any = None, **more: str) -> dict[str, Any]:
    """A component as the browser gets it: of a hundred groups, making objects first takes longer than all the rest."""
    return {"type": kind, "namespace": HTML, "props": {"children": children, **more}}


def _links(seen: Look, view: ScanView, path: str) -> tuple[str, ...]:
    """Where each row leads: a group's own page, where this reader may look as its management; the whole as oneself."""
    may, whole = set(offered(seen.door)), seen.selection.whole

    def address(unit: str | None) -> str:
        viewer = Viewer("mt", unit=unit) if unit else seen.viewer
        return "" if unit is None or viewer not in may else whole.but(viewer=viewer).link(path)

    return tuple(map(address, view.units))


def _beside(seen: Look, answer: Scan, view: ScanView) -> html.Section:
    """Everything about every group in the newest quarter, and all quarters as a file."""
    words, sheet = seen.words, view.sheets["groups"]
    files = [
        blocks.download(words, sheet, seen.file(NAME, "groups")),
        html.A(words("CSV of every quarter"), href=seen.file(NAME, "all"), download="", className="download"),
    ]
    title = words("All four side by side, in {quarter}", quarter=span_name(words, answer.quarters[-1]).lower())
    return html.Section(
        [html.H2(title), blocks.table(words, sheet), html.Div(files, className="proof files")],
        className="card wide",
        **blocks.aria(label=title),
    )


def _untold(seen: Look, view: ScanView) -> html.Section:
    words, sheet = seen.words, view.sheets["untold"]
    title = words("What is not told, and why")
    every = html.Details(
        [html.Summary(words("The same of every quarter")), blocks.table(words, sheet)], className="numbers"
    )
    return html.Section(
        [
            html.H2(title, className="kicker"),
            html.Ul([html.Li(line) for line in view.unsaid], className="reasons"),
            every,
            blocks.download(words, sheet, seen.file(NAME, "untold")),
        ],
        className="counter-voice untold-list",
        **blocks.aria(label=title),
    )


def _quarters(seen: Look, answer: Scan, measure: Measure) -> html.Nav:
    """To each quarter by itself, for this viewer."""
    words, whole = seen.words, seen.selection.whole
    links = (
        blocks.link(span_name(words, each), whole.but(period=each).link(CLOSER[measure]))
        for each in reversed(answer.quarters)
    )
    return closer(words, *links, title=words("Look closer at one quarter of the whole organisation"))


def _how(seen: Look, answer: Scan) -> html.Details:
    words = seen.words
    return how(
        seen,
        words(
            "Every figure is a row of a signed release, or is worked out from such rows. Groups have {minimum} people "
            "or more; smaller ones are told together, and only the same ones together make one line here.",
            minimum=MINIMUM,
        ),
        words(
            "Drift = hours of coordination / (contract hours less public holidays). Leave is still in, for it is told "
            "of large groups only."
        ),
        words(
            "A change is held against the same quarter a year before, which has the same season. It counts as one only "
            "if rounding to the hour, half hour or tenth of an hour cannot have made all of it."
        ),
        words(
            "Altitude = the average height of the bands of levels, each weighed by its share of contract hours spent "
            "on coordination; of a department, with the bands as they are in the whole organisation. Mean levels are "
            "told to a half, so it may lie about a third of a level off."
        ),
        words("Load = meeting hours a week, each; focus hours = free stretches long enough to concentrate."),
        words(
            "Dependence = which part of the meetings that wait in a week of absence rests on the three per cent on "
            "whom most rests (less than 30%, 30% to 60%, 60% or more), over the year before, in groups of {fewest} or "
            "more.",
            fewest=words.count(answer.fewest),
        ),
    )


def _parts(seen: Look, answer: Scan) -> tuple[str, ...]:
    words, newest = seen.words, answer.unsaid[-1]
    bands = tuple(sorted(newest.coverage))
    return (
        words("at least {count} people", count=words.count(answer.whole.spots[-1].people)),
        words.many("{count} group", "{count} groups", sum(bool(each.spots[-1].people) for each in answer.groups)),
        words.many("{count} released quarter", "{count} released quarters", len(answer.quarters)),
        *(words("{share} of people with a calendar", share=band) for band in bands),
    )


PAGE = Page(NAME, PATH, message("The scan"), question_of(QUESTION, "hr"), _content, _sheets, roles=HR_ONLY)
