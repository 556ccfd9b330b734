"""What is read in columns is what is read one by one: times, ids, pages, and the rows that come of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import Trouble
from connectors.google import moments as google_moments
from connectors.google import page as google_page
from connectors.google.events import Reader
from connectors.google.page import When
from connectors.identity import GLOBAL_OBJECT_ID, instance_key, instance_keys, meeting_id, meeting_ids
from connectors.outlook import page as outlook_page
from connectors.outlook import zones
from connectors.outlook.events import copies_of as outlook_copies_of
from connectors.outlook.page import When as OutlookWhen
from connectors.outlook.people import Book
from tests.connectors.fakes.google_reading import read
from tests.connectors.fakes.google_world import event, guest, occurrence
from tests.connectors.fakes.outlook_world import event as graph_event
from tests.connectors.fakes.outlook_world import goid
from tests.connectors.fakes.outlook_world import guest as graph_guest
from tests.written import Copy, Guest, batch_of, read_back

ANNA, BRAM, CARO, TEAM = (f"{name}@meridiaan.example" for name in ("anna", "bram", "caro", "team"))
ROOM = "c_188a@resource.calendar.google.com"
MORE = settings(max_examples=40, deadline=None)

times = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1)).map(lambda each: each.replace(microsecond=0))
finer = st.datetimes(datetime(1990, 1, 1), datetime(2150, 1, 1))
offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
odd = st.sampled_from(
    ["", "ooit", "2026-02-30T10:00:00Z", "0000-12-29T00:00:00.000Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
     "2026-03-30T10:00:00", "2026-W14-1T10:00:00Z", "20260330T100000Z", "2026-03-30 10:00:00+02", "2026-03-30T24:00:00Z"]
)  # fmt: skip
google_texts = st.one_of(
    st.builds(lambda moment, zone: moment.replace(tzinfo=zone).isoformat(), finer, offsets),
    times.map(lambda each: f"{each.isoformat()}Z"),
    times.map(lambda each: f"{each.isoformat()}.000Z"),
    odd,
)
graph_texts = st.one_of(
    finer.map(lambda each: f"{each.isoformat(timespec='microseconds')}0"), odd, st.just("0001-01-01T00:00:00.0000000")
)


@MORE
@given(st.lists(st.one_of(st.none(), finer, st.dates(date(1990, 1, 1), date(2150, 1, 1))), max_size=8))
def test_keys_of_many_occurrences_are_those_of_each(originals):
    days = [isinstance(each, date) and not isinstance(each, datetime) for each in originals]
    found = instance_keys(np.array(originals, dtype="datetime64[us]"), np.array(days, dtype=bool))
    assert found == [instance_key(each) for each in originals]


@MORE
@given(
    st.lists(st.sampled_from(["a@google.com", " a@google.com ", GLOBAL_OBJECT_ID + "07ea0315" + "ab" * 24, "\ud800"]))
)
def test_ids_of_many_meetings_are_those_of_each(uids):
    keys = [str(place % 3) for place in range(len(uids))]
    assert meeting_ids(uids, keys) == [meeting_id(uid, key) for uid, key in zip(uids, keys, strict=True)]


@MORE
@given(st.lists(google_texts, max_size=6), st.sampled_from(["UTC", "Europe/Amsterdam", "America/New_York"]))
def test_times_of_a_page_of_google_are_those_of_each(texts, zone):
    """One that Arrow cannot read sends all of them the long way."""
    whens = [When(text) for text in texts]
    together = google_moments.edges(whens, zone).tolist()
    assert together == [google_moments.edges([when], zone)[0].item() for when in whens]
    assert together == [long_way(google_moments.utc, text, zone) for text in texts]


@MORE
@given(st.lists(st.one_of(st.none(), google_texts), max_size=6))
def test_stamps_of_a_page_of_google_are_those_of_each(texts):
    assert google_moments.stamps(texts).tolist() == [long_way(google_moments.utc, text or "", "UTC") for text in texts]


def long_way(read_one, *given):
    try:
        return read_one(*given)
    except (ValueError, OverflowError):
        return None


@MORE
@given(
    st.lists(
        st.tuples(graph_texts, st.sampled_from(["UTC", "UTC", "UTC", "W. Europe Standard Time", "", None])), max_size=6
    )
)
def test_times_of_a_page_of_graph_are_those_of_each(written):
    whens = [OutlookWhen(text, zone) for text, zone in written]
    home = ZoneInfo("America/New_York")
    together = zones.moments(whens, home).tolist()
    assert together == [zones.moments([when], home)[0].item() for when in whens]
    assert together == [zones._moment(when, home) for when in whens]


@MORE
@given(st.lists(st.one_of(st.none(), graph_texts, times.map(lambda each: f"{each.isoformat()}Z")), max_size=6))
def test_stamps_of_a_page_of_graph_are_those_of_each(texts):
    assert zones.stamps(texts).tolist() == [long_way(zones.stamp, text) for text in texts]


def test_seven_digits_are_read_at_once_and_one_at_a_time_alike():
    text = "2026-01-05T09:00:00.1234567"
    assert zones.moments([OutlookWhen(text, "UTC")], UTC).tolist() == [datetime(2026, 1, 5, 9, 0, 0, 123456)]
    assert zones._moment(OutlookWhen(text, "UTC"), UTC) == datetime(2026, 1, 5, 9, 0, 0, 123456)


answers = st.sampled_from(["accepted", "declined", "tentative", "needsAction"])
lines = st.lists(
    st.builds(
        lambda who, answer, optional: guest(who, answer, **({"self": True} if who == ANNA else {}), **optional),
        st.sampled_from([ANNA, BRAM, CARO, BRAM.upper(), TEAM, ROOM, ""]),
        answers,
        st.sampled_from([{}, {"optional": True}, {"organizer": True}, {"resource": True}]),
    ),
    max_size=4,
)
manners = st.fixed_dictionaries(
    {
        "organizer": st.sampled_from([None, {"email": ANNA, "self": True}, {"email": BRAM}, {"email": ROOM}]),
        "attendees": st.one_of(st.none(), lines),
        "eventType": st.sampled_from(["default", "default", "focusTime", "outOfOffice", "birthday", None]),
        "transparency": st.sampled_from([None, "transparent"]),
        "visibility": st.sampled_from([None, "private"]),
        "guestsCanSeeOtherGuests": st.sampled_from([None, False]),
        "attendeesOmitted": st.sampled_from([None, True]),
        "status": st.sampled_from(["confirmed", "tentative"]),
        "hangoutLink": st.sampled_from([None, "https://meet.google.com/x"]),
        "updated": st.one_of(st.none(), google_texts),
    }
)


@st.composite
def google_events(draw):
    start = draw(times)
    was, end = f"{start.isoformat()}Z", f"{(start + timedelta(minutes=draw(st.integers(-10, 120)))).isoformat()}Z"
    number, more = draw(st.integers(0, 2)), draw(manners)
    if draw(st.booleans()):
        return occurrence(f"reeks{number}", was, was, end, **more)
    if draw(st.booleans()):
        return event(f"dag{number}", str(start.date()), str(start.date() + timedelta(days=1)), **more)
    return event(f"los{number}", was, end, **more)


@MORE
@given(st.lists(google_events(), max_size=6), st.booleans())
def test_a_page_of_google_is_its_events_one_by_one(given_events, hours_only):
    """Nothing of one event colours another, however much they share."""
    together = read(given_events, Reader(ANNA, {TEAM}, hours_only=hours_only))
    alone = [read([each], Reader(ANNA, {TEAM}, hours_only=hours_only)) for each in given_events]
    assert read_back(together.copies) == [copy for each in alone for copy in read_back(each.copies)]
    assert [each.id for each in together.unreadable] == [stray.id for each in alone for stray in each.unreadable]


@st.composite
def graph_events(draw):
    start, number = draw(times), draw(st.integers(0, 99))
    guests = st.builds(
        graph_guest,
        st.sampled_from([ANNA, BRAM, CARO.upper(), ROOM, TEAM]),
        st.sampled_from(["required", "optional", "resource"]),
        st.sampled_from(["accepted", "none", "declined"]),
    )
    given_parts = {
        "owner": draw(st.sampled_from([ANNA, BRAM, TEAM])),
        "leads": draw(st.booleans()),
        "attendees": draw(st.lists(guests, max_size=4)),
        "type": draw(st.sampled_from(["singleInstance", "occurrence", "exception"])),
        "originalStart": draw(st.sampled_from([None, "2026-01-05T08:00:00Z", "0001-01-01T00:00:00Z", "ooit"])),
        "iCalUId": draw(st.sampled_from([goid(str(number)), goid(str(number), start.date()), f"{number}@google.com"])),
        "isAllDay": draw(st.booleans()),
        "isCancelled": draw(st.booleans()),
        "showAs": draw(st.sampled_from(["busy", "free", "oof", "tentative", None])),
        "subject": draw(st.sampled_from(["Focustijd", "Reistijd", "Overleg", "Vakantie", None])),
        "categories": draw(st.sampled_from([None, [], ["Focus time"], [None]])),
        "hideAttendees": draw(st.booleans()),
    }
    return graph_event(f"e{number}", start, start + timedelta(minutes=draw(st.integers(-10, 120))), **given_parts)


@MORE
@given(st.lists(graph_events(), max_size=6))
def test_a_page_of_graph_is_its_events_one_by_one(given_events):
    book = Book(ANNA, frozenset({ANNA}), frozenset({ROOM}), frozenset({TEAM}))

    def found(some):
        page, _ = outlook_page.page_of(orjson.dumps({"value": some}))
        return outlook_copies_of(page.events, book)

    together, alone = found(given_events), [found([each]) for each in given_events]
    assert read_back(together.copies) == [copy for each in alone for copy in read_back(each.copies)]
    assert [(e.id, why) for e, why in together.refused] == [(e.id, why) for each in alone for e, why in each.refused]


people = [ANNA, BRAM, CARO, ROOM, TEAM]
copies = st.builds(
    Copy,
    uid=st.sampled_from(["a", "b", "c"]),
    start=times,
    end=times,
    original=st.one_of(st.none(), times),
    all_day=st.booleans(),
    organizer=st.sampled_from([None, ANNA, BRAM, TEAM]),
    own_response=st.sampled_from(["accepted", "none", "declined"]),
    guests=st.lists(
        st.builds(Guest, st.sampled_from(people), st.sampled_from(["required", "resource"]), st.just("tentative")),
        max_size=3,
        unique_by=lambda each: each.address,
    ).map(tuple),
    all_guests=st.booleans(),
    updated=st.one_of(st.none(), times),
    sequence=st.none(),
)


@MORE
@given(
    st.lists(copies, max_size=6),
    st.sampled_from([{}, {CARO: BRAM}, {BRAM: ANNA}]),
    st.sampled_from([frozenset(), frozenset({TEAM})]),
)
def test_rows_of_a_mailbox_are_the_rows_of_each_copy(written, aliases, groups):
    written = [each._replace(groups=groups) for each in written]
    latest: dict[str, Copy] = {}
    for copy in sorted(written, key=lambda each: (each.updated is not None, each.updated or datetime(1, 1, 1))):
        latest[copy.meeting_id] = copy
    found = batch_of(written, ANNA, "google", "UTC", aliases)
    meetings = {row.meeting_id: row for row in found.meetings.itertuples()}
    assert set(meetings) == set(latest)
    rows = {key: {} for key in latest}
    for row in found.attendance.itertuples():
        rows[row.meeting_id][row.person_id] = (row.role, row.response, row.hours)
    for key, copy in latest.items():
        expected = attendance(copy, aliases)
        assert rows[key] == expected
        count = sum(role != "resource" for role, _, _ in expected.values())
        known = copy.all_guests and groups.isdisjoint({copy.organizer, *(who for who, _, _ in copy.guests)})
        assert (meetings[key].headcount == count) if known else not isinstance(meetings[key].headcount, int)


def attendance(copy: Copy, aliases: dict[str, str]) -> dict[str, tuple[str, str, float]]:
    """Who attends a copy, said as plainly as it can be: the list, then the organizer, then the owner."""
    hours = 0.0 if copy.all_day else (copy.end - copy.start) / timedelta(hours=1)
    listed: dict[str, tuple[str, str]] = {}
    for who, role, answer in copy.guests:
        if who in copy.groups:
            continue
        listed.setdefault(aliases.get(who, who), (role, answer))
    leader = aliases.get(copy.organizer, copy.organizer)
    if leader and leader not in copy.groups:
        _, answer = listed.get(leader, ("", "none"))
        listed[leader] = ("organizer", "accepted" if answer == "none" else answer)
    role, _ = listed.get(ANNA, ("organizer" if leader in (None, ANNA) else "required", ""))
    own = "accepted" if role == "organizer" and copy.own_response == "none" else copy.own_response
    listed[ANNA] = (role, own)
    return {who: (*line, hours) for who, line in listed.items()}


GOOD = {"id": "een", "iCalUID": "een@google.com"}


@pytest.mark.parametrize(
    "broken",
    [
        b'"tekst"',
        b"[]",
        b"null",
        b'{"id": 5}',
        b'{"id": "x", "start": 7}',
        b'{"id": "x", "sequence": 3000000000, "isAllDay": 1}',
        b'{"id": "x", "%s": "\xff"}',
    ],
)
def test_what_is_no_event_costs_nothing_but_itself(broken):
    good = orjson.dumps(GOOD)
    for page_of, name, title, following in (
        (google_page.page_of, b"items", b"summary", b"nextPageToken"),
        (lambda body: outlook_page.page_of(body)[0], b"value", b"subject", b"@odata.nextLink"),
    ):
        spoilt = broken.replace(b"%s", title)
        page = page_of(b'{"%s": [%s, %s, %s], "%s": "verder"}' % (name, good, spoilt, good, following))
        assert [each.id for each in page.events] == ["een", "een"]
        assert len(page.unreadable) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"items": [{"id": "a"}', b'{"value": [{"id": "a"}', b"[]", b'"x"', b'{"items": 5, "value": 5}'],
)
def test_half_an_answer_is_trouble_and_never_a_shorter_calendar(body):
    with pytest.raises(Trouble):
        google_page.page_of(body)
    with pytest.raises(Trouble):
        outlook_page.page_of(body)
