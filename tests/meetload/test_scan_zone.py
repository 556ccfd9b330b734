"""The zone of a scan: rows under pseudonyms, a key apart that can be destroyed, and rights that still work."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from typer.testing import CliRunner

from classify import versions
from connectors.chart import chart_of, entries_of, read_chart
from connectors.contract import Pull, Window
from connectors.errors import NoCalendar
from connectors.scan.settings import ScanSettings
from connectors.secrets.file import FileSecrets
from dashboard.signin import Gate
from meetload import minimising, scankey
from meetload.cli import app
from meetload.forgetting_person import forget_person
from meetload.importing import import_sources
from meetload.minimising import DROPPED, KEPT
from meetload.proving import DECODED, prove
from meetload.pulling import pull_organisation, pull_own, write_chart
from meetload.releasing import _with_names, read_wanted
from meetload.serving import by_pseudonym
from privacy.door import Door
from privacy.identity import Grant, Grants
from privacy.refusal import Refusal
from privacy.registry import objecting
from privacy.viewer import Viewer
from store import journal
from store.copies import copies_path
from store.database import Store, writing
from store.errors import BadInput
from store.frames import Batch, tidy
from store.pseudonyms import looks_like_pseudonym
from store.schema import LABELLED, MEETINGS
from store.subjects import Subject
from store.tables import to_pandas

NOW, TODAY = datetime(2026, 3, 2, 12), date(2026, 3, 2)
MONDAY = datetime(2026, 1, 5)
WINDOW = Window(MONDAY, datetime(2026, 3, 1))
PEOPLE = {f"kanarie{number}@geheimdomein.nl": f"Kwikstaart Nummer{number}" for number in range(8)}
HEAD, *STAFF = PEOPLE
ALIAS = "bijnaam@oudedomein.nl"
OUTSIDER = "buitenstaander@vreemddomein.com"
TITLE = "Geheimtitel wie beslist"
SENSITIVE = "Gesprek bedrijfsarts Kwikstaart"
CLOSED = STAFF[-1]


class Tenant:
    """Mailboxes of a made-up organisation; the last one is closed."""

    name = "google"

    def mailboxes(self):
        yield from PEOPLE

    def pull(self, mailbox, window, token=None):
        if mailbox == CLOSED:
            raise NoCalendar(f"{mailbox} has no calendar")
        meetings = [meeting(week, kind) for week in range(3) for kind in ("team", "ill") if mailbox in guests(kind)]
        rows = [
            {"meeting_id": each["meeting_id"], "person_id": who, "response": "accepted", "hours": 1.0}
            for each in meetings
            for who in guests(each["meeting_id"].split("-")[1])
        ]
        batch = Batch(meetings=pd.DataFrame(meetings), attendance=pd.DataFrame(rows)).tidied()
        counts = Counter(events=len(meetings))
        return Pull(batch, owner=mailbox, token=f"token of {mailbox}", complete=token is None, counts=counts)


def guests(kind):
    return [HEAD, STAFF[0]] if kind == "ill" else [*PEOPLE, OUTSIDER]


def meeting(week, kind):
    start = MONDAY + timedelta(weeks=week, hours=9 if kind == "team" else 14)
    ill = kind == "ill"
    return {
        "meeting_id": f"uid{week}-{kind}-geheimdomein",
        "series_id": f"reeks-{kind}-geheimdomein",
        "start": start,
        "end": start + timedelta(hours=1),
        "title": SENSITIVE if ill else TITLE,
        "body": "Geheimtekst",
        "organizer_id": HEAD,
        "headcount": len(guests(kind)),
        "source": "google",
    }


def chart():
    rows = [
        {
            "person_id": who,
            "email": who,
            "name": name,
            "department": "Vergunningen",
            "function": "adviseur",
            "manager": None if who == HEAD else HEAD,
            "aliases": (ALIAS,) if who == HEAD else (),
        }
        for who, name in PEOPLE.items()
    ]
    return chart_of(entries_of(rows), "google")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    """A folder with a scan and its keys, made once; every test has a copy of it."""
    folder = tmp_path_factory.mktemp("scanned")
    (folder / "zone").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # What the model says is not at stake here, and it takes most of a scan's time.
        patch.setattr(versions, "current", lambda *_: None)
        patch.setattr(minimising, "label_meetings", all_coordination)
        keys_in(folder, patch)
        scan(folder / "zone" / "scan.db")
        yield folder


def all_coordination(tables, _):
    ids = to_pandas(tables.meetings.select("meeting_id"))
    return tidy(LABELLED, ids.assign(label="coordination", probability=0.9, model_version="test"))


def keys_in(folder, patch):
    place = FileSecrets(folder / "elsewhere")
    patch.setattr(scankey, "all_places", lambda: [place])
    patch.setattr(scankey, "usual_place", lambda: place)
    return place


@pytest.fixture
def secrets(tmp_path, monkeypatch, scanned):
    shutil.copytree(scanned, tmp_path, dirs_exist_ok=True)
    return keys_in(tmp_path, monkeypatch)


@pytest.fixture
def store(tmp_path, secrets):
    return tmp_path / "zone" / "scan.db"


def kept(place):
    return FileSecrets.keys(place)


def scan(path):
    how = ScanSettings(tokens=True, seed=3)
    return pull_organisation(Tenant(), path, WINDOW, {"timezone": "Europe/Amsterdam"}, chart(), how, today=TODAY)


def canaries():
    return Subject(
        HEAD,
        (*STAFF, ALIAS, OUTSIDER, "geheimdomein", "token of"),
        (*PEOPLE.values(), TITLE, SENSITIVE, "Geheimtekst", "bedrijfsarts"),
    )


def run(*arguments, code=0):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def pseudonym(path, who):
    opened = Store(path)
    return scankey.known_as(opened, who, scankey.names_of(opened))


# What lies in the zone


def test_no_name_address_title_or_id_of_the_source_is_in_any_file(store):
    found = prove(sorted(store.parent.iterdir()), canaries())
    assert found.columns > 100
    assert len(DECODED) > 5
    assert {file.name for file in store.parent.iterdir()} >= {"scan.db", "scan.db.copies"}
    assert found.hits == ()


def test_rows_hold_pseudonyms_and_only_the_fields_that_are_named(store):
    opened = Store(store)
    people, meetings = opened.frame("people"), opened.frame("meetings")
    assert all(map(looks_like_pseudonym, people["person_id"]))
    assert set(people["manager_id"].dropna()) == {pseudonym(store, HEAD)}
    assert people[["name", "email"]].isna().all(axis=None)
    assert sorted(people["level"]) == [1] + [2] * 7
    assert len(meetings) == 6
    assert meetings[list(DROPPED)].isna().all(axis=None)
    assert set(opened.frame("attendance")["person_id"]) - set(people["person_id"]) == {"outside:other"}
    assert set(opened.frame("labels")["meeting_id"]) == set(meetings["meeting_id"])


def test_every_field_of_a_meeting_is_either_kept_or_dropped():
    assert {*KEPT, *DROPPED} == set(MEETINGS.given)
    assert {"title", "body"} <= set(DROPPED)


def test_a_team_is_not_called_after_what_can_be_worked_out_from_an_address(store):
    teams = set(Store(store).frame("people")["team"])
    assert teams & set(chart().people["team"]) <= {"Vergunningen"}
    assert len(teams) == 2


def test_a_sensitive_meeting_keeps_its_hours_and_nothing_else(store):
    opened = Store(store)
    meetings, labels = opened.frame("meetings"), opened.frame("labels").set_index("meeting_id")
    ill = meetings[meetings["headcount"] == 2]
    assert len(ill) == 3
    assert ill["is_private"].all()
    assert ill["series_id"].isna().all()
    assert set(labels.loc[ill["meeting_id"], "label"]) == {"other"}
    hours = opened.frame("attendance").groupby("meeting_id")["hours"].sum()
    assert set(hours[ill["meeting_id"]]) == {2.0}
    assert set(labels.drop(ill["meeting_id"])["label"]) == {"coordination"}


def test_the_same_scan_twice_changes_nothing(store):
    before = Store(store).frame("meetings")
    again = scan(store)
    assert not any(again.changes.values())
    pd.testing.assert_frame_equal(Store(store).frame("meetings"), before)


def test_an_error_of_a_mailbox_is_kept_without_its_address(store):
    assert scan(store).report.coverage["no_calendar"] == 1
    assert not prove([copies_path(store)], Subject(CLOSED)).hits


# The key


def test_the_keys_lie_apart_for_their_owner_alone(store, secrets):
    assert [key.partition("/")[0] for key in kept(secrets)] == ["register", "scan"]
    assert secrets.file.stat().st_mode & 0o077 == 0
    values = [secrets.load(key) for key in kept(secrets)]
    assert not any(each.encode() in file.read_bytes() for each in values for file in store.parent.iterdir())


def test_a_destroyed_key_takes_everybody_out_of_reach_and_is_in_the_journal(store, secrets):
    one = pseudonym(store, HEAD)
    said = run("destroy-key", "--store", store, "--approver", "Ada", "--approver", "Ben")
    assert "is destroyed" in said
    assert [key.partition("/")[0] for key in kept(secrets)] == ["register"]
    assert not copies_path(store).exists()
    rows = journal.in_order(Store(store).frame("journal"))
    assert rows["action"].iloc[-1] == "destroy the key of a scan"
    assert "Ada and Ben" in rows["scope"].iloc[-1]
    assert journal.check(Store(store)) == []
    assert one in set(Store(store).frame("people")["person_id"])
    with pytest.raises(BadInput, match="was destroyed"):
        forget_person(HEAD, store, NOW)


def test_destroying_takes_two_people_and_a_scan(store, tmp_path):
    with pytest.raises(BadInput, match="2 people"):
        scankey.destroy(store, ["Ada", " Ada "], NOW)
    with writing(tmp_path / "own.db"):
        pass
    with pytest.raises(BadInput, match="is not the scan"):
        scankey.destroy(tmp_path / "own.db", ["Ada", "Ben"], NOW)


def test_the_next_scan_has_a_new_key_and_nothing_of_the_one_before(store):
    before = {name: set(Store(store).frame(name)["meeting_id"]) for name in ("meetings", "attendance", "labels")}
    people = set(Store(store).frame("people")["person_id"])
    scankey.destroy(store, ["Ada", "Ben"], NOW)
    scan(store)
    opened = Store(store)
    for name, ids in before.items():
        assert len(set(opened.frame(name)["meeting_id"])) == len(ids)
        assert ids.isdisjoint(opened.frame(name)["meeting_id"])
    assert people.isdisjoint(opened.frame("people")["person_id"])
    assert not prove([store], Subject("", tuple(people))).hits


def test_a_scan_without_its_key_says_where_to_run(store, secrets):
    for key in kept(secrets):
        secrets.forget(key)
    with pytest.raises(Exception, match="not on this machine"):
        scankey.names_of(Store(store))


# Rights of people


@pytest.mark.parametrize("who", [HEAD, ALIAS, HEAD.upper()])
def test_somebody_is_found_by_any_address_as_long_as_the_key_is_there(store, tmp_path, who):
    out = tmp_path / "mine.json"
    run("mydata", "--person", who, "--out", out, "--store", store)
    data = json.loads(out.read_text())
    assert data["person_id"] == pseudonym(store, HEAD)
    assert len(data["meetings"]) == 6
    assert data["reports"] == 7


def test_nobody_is_found_under_another_address(store):
    with pytest.raises(BadInput, match="nobody in this scan"):
        scankey.find_in(Store(store), "somebody@else.org")


def test_an_objection_holds_in_this_scan_and_in_the_next_with_another_key(store):
    for person, rows in ((STAFF[0], "deleted"), (STAFF[1], "deleted")):
        assert rows in run("objection", "--person", person, "--store", store)
    gone = {pseudonym(store, STAFF[0]), pseudonym(store, STAFF[1])}
    opened = Store(store)
    assert objecting(opened, scankey.names_of(opened)) == gone
    for again in (False, True):
        if again:
            scankey.destroy(store, ["Ada", "Ben"], NOW)
        scan(store)
        assert gone.isdisjoint(Store(store).frame("attendance")["person_id"])
        assert set(Store(store).frame("meetings")["headcount"]) == {2, 9}
    fresh = {pseudonym(store, STAFF[0]), pseudonym(store, STAFF[1])}
    assert fresh.isdisjoint(gone)


def test_somebody_can_object_between_two_scans_when_the_key_is_gone(store):
    scankey.destroy(store, ["Ada", "Ben"], NOW)
    run("objection", "--person", STAFF[2], "--store", store)
    scan(store)
    assert pseudonym(store, STAFF[2]) not in set(Store(store).frame("attendance")["person_id"])
    run("objection", "--person", STAFF[2], "--store", store, "--withdraw")
    scan(store)
    assert pseudonym(store, STAFF[2]) in set(Store(store).frame("attendance")["person_id"])


def test_a_person_of_a_scan_is_forgotten_with_proof(store):
    was = pseudonym(store, STAFF[0])
    gone = forget_person(STAFF[0], store, NOW)
    assert gone.proof.holds, gone.proof.hits
    assert gone.store.attendance == 6
    assert gone.copies > 0
    assert was not in set(Store(store).frame("attendance")["person_id"])


def test_who_may_be_named_is_told_by_address_and_called_as_was_written_down(store, tmp_path):
    file = tmp_path / "policy.toml"
    line = f'"{ALIAS}" = {{ day = 2026-02-01, name = "De Chef" }}'
    file.write_text(
        f'[names]\nlegal_basis = "b"\nworks_council = "c"\n[names.told]\n{line}\n"{STAFF[0]}" = 2026-02-02\n'
    )
    opened = Store(store)
    named = _with_names(opened, read_wanted(file).named, scankey.names_of(opened))
    chief, other = pseudonym(store, HEAD), pseudonym(store, STAFF[0])
    assert named.told == {chief: "2026-02-01", other: "2026-02-02"}
    assert named.names == {chief: "De Chef", other: STAFF[0]}


# One zone, one file


def test_a_chart_from_a_file_goes_under_the_same_pseudonyms(store, tmp_path):
    before = Store(store).frame("people").set_index("person_id")
    file = tmp_path / "chart.csv"
    lines = [
        f"P{number};{who};{name};{'' if who == HEAD else 'P0'};Toezicht"
        for number, (who, name) in enumerate(PEOPLE.items())
    ]
    file.write_text("id;email;naam;leidinggevende;afdeling\n" + "\n".join(lines) + "\n")
    with writing(store) as writer:
        write_chart(writer, read_chart(file), date(2026, 3, 9))
    after = Store(store).frame("people")
    assert set(after["person_id"]) == set(before.index)
    now = after[after["valid_to"].isna()]
    assert set(now["department"]) == {"Toezicht"}
    assert pseudonym(store, "P0") == pseudonym(store, HEAD)
    assert not prove([store], canaries()).hits


def test_a_chart_that_was_there_before_the_scan_goes_under_its_pseudonyms(tmp_path, secrets):
    path = tmp_path / "scan.db"
    with writing(path) as writer:
        write_chart(writer, chart(), TODAY)
    assert set(Store(path).frame("people")["person_id"]) == set(PEOPLE)
    run("objection", "--person", STAFF[0], "--store", path)
    scan(path)
    assert len(Store(path).frame("people")) == 8
    assert pseudonym(path, STAFF[0]) not in set(Store(path).frame("attendance")["person_id"])
    assert not prove([path, copies_path(path)], canaries()).hits


def test_calendars_and_scans_do_not_mix(store, tmp_path):
    with pytest.raises(BadInput, match="under pseudonyms"):
        pull_own(Tenant(), store, WINDOW, (HEAD,), "Europe/Amsterdam", tokens=False)
    with pytest.raises(BadInput, match="under pseudonyms"):
        import_sources([Tenant()], store, WINDOW, {})
    own = tmp_path / "own.db"
    pull_own(_One(), own, WINDOW, (HEAD,), "Europe/Amsterdam", tokens=False)
    with pytest.raises(BadInput, match="a store of its own"):
        scan(own)
    assert TITLE in set(Store(own).frame("meetings")["title"])


class _One(Tenant):
    def mailboxes(self):
        yield HEAD


def test_whoever_signs_in_sees_the_own_card_of_a_scan_until_its_key_is_gone(store):
    lines = (Grant("id-1", Viewer("self", person_id=HEAD), personal=True),)
    gate = Gate(None, Grants(lines), "https://meetload.example.org")
    (own,) = by_pseudonym(gate, Store(store)).grants.of({"sub": "id-1"}).viewers
    assert looks_like_pseudonym(own.person_id)
    opened = Door(Store(store), TODAY, signed_in=True)
    assert opened.split(own, opened.overview().period).hours > 0
    scankey.destroy(store, ("one", "two"), NOW)
    (lost,) = by_pseudonym(gate, Store(store)).grants.of({"sub": "id-1"}).viewers
    assert isinstance(opened.split(lost, opened.overview().period), Refusal)
