"""The page that asks on whom it depends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from analysis.dependence import DEFAULT, FEWEST_DAYS, FEWEST_EXPECTED, FEWEST_IN_MEETING
from analysis.dependence.standstill import ERROR
from dashboard import blocks, charts, notices, onward
from dashboard.address import BY_NAME
from dashboard.opening import Onward, linked
from dashboard.page import Look, Page, offered
from dashboard.showing import card, closer, question_of
from dashboard.views.dependence import FEWEST, IN_BANDS, QUESTION, DependenceView, group_view, own_view
from dashboard.views.named import SWITCH, WITH, WITHOUT, NamedView, PersonLines, named_view, shared_lines
from dashboard.views.returning import name_of
from dashboard.words import message
from privacy.group_dependence import AT_RISK, OwnCard
from privacy.naming import may_see_names
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from dashboard.sheets import Sheet
    from dashboard.words import Words
    from privacy.viewer import Role

PATH = "/dependence"


def _view(seen: Look) -> DependenceView | Refusal:
    answer = seen.door.dependence(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return answer
    return own_view(answer, seen.words) if isinstance(answer, OwnCard) else group_view(answer, seen.words)


def _sheets(seen: Look) -> dict[str, Sheet] | Refusal:
    view = _view(seen)
    return view if isinstance(view, Refusal) else view.sheets


def _content(seen: Look) -> list[Any]:
    words, view = seen.words, _view(seen)
    if isinstance(view, Refusal):
        people = html.Div([*_shared(seen), *_named(seen)], className="cards")
        return [blocks.headline(notices.refusal(words, view)), *_closer(seen), people]
    is_not = html.Aside(
        [html.H2(words("What this is not"), className="kicker"), html.P(view.is_not)],
        className="is-not",
        **blocks.aria(label=words("What this is not")),
    )
    drawn = _own(seen, view) if seen.viewer.role == "self" else _group(seen, view)
    return [
        blocks.headline(view.headline, view.second),
        is_not,
        *_closer(seen),
        *(_subject(seen, view) if seen.viewer.role == "self" else []),
        html.Div(drawn, className="cards"),
        *_shared(seen),
        *_named(seen),
        blocks.counter_voice(words, view.counter_voice),
        _how(words, seen.viewer.role),
        blocks.small_print(
            words("This page rests on {parts}.", parts=words.many("{count} week", "{count} weeks", view.weeks))
        ),
    ]


def _closer(seen: Look) -> list[Any]:
    """From a group, which never points at anybody, to the evidence about oneself."""
    own = next((viewer for viewer in offered(seen.door) if viewer.role == "self"), None)
    if seen.viewer.role == "self" or own is None:
        return []
    words = seen.words
    link = blocks.link(
        words("What waits for me, with the evidence"), seen.selection.but(viewer=own, show="").link(PATH)
    )
    return [closer(words, link)]


def _subject(seen: Look, view: DependenceView) -> list[Any]:
    """From one's own card to the meetings on the subject that leans on oneself most, where that came back."""
    words, found = seen.words, onward.subjects(seen)
    signal = next((each for each in found.topics if each.topic_id == view.topic_id), None) if found else None
    if signal is None:
        return []
    text = words("The meetings on “{subject}”, which lean on you most", subject=name_of(signal, words))
    link = blocks.link(text, onward.subjects_page(seen, signal.topic_id))
    return [closer(words, link)]


def _shared(seen: Look) -> list[Any]:
    cards = () if seen.viewer.role == "self" else seen.door.shared(seen.viewer)
    if not cards:
        return []
    heading = html.H2(seen.words("Cards people chose to share with you"))
    return [html.Section([heading, _listed(shared_lines(cards, seen.words))], className="card wide")]


def _named(seen: Look) -> list[Any]:
    """Where names may go to this viewer at all: the choice between both policies, and behind it the people."""
    if not may_see_names(seen.viewer):
        return []
    words, show = seen.words, seen.selection.show
    answer = seen.door.named(seen.viewer, seen.period)
    if isinstance(answer, Refusal):
        return [blocks.notice(notices.refusal(words, answer), kind="notice small")]
    choices = html.Ul(
        [
            html.Li(
                blocks.link(words(text), seen.selection.but(show=key).link(PATH), current="true" if key == show else "")
            )
            for key, text in (("", WITHOUT), (BY_NAME, WITH))
        ],
        className="ways",
    )
    told = _people(named_view(answer, words)) if show == BY_NAME else []
    heading = html.H2(words(SWITCH))
    return [html.Section([heading, choices, *told], className="card wide by-name", **blocks.aria(label=words(SWITCH)))]


def _people(view: NamedView) -> list[Any]:
    listed = _listed(view.people) if view.people else html.P(view.nobody)
    return [html.P(view.policy), html.P(view.evidence), listed]


def _listed(people: tuple[PersonLines, ...]) -> html.Dl:
    lines = [part for each in people for part in (html.Dt(each.name), *(html.Dd(reason) for reason in each.reasons))]
    return html.Dl(lines, className="named")


def _own(seen: Look, view: DependenceView) -> list[Any]:
    words, sheet, file = seen.words, view.sheets["card"], seen.file("dependence", "card")
    lines = html.Ul([html.Li(line) for line in view.table_lines], className="reasons")
    tables = [card(seen, "dependence", view.tables, lines, wide=True)] if view.tables else []
    if not view.enough or view.range is None:
        text = words("What there is to go on")
        nothing = html.Div([html.H2(text, className="kicker"), blocks.table(words, sheet)], className="card wide")
        return [nothing, *tables]
    subjects = onward.subjects_page(seen) if onward.subjects(seen) else ""
    held = blocks.graph("held-chart", linked(charts.amounts(view.amounts, words), [subjects] * len(view.amounts)))
    rows = [subjects if each else "" for each in view.on_subjects(words)] if subjects else []
    hint = (
        words("A bar opens the subjects that keep coming back to you, each with its meetings.")
        if subjects
        else words("No subject kept coming back to you in this period, so there is nothing to open.")
    )
    span: list[Any] = [
        html.P(
            words("Meetings that wait in a week without you, with the range they most likely lie in"),
            className="axis-title",
        ),
        blocks.graph("interval-chart", charts.interval(view.range, words)),
    ]
    reasons = html.Div(
        [
            html.H2(words("What it rests on"), className="kicker"),
            html.Ul([html.Li(reason) for reason in view.reasons], className="reasons"),
        ],
        className="card wide",
    )
    sentence, title = view.picture_sentence, words("While you were away")
    return [blocks.evidence(words, sentence, [*span, held], sheet, file, title, True, rows, hint), *tables, reasons]


def _group(seen: Look, view: DependenceView) -> list[Any]:
    words = seen.words
    functions, spread = view.sheets["functions"], view.sheets["spread"]
    no_more = Onward(hint=f"{view.tables_rest} {words(onward.NO_MORE)}")
    drawing = blocks.graph("functions-chart", charts.amounts(view.amounts, words)) if view.amounts else html.Div()
    return [
        blocks.evidence(
            words,
            view.picture_sentence,
            drawing,
            functions,
            seen.file("dependence", "functions"),
            words("Functions at risk"),
            wide=True,
            hint=words("Of a function no more is told than what stands here.") if functions.rows else "",
        ),
        *([card(seen, "dependence", view.tables, wide=True, onward=no_more)] if view.tables else []),
        blocks.evidence(
            words,
            view.second,
            blocks.facts(words, spread),
            spread,
            seen.file("dependence", "spread"),
            words("How it is spread"),
            wide=True,
        ),
    ]


def _how(words: Words, role: Role) -> html.Details:
    lines = (
        words(
            "Counted are meetings outside any series, with {people} or more people, by subject. A subject is carried "
            "by whoever attends more than {share} of its meetings while at work.",
            people=FEWEST_IN_MEETING,
            share=words.percent(DEFAULT.carried),
        ),
        words("Expected = the subject's own rate, times how busy the whole organisation was on those days."),
        words(
            "Waiting meetings = meetings a week that lean on the person, times the share of expected ones that did not "
            "take place. The share is drawn towards zero when few were expected; the range holds in 90 of 100 cases."
        ),
        words(
            "Nothing is said below {days} days of absence or {expected} expected meetings; a person counts as at risk "
            "from {risk} meetings a week.",
            days=FEWEST_DAYS,
            expected=words.count(FEWEST_EXPECTED),
            risk=words.number(AT_RISK),
        ),
    )
    standing = words(
        "A standing meeting is a series in which three people or more have a seat: they came to half of it or more. It "
        "stands still without somebody when it took place in a third of the usual weeks or fewer while they were away "
        "three days or more, and chance would do that in {error} of cases at most. Usual is its own rate, times how "
        "many standing meetings took place in those weeks at all.",
        error=words.percent(ERROR),
    )
    in_bands = [] if role == "self" else [words(IN_BANDS, fewest=FEWEST)]
    return blocks.disclosure(
        words("How is this computed?"), html.Ul([html.Li(line) for line in (*lines, standing, *in_bands)])
    )


PAGE = Page("dependence", PATH, message("Dependence"), question_of(QUESTION), _content, _sheets)
