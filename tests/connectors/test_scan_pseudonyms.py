"""A scan under pseudonyms: the same person and meeting are one across mailboxes, and nothing names anybody."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pandas as pd
import pytest

from connectors.contract import Pull, Window
from connectors.errors import Denied
from connectors.scan.outsiders import category
from connectors.scan.pseudonymous import PseudonymousSource
from store.frames import Batch
from store.pseudonyms import Pseudonyms, looks_like_pseudonym

NAMES = Pseudonyms(b"s" * 32, b"r" * 32)
ANNA, BO, ROOM = "anna@x.org", "bo@x.org", "zaal@resource.x.org"
NINE = datetime(2026, 1, 5, 9)
WINDOW = Window(datetime(2026, 1, 1), datetime(2026, 2, 1))
GUESTS = {
    ANNA: ("organizer", "accepted"),
    BO: ("required", "accepted"),
    "j.vos@gemeentelaagland.nl": ("required", "none"),
    "k.dam@gemeentehoogland.nl": ("required", "accepted"),
    "sales@acme.com": ("optional", "none"),
    ROOM: ("resource", "accepted"),
}


def batch() -> Batch:
    """One meeting of five people, three of them from outside, and a room."""
    meeting = {"meeting_id": "m", "series_id": "s", "start": NINE, "end": NINE.replace(hour=10), "title": "Overleg"}
    rows = [
        {"meeting_id": "m", "person_id": who, "role": role, "response": response, "hours": 1.0}
        for who, (role, response) in GUESTS.items()
    ]
    meetings = pd.DataFrame([meeting | {"organizer_id": ANNA, "headcount": 5, "source": "two"}])
    return Batch(meetings=meetings, attendance=pd.DataFrame(rows)).tidied()


class Two:
    """A source of two mailboxes with the same meeting in both."""

    name = "two"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def mailboxes(self):
        yield from (ANNA, BO)

    def pull(self, mailbox, asked, token=None):
        del asked
        self.asked.append((mailbox, token))
        if token == "closed":
            raise Denied(f"{mailbox} is closed to us")
        return Pull(batch(), owner=mailbox, token=f"next of {mailbox}", tombstones=("gone",), counts=Counter(events=1))


def hidden(objecting=()):
    known = {NAMES.person(ANNA), NAMES.person(BO)}
    return PseudonymousSource(Two(), NAMES, known, objecting)


def test_both_copies_of_a_meeting_have_the_same_ids_and_people():
    source = hidden()
    first, second = (source.pull(mailbox, WINDOW) for mailbox in source.mailboxes())
    assert list(first.batch.meetings["meeting_id"]) == list(second.batch.meetings["meeting_id"])
    assert set(first.batch.attendance["person_id"]) == set(second.batch.attendance["person_id"])
    assert [first.owner, second.owner] == [NAMES.person(ANNA), NAMES.person(BO)]
    assert list(first.batch.meetings["organizer_id"]) == [NAMES.person(ANNA)]


def test_outsiders_are_a_category_each_and_counted():
    source = hidden()
    pull = source.pull(next(source.mailboxes()), WINDOW)
    rows = pull.batch.attendance.set_index("person_id")
    outside = {each for each in rows.index if not looks_like_pseudonym(each)}
    assert outside == {"outside:government", "outside:other"}
    assert rows.loc["outside:government", "response"] == "accepted"
    assert rows.loc[NAMES.person(ROOM), "role"] == "resource"
    assert list(pull.batch.meetings["headcount"]) == [5]
    assert list(pull.batch.meetings["headcount_external"]) == [3]


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("a@minbzk.nl", "government"),
        ("a@provincieutrecht.nl", "government"),
        ("a@nhs.gov.uk", "government"),
        ("a@dept.state.gov", "government"),
        ("a@omroep.nl", "other"),
        ("a@minder.nl", "other"),
        ("a@localhost", "unknown"),
        ("jan", "unknown"),
    ],
)
def test_the_category_of_an_address(address, kind):
    assert category(address) == f"outside:{kind}"


def test_who_objects_is_not_read_and_in_nobodys_list():
    source = hidden({NAMES.person(ANNA)})
    assert list(source.mailboxes()) == [NAMES.person(BO)]
    pull = source.pull(NAMES.person(BO), WINDOW)
    assert NAMES.person(ANNA) not in set(pull.batch.attendance["person_id"])
    assert pull.batch.meetings["organizer_id"].isna().all()
    assert list(pull.batch.meetings["headcount"]) == [5], "head counts stay"


def test_tokens_are_sealed_and_opened_for_the_source_only():
    source = hidden()
    mailbox = next(source.mailboxes())
    first = source.pull(mailbox, WINDOW)
    assert "anna" not in str(first.token)
    source.pull(mailbox, WINDOW, first.token)
    assert source.source.asked[-1] == (ANNA, f"next of {ANNA}")
    assert first.tombstones == (NAMES.meeting("gone"),)


def test_an_error_names_the_mailbox_by_its_pseudonym():
    source = hidden()
    mailbox = next(source.mailboxes())
    with pytest.raises(Denied) as told:
        source.pull(mailbox, WINDOW, NAMES.sealed("closed"))
    assert str(told.value) == f"{mailbox} is closed to us"


def test_another_key_gives_other_pseudonyms_and_the_same_lasting_names():
    later = Pseudonyms(b"t" * 32, b"r" * 32)
    one, other = NAMES.person(ANNA), later.person("  ANNA@x.org")
    assert one != other
    assert NAMES.lasting(one) == later.lasting(other)
    assert later.again(NAMES.lasting(one)) == other
    assert NAMES.meeting("m") != later.meeting("m")
    assert later.opened(NAMES.sealed("token")) is None


def test_pseudonyms_are_a_permutation_of_people():
    people = [f"p{number}@x.org" for number in range(2_000)]
    assert len({NAMES.person(each) for each in people}) == len(people)
    assert all(looks_like_pseudonym(NAMES.person(each)) for each in people)
    assert not pd.Series([NAMES.person(each) for each in people]).str.contains("@").any()
