"""What is said on the page where a person sees what others can see about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.palette import NAMES
from dashboard.sheets import Cell, Sheet
from dashboard.words import message
from privacy.groups import MINIMUM

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.registry import Standing
    from privacy.seen import AboutMe, NotSeen, SeenByOthers
    from privacy.viewer import Viewer

QUESTION = message("What can others see about me?")
FIGURES = {
    "hours": message("Where meeting hours go"),
    "coordination": message("Coordination, share of available hours"),
    "level": message("The same for your level"),
    "waiting": message("Meetings that wait for somebody who is away"),
    "group": message("A group you are in, beside all others"),
    "function": message("Your function among those on which meetings wait"),
}


@dataclass(frozen=True)
class MineView:
    """The page in words: what is seen, what is not, and how the viewer's own decisions stand."""

    headline: str
    second: str
    sheet: Sheet
    hr: str
    not_seen: tuple[str, ...]
    card: str
    is_shared: bool
    objection: str
    objects: bool


def mine_view(mine: AboutMe, words: Words) -> MineView:
    """What others can see, in the reader's language."""
    groups = {(each.audience, each.people, each.levels) for each in mine.seen}
    if mine.seen:
        smallest = min(each.people for each in mine.seen)
        headline = words.many(
            "Others see {count} figure that includes you, never you alone.",
            "Others see {count} figures that include you, never you alone.",
            len(mine.seen),
        )
        second = words.many(
            "They are about {count} group; it holds {people} people.",
            "They are about {count} groups; the smallest holds {people} people.",
            len(groups),
            people=words.number(smallest, 0),
        )
    else:
        headline = words("Nobody else sees a figure that includes you.")
        second = "" if mine.released else words("Others read releases only, and this dashboard was given none.")
    return MineView(
        headline,
        second,
        _sheet(mine, words),
        _hr(mine, words),
        tuple(_not_seen(each, words) for each in mine.not_seen),
        _card(mine.standing, words),
        mine.standing.shared_until is not None,
        _objection(mine.standing, words),
        mine.standing.objects,
    )


def audience_name(words: Words, audience: Viewer) -> str:
    """Who looks, as people call them."""
    if audience.role == "hr":
        return words("HR, whole organisation")
    if audience.unit:
        return words("Management team of {unit}", unit=audience.unit)
    return words("Management team, whole organisation")


def _sheet(mine: AboutMe, words: Words) -> Sheet:
    head = (words("Who"), words("Figure"), words("What it says"), words("People in it"))
    return Sheet(words("Figures others see that include you"), head, tuple(_row(each, words) for each in mine.seen))


def _row(seen: SeenByOthers, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(audience_name(words, seen.audience)),
        Cell(words(FIGURES[seen.code])),
        Cell(_says(seen, words)),
        Cell(seen.people, "count"),
    )


def _says(seen: SeenByOthers, words: Words) -> str:
    values = seen.values
    if seen.code == "hours":
        return ", ".join(f"{words(NAMES[label])} {words.percent(share)}" for label, share in values.items())
    if seen.code in {"coordination", "level"}:
        said = words(
            "from {start} to {end}", start=words.percent(values["start"], 1), end=words.percent(values["end"], 1)
        )
        if seen.levels:
            levels = ", ".join(map(str, seen.levels))
            return words.many(
                "level {levels}: {said}", "levels {levels}: {said}", len(seen.levels), levels=levels, said=said
            )
        return said
    if seen.code == "group":
        return _group(seen, words)
    # What waits is told by the lower end of a band.
    meetings = words.count(values["meetings"])
    if seen.code == "function":
        return words("{function}: at least {meetings} meetings a week wait", function=seen.function, meetings=meetings)
    return words(
        "at least {meetings} meetings a week wait; {band} people carry them", meetings=meetings, band=seen.band
    )


def _group(seen: SeenByOthers, words: Words) -> str:
    hours = words("{hours} meeting hours a week, each", hours=words.number(seen.values["load"]))
    share = [words("coordination {share}", share=words.percent(seen.values["drift"]))] if "drift" in seen.values else []
    return words("{group}, {quarter}: {said}", group=seen.group, quarter=seen.quarter, said=", ".join([hours, *share]))


def _hr(mine: AboutMe, words: Words) -> str:
    return words.many(
        "HR sees {count} of these figures. It is about a group of {minimum} people or more; HR never sees a title, a "
        "name or one person's calendar.",
        "HR sees {count} of these figures. They are about groups of {minimum} people or more; HR never sees a title, a "
        "name or one person's calendar.",
        sum(each.audience.role == "hr" for each in mine.seen),
        minimum=MINIMUM,
    )


def _not_seen(each: NotSeen, words: Words) -> str:
    return words(
        "{who}: nothing on “{figure}”; it was not released.",
        who=audience_name(words, each.audience),
        figure=words(FIGURES[each.code]),
    )


def _card(standing: Standing, words: Words) -> str:
    if standing.shared_until is None:
        return words(
            "Your own dependence card is yours: nobody else sees it, and nobody can see whether you were ever asked."
        )
    return words(
        "You share your own dependence card with the management team until {day}. You can stop at any moment.",
        day=words.day(standing.shared_until.date()),
    )


def _objection(standing: Standing, words: Words) -> str:
    if standing.objects:
        return words(
            "You objected: your meetings are out of this store, and you are in no figure of the next release. What was "
            "published before cannot be taken back, but holds no person."
        )
    return words(
        "If you object, your meetings, answers and absences are deleted from this store at once, your name leaves the "
        "guest lists of others, and you are in no figure of the next release."
    )
