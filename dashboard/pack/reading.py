"""What is read, what is kept, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.paper.parts import Grid, Text, Title
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.pack.running import Holding, Reading, Running
    from dashboard.paper.parts import Part
    from dashboard.words import Words

# The reasons the connectors give for their permissions; a test holds them side by side.
REASONS = (
    message("read one's own events without their bodies and attachments"),
    message("know one's own addresses"),
    message("read the events of every mailbox without their bodies and attachments"),
    message("read the events of chosen mailboxes, where RBAC for Applications narrows it to them"),
    message("read people, their managers, departments, job titles and other addresses"),
    message("tell rooms from people"),
    message("tell groups from people"),
    message("read the events of one's own calendar, titles and guests included"),
    message("read the events of a mailbox, titles and guests included"),
    message("list the calendars that others share"),
    message("read when somebody is busy, without titles and guests"),
    message("read people, their managers, departments and other addresses"),
    message("tell mailing groups from people"),
)
KEPT = {
    "titles": message("Titles and texts of meetings the owner is not in; the labels made from them stay"),
    "appeal": message("Meetings, attendance and absences of a released quarter, counted from its release"),
    "logs": message("The journal, and the list of who looked at what"),
}


def read(running: Running, words: Words) -> tuple[Part, ...]:
    """Every source with its fields and permissions."""
    if not running.readings:
        return (Text(words("No source is connected yet.")),)
    opening = Text(
        words("meetload uses these fields of a source and no others; what a source adds later is left alone.")
    )
    return (opening, *(part for each in running.readings for part in _source(each, words)))


def _source(reading: Reading, words: Words) -> Iterator[Part]:
    yield Title(reading.source)
    yield Text(words("Fields: {fields}.", fields=", ".join(reading.fields)))
    if reading.permissions:
        rows = tuple((_capital(words(why)), name) for name, why in reading.permissions)
        yield Grid(words("Permissions that may be asked for"), (words("What for"), words("Permission")), rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def kept(running: Running, words: Words) -> tuple[Part, ...]:
    """The store's tables, and whether text is in them."""
    if running.holding is None:
        return (Text(words("This document was made without a store, so it does not say what a store holds.")),)
    text = (
        message(
            "The store comes from a scan: titles and texts were read in memory, labelled and dropped. People and "
            "meetings stand in it under pseudonyms; the key lies apart and can be destroyed."
        )
        if running.holding.scanned
        else message("No scan made this store: it holds the titles that its sources gave, for whoever holds the file.")
    )
    columns = tuple((name, ", ".join(found)) for name, found in running.holding.columns.items())
    return (
        Text(words(text)),
        Text(words("Of entries marked private or confidential no title and no text is ever stored.")),
        *(Text(f"{name}: {found}", "item") for name, found in columns),
    )


def how_long(running: Running, words: Words) -> tuple[Part, ...]:
    """The days each kind of data is kept."""
    if running.holding is None:
        return (Text(words("How long data is kept is a setting of the store, and none was given.")),)
    return (_days(running.holding, words), Text(words("Nothing runs by itself: `meetload retention` must be timed.")))


def _days(holding: Holding, words: Words) -> Grid:
    rows = tuple((words(KEPT[name]), words.count(days)) for name, days in holding.keeps.items())
    return Grid(words("How long data is kept"), (words("What"), words("Days")), rows)
