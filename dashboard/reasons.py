"""What the lower rooms say of files and accounts, in the reader's language: they speak English, and are known here.

A test reads those rooms and fails when one of them says something that this catalogue does not have.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from dashboard import refusals, uploads
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words

BLANK = re.compile(r"\{(\w+)\}")
SENTENCES = (
    uploads.NOT_OURS,
    uploads.CAME_BEFORE,
    uploads.LOCKED,
    uploads.BROKEN_ZIP,
    # Calendar files
    message("it is empty"),
    message("it is not a calendar file"),
    message("it holds no events, only free times, tasks or time zones"),
    message("it is larger than {size} GB; export a shorter span"),
    message("it is larger than {size} MB"),
    message("it has more than {count} attendees"),
    message("it begins and never ends"),
    message("the file holds more than {count} events; export a shorter span"),
    message("with it the file would hold more than {count} meetings and attendances"),
    message("with it the recurring events of the file would take too long to work out"),
    message("the series has more than {count} meetings in this span; the rest was not read"),
    message("older copies of events that are in the file again, left for the newest: {count}"),
    message("lines longer than 1 MB that were cut: {count}"),
    message("the time zone {name} is unknown; events read in {zone}: {count}"),
    message("lines that are not calendar text and were skipped: {count}"),
    message("and {count} more of such problems"),
    message("a time zone is more than a day away"),
    message("a time zone changes by a rule that is not yearly"),
    message("{name} is not a date or time"),
    message("{name} is not a date or time that exists"),
    message("the TZID of {name} holds a colon without quotes around it"),
    message("DURATION is not a length of time"),
    message("it has no DTSTART"),
    message("it ends before it starts"),
    message("it ends beyond the end of the calendar"),
    message("it lies outside the years {first} to {last}"),
    message("its RECURRENCE-ID lies outside the calendar"),
    message("it moves the rest of its series by more than a year"),
    message("each meeting of the series would last longer than a year"),
    message("it has more than {count} recurrence rules"),
    message("it repeats within the day (FREQ={frequency})"),
    message("it repeats more than {count} times a day"),
    message("its recurrence cannot be worked out"),
    message("its recurrence rule never comes round"),
    message("its recurrence rule names no frequency"),
    message("its recurrence rule follows another calendar than the Gregorian"),
    message("its recurrence rule has an {name} that is not a number"),
    message("its recurrence rule has a {name} that is not a list of numbers"),
    message("its recurrence rule has a BYDAY that is not a list of days"),
    message("its recurrence rule has an UNTIL that is not a date or time"),
    message("its recurrence rule has an UNTIL that does not exist"),
    message("there is no calendar file {name} in {folder}"),
    message("{file} cannot be read: {why}"),
    # Tables of an exchange folder
    message("not UTF-8; read as Windows-1252"),
    message("has {count} fields, the first line has {expected}"),
    message("cannot be read from here on ({why})"),
    message("columns not used: {names}"),
    message("end is before start"),
    message("no such meeting in the meetings file"),
    message("a probability lies outside 0 to 1"),
    message("{names} do not add up to 1"),
    message("a row with this {names} came before"),
    message("{column} is empty"),
    message("{column} is not text"),
    message("{column} is not a number"),
    message("{column} is not a whole number"),
    message("{column} is not true or false"),
    message("{column} is not a date such as {example}"),
    message("{column} is not a date and time such as {example}"),
    message("{column} is not one of {words}"),
    message("{file} is empty; it needs a first line with column names"),
    message("{file} is neither UTF-8 nor Windows-1252 text; save it as CSV (UTF-8) and try again"),
    message("{file} cannot be read as Parquet ({why})"),
    message("{file} lacks the column {names}; it has {found} (docs/exchange.md lists them)"),
    message(
        "{folder} is no exchange folder: {files} (.csv or .parquet) is missing; docs/exchange.md lists the files and "
        "columns"
    ),
    # The store and what was filled in
    message("{name} is not a time zone; name one as in Europe/Amsterdam"),
    message("{name} is not a time zone; write it like Europe/Amsterdam"),
    message("there is no file or folder {path}"),
    message("there is no store at {path}; make one with `meetload import PATH --store {store}`"),
    message("the folder {path} does not exist; make it first or choose another place with --store"),
    message("another meetload is writing to {path}; try again when it has finished"),
    message("{path} is not a meetload store ({why})"),
    message(
        "{path} was written by a newer meetload (schema {version}, this one knows {ours}); upgrade meetload to open it"
    ),
    *refusals.SENTENCES,
)


def said(words: Words, sentence: str) -> str | None:
    """A sentence of a lower room in the reader's language; None where it is not known here.

    A sentence may have another in one of its blanks, as in "signing in failed: the code was not entered in time".
    """
    for text, pattern in _patterns():
        if found := pattern.fullmatch(sentence):
            blanks = {name: said(words, inside) or inside for name, inside in found.groupdict().items()}
            return words(text, **blanks)
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every sentence as a pattern; those with the most words of their own first, for they fit most exactly."""
    ranked = sorted(SENTENCES, key=lambda text: -len(BLANK.sub("", text)))
    return tuple((text, re.compile(_pattern(text), re.DOTALL)) for text in ranked)


def _pattern(text: str) -> str:
    pieces = BLANK.split(text)
    return "".join(f"(?P<{piece}>.+)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
