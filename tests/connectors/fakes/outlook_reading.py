"""What the tests of the Outlook source share: reading from the fake, and rows in an order of their own."""

from __future__ import annotations

from datetime import timedelta

import orjson

from connectors.contract import Window
from connectors.errors import Throttled, Trouble
from connectors.outlook.client import Graph
from connectors.outlook.events import copies_of
from connectors.outlook.page import Event, page_of
from connectors.outlook.people import Book
from connectors.outlook.source import OutlookSource
from tests.connectors.fakes.outlook_world import MONDAY
from tests.written import Copy, read_back

ANNA = "anna@example.org"
NINE = MONDAY + timedelta(hours=9)
YEAR = Window(MONDAY, MONDAY + timedelta(weeks=52))


class UnreadableError(Exception):
    """An event was left out; carries the reason."""


def event_of(given: dict) -> Event:
    """The event as a page of it is read."""
    (found,) = page_of(orjson.dumps({"value": [given]}))[0].events
    return found


def copy_of(given: dict, book: Book) -> Copy:
    """The copy that one event makes."""
    read = copies_of([event_of(given)], book)
    for _, reason in read.refused:
        raise UnreadableError(reason)
    (copy,) = read_back(read.copies)
    return copy


def anna(case):
    return case.fake.addresses()[ANNA]


def pull(case, token=None):
    return case.source.pull(case.mailbox, case.window, token)


def source_of(fake, **given):
    world = fake.world
    rooms, groups = [each["emailAddress"] for each in world.rooms], [each["mail"] for each in world.groups]
    return OutlookSource(Graph(fake.settings(**given), fake.sign_in()), fake.addresses(), rooms=rooms, groups=groups)


def rows(pull):
    """The tables of a pull in an order of their own."""
    frames = {table.name: frame.sort_values(list(table.key), ignore_index=True) for table, frame in pull.batch}
    return {name: frame.to_csv(index=False) for name, frame in frames.items()}


def starts(pull):
    return sorted(pull.batch.meetings["start"])


def patiently(source, mailbox, window, token=None):
    """Ask until it is given, as the scan does but without waiting."""
    for _ in range(60):
        try:
            return source.pull(mailbox, window, token)
        except (Throttled, Trouble):
            continue
    raise AssertionError("it never came")
