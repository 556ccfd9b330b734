"""What reading an account may not do: half of it, as somebody else, or without an end."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.asking import Stopped
from connectors.contract import Pull
from connectors.errors import Denied, NoCalendar, Throttled
from connectors.ics.source import IcsSource
from connectors.identity import Known
from dashboard.intake import Account, Given
from meetload import connecting, windows
from meetload.connecting import _Pace
from meetload.options import window_of
from meetload.pulling import owner_of, pull_own
from meetload.taking_in import TakingIn
from store.database import Store, writing
from store.errors import BadInput, Problem, Unreachable

ME, ALSO_ME = "anna@example.org", "anna@home.example"
WINDOW = window_of("2026-01-01", "2026-12-31")


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "own.db"
    with writing(path):
        pass
    return path


class Closed:
    """A calendar that always says the same."""

    name = "google"

    def __init__(self, error):
        self.error = error

    def mailboxes(self):
        yield ME

    def pull(self, *_):
        if isinstance(self.error, Pull):
            return self.error
        raise self.error


@pytest.mark.parametrize("error", [Denied("it is closed (403)"), NoCalendar("there is no such calendar (404)")])
def test_a_calendar_that_is_closed_is_an_error_and_the_store_stays_as_it_was(store, error):
    before = store.read_bytes()
    with pytest.raises(Unreachable, match=str(error).partition("(")[0]):
        pull_own(Closed(error), store, WINDOW, (ME,), "UTC", tokens=True)
    assert store.read_bytes() == before


def test_what_was_read_otherwise_is_not_said_to_be_left_out(store, monkeypatch):
    noted = Pull(problems=(Problem(ME, "2 events were kept", rejected=False),), owner=ME)
    monkeypatch.setattr(connecting, "_source", lambda *_: Closed(noted))
    taken = TakingIn(store)(Given(None, None, "", "UTC", Account("outlook", "id")), lambda *_: None)
    assert taken.problems == (Problem("Outlook", "2 events were kept", rejected=False),)
    assert taken.counts["occurrences"] == 0


def test_a_wait_is_told_in_seconds_and_ends_when_somebody_gives_up():
    told, given = [], Account("google", "file")
    pace = _Pace(given, lambda *what: told.append(what))
    pace.read(0)
    pace.read(250)
    pace.sleep(0.01)
    given.visit.given_up.set()
    with pytest.raises(Stopped):
        pace.sleep(600)
    assert told == [
        ("reading", 0, 0), ("reading", 250, 0), ("waiting", 0, 1), ("reading", 0, 0), ("waiting", 0, 600),
    ]  # fmt: skip


def test_a_page_of_the_vendor_that_is_not_encrypted_is_opened_nowhere(monkeypatch):
    opened, given = [], Account("google", "file")
    monkeypatch.setattr(connecting, "open_window", opened.append)
    monkeypatch.setattr(connecting, "has_browser", lambda: True)
    asking = _Pace(given, lambda *_: None).asking()
    for address in ("http://vendor.example", "javascript:alert(1)", "file:///etc/passwd"):
        with pytest.raises(BadInput, match="not encrypted"):
            asking.lead(address, 300)
    asking.lead("https://vendor.example", 300)
    assert (opened, given.visit.address) == (["https://vendor.example"], "https://vendor.example")


def test_a_second_calendar_is_of_the_same_person(tmp_path, store):
    folder = tmp_path / "calendars"
    folder.mkdir()
    days = (date(2026, 8, day) for day in range(3, 8))
    (folder / "a.ics").write_text(
        "BEGIN:VCALENDAR\r\n" + "".join(
            f"BEGIN:VEVENT\r\nUID:{day}@x\r\nDTSTART:{day:%Y%m%d}T090000Z\r\nDTEND:{day:%Y%m%d}T100000Z\r\nSUMMARY:x\r\n"
            f"ATTENDEE:mailto:{ME}\r\nATTENDEE:mailto:bob@example.org\r\nEND:VEVENT\r\n"
            for day in days
        ) + "END:VCALENDAR\r\n", newline="",
    )  # fmt: skip
    assert owner_of(store) is None
    pull_own(IcsSource(folder, (ME,), "UTC"), store, WINDOW, (ME,), "UTC", tokens=False)
    assert owner_of(store) == Known(ME, frozenset({ME}))
    pull_own(Closed(Pull(owner=ME)), store, WINDOW, (ALSO_ME,), "UTC", tokens=False, known=owner_of(store))
    assert owner_of(store) == Known(ME, frozenset({ME, ALSO_ME}))
    assert list(Store(store).frame("people")["person_id"]) == [ME]


def test_a_vendor_that_asks_to_wait_at_the_first_question_is_asked_again(monkeypatch):
    from meetload import tenants

    waited, answers = [], [Throttled("asks to slow down", 7.0), "the source"]

    def source(*_, **__):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(tenants, "sign_in", lambda *_: None)
    monkeypatch.setattr(tenants, "own_source", source)
    how = tenants.Reading(sleep=waited.append)
    found = tenants.google_own(None, None, "UTC", shared=False, hours_only=False, file=None, how=how)
    assert (found, len(waited), waited[0] >= 7) == ("the source", 1, True)


def test_on_a_machine_without_a_screen_the_address_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(windows, "has_browser", lambda: False)
    windows.on_a_terminal().lead("https://vendor.example/?state=[a]", 300)
    assert "within 300 seconds: https://vendor.example/?state=[a]" in capsys.readouterr().out
