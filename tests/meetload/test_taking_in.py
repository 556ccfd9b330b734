"""Files from the browser into a store: read, labelled, told step by step."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.ics.source import IcsSource
from dashboard.intake import Account, Given
from meetload import connecting
from meetload.taking_in import TakingIn
from privacy.door import Door
from privacy.viewer import Viewer
from store.database import Store, writing
from store.errors import BadInput

ME = "anna@example.org"
TITLE = "Rollen en mandaat vastleggen"
EVENT = (
    "BEGIN:VEVENT\r\nUID:{day}@x\r\nDTSTART:202608{day:02d}T090000Z\r\nDTEND:202608{day:02d}T100000Z\r\n"
    f"SUMMARY:{TITLE}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}\r\nATTENDEE:mailto:bob@example.org\r\nEND:VEVENT\r\n"
)
BROKEN = f"BEGIN:VEVENT\r\nUID:b\r\nDTSTART:soon\r\nSUMMARY:{TITLE}\r\nEND:VEVENT\r\n"


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "own.db"
    with writing(path):
        pass
    return path


def calendars(tmp_path, *texts):
    folder = tmp_path / "calendars"
    folder.mkdir()
    for number, text in enumerate(texts, 1):
        (folder / f"{number:04d}.ics").write_text(text, encoding="utf-8", newline="")
    return folder


def test_calendars_become_a_first_answer(tmp_path, store):
    events = "".join(EVENT.format(day=day) for day in range(3, 29))
    folder = calendars(tmp_path, f"BEGIN:VCALENDAR\r\n{events}{BROKEN}END:VCALENDAR\r\n", "nothing of the kind")
    told = []
    taken = TakingIn(store)(Given(folder, None, "Anna@Example.org", "Europe/Amsterdam"), lambda *far: told.append(far))
    assert (taken.counts["files"], taken.counts["new"], taken.counts["rejected"]) == (2, 26, 2)
    assert told == [("reading", 0, 2), ("reading", 1, 2), ("reading", 2, 2), ("labelling", 0, 0)]
    assert {(each.file, each.reason) for each in taken.problems} == {
        ("0001.ics", "DTSTART is not a date or time"),
        ("0002.ics", "it is not a calendar file"),
    }
    assert all(TITLE not in str(each) for each in taken.problems)
    door = Door(Store(store), date(2026, 11, 21))
    assert door.viewers()[0] == Viewer("self", person_id=ME)
    split = door.split(door.viewers()[0], door.overview().period)
    assert split.hours == 26
    assert door.overview().labelled == 1


class Elsewhere:
    """Stands for a calendar at a vendor: one mailbox, and what a file holds."""

    name = "google"

    def __init__(self, folder) -> None:
        self.file = IcsSource(folder, (ME,), "Europe/Amsterdam")

    def mailboxes(self):
        yield ME

    def pull(self, mailbox, window, token=None):
        return self.file.pull("0001.ics", window)


def test_an_account_becomes_a_first_answer_and_reading_it_again_is_no_failure(tmp_path, store, monkeypatch):
    events = "".join(EVENT.format(day=day) for day in range(3, 29))
    source = Elsewhere(calendars(tmp_path, f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n"))
    asked = []
    monkeypatch.setattr(connecting, "_source", lambda *given: asked.append(given) or source)
    account, told = Account("google", "client.json"), []
    taken = TakingIn(store)(Given(None, None, "", "Europe/Amsterdam", account), lambda *far: told.append(far[0]))
    assert asked[0][:2] == (account, "Europe/Amsterdam")
    assert told == ["labelling"]
    assert (taken.counts["new"], taken.counts["occurrences"]) == (26, 26)
    door = Door(Store(store), date(2026, 11, 21))
    assert door.viewers()[0] == Viewer("self", person_id=ME)
    assert door.overview().labelled == 1
    again = TakingIn(store)(Given(None, None, "", "", account), lambda *_: None)
    assert again.counts["new"] == 0
    assert again.counts["occurrences"] == 26


def test_a_store_keeps_its_owner_and_zone_where_nothing_is_said(tmp_path, store):
    with writing(store) as writer:
        writer.set("owner", "P1")
        writer.set("timezone", "Asia/Tokyo")
    TakingIn(store)(Given(calendars(tmp_path, "x"), None, "", ""), lambda *_: None)
    assert (Store(store).setting("owner"), Store(store).timezone) == ("P1", "Asia/Tokyo")


def test_half_an_exchange_folder_is_refused_whole(tmp_path, store):
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "meetings.csv").write_text("meeting_id,start,end\n")
    with pytest.raises(BadInput, match="attendance"):
        TakingIn(store)(Given(None, tables, "", ""), lambda *_: None)
