"""A hundred planted words in titles, bodies, names and addresses of a scanned organisation: none is found anywhere.

Searched are the store, the queue, the folder of kept answers, the ledger, the journal, the log of views, the release, every
page and file of both doors, the report, and all that was printed; each as it stands and decoded.
"""

from __future__ import annotations

import base64
import gzip
import re
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from dashboard_planted import ask

from classify import versions
from connectors.chart import chart_of, entries_of
from connectors.contract import Pull, Window
from connectors.errors import NoCalendar
from connectors.scan.settings import ScanSettings
from connectors.secrets.file import FileSecrets
from dashboard.app import create_app
from dashboard.pages import PAGES
from meetload import minimising, scankey
from meetload.proving import prove
from meetload.pulling import pull_organisation
from meetload.releasing import Approval, Wanted, release_quarter
from meetload.reporting import Asked, write_released_report
from privacy.door import Door
from privacy.policy import Policy
from privacy.release.file import make_key, read_releases
from privacy.release.ledger import read_ledger
from privacy.released_door import ReleasedDoor
from store.database import Store
from store.frames import Batch, tidy
from store.pseudonyms import MARK
from store.schema import LABELLED
from store.subjects import Subject
from store.tables import to_pandas
from store.viewlog import ViewLog, views_path

WORDS = [f"zq{number:03}kanarie" for number in range(100)]
TITLES, BODIES, NAMES, ADDRESSES = WORDS[:25], WORDS[25:50], WORDS[50:75], WORDS[75:]
MONDAY, NOW, TODAY = datetime(2026, 1, 5), datetime(2026, 4, 20, 12), date(2026, 4, 20)
WINDOW = Window(MONDAY, datetime(2026, 4, 6))
PEOPLE = [f"{ADDRESSES[number % 25]}.{number}@{ADDRESSES[-1]}.example" for number in range(30)]
VIEWERS = ("hr", "mt:Intake")
SUBJECT = Subject(WORDS[0], tuple(WORDS[1:]))


class Tenant:
    """Thirty people who meet four times a week; everything that has a text has a canary in it."""

    name = "google"

    def mailboxes(self):
        yield from PEOPLE

    def pull(self, mailbox, window, token=None):
        if mailbox == PEOPLE[-1]:
            raise NoCalendar(f"{mailbox} has no calendar")
        meetings = [meeting(week, number) for week in range(13) for number in range(4)]
        rows = [
            {"meeting_id": each["meeting_id"], "person_id": who, "response": "accepted", "hours": 1.0}
            for each in meetings
            for who in [*PEOPLE, f"gast@{ADDRESSES[3]}.example"]
        ]
        batch = Batch(meetings=pd.DataFrame(meetings), attendance=pd.DataFrame(rows)).tidied()
        return Pull(batch, owner=mailbox, token=f"{mailbox} {TITLES[1]}", counts=Counter(events=len(meetings)))


def meeting(week, number):
    start = MONDAY + timedelta(weeks=week, days=number, hours=9)
    place = (week * 4 + number) % 25
    return {
        "meeting_id": f"{TITLES[place]}-{week}-{number}",
        "series_id": f"{ADDRESSES[place]}-{number}" if number else None,
        "start": start,
        "end": start + timedelta(hours=1),
        "title": f"Wie beslist {TITLES[place]}?",
        "body": f"Zie {BODIES[place]}",
        "organizer_id": PEOPLE[number],
        "created": start - timedelta(days=2),
        "headcount": 31,
        "source": "google",
    }


def chart():
    rows = [
        {"person_id": who, "email": who, "name": f"{NAMES[number % 25]} Jansen", "department": "Intake" if number % 2 else "Toezicht",
         "manager": PEOPLE[0] if number else None, "function": "medewerker", "aliases": (f"{WORDS[number]}@x.example",)}
        for number, who in enumerate(PEOPLE)
    ]  # fmt: skip
    return chart_of(entries_of(rows), "google")


def labels_in_turn(tables, _):
    ids = to_pandas(tables.meetings.select("meeting_id", "start")).sort_values("start")
    said = [("coordination", "design")[number % 2] for number in range(len(ids))]
    return tidy(LABELLED, ids.assign(label=said, probability=0.9, model_version="test"))


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """Everything that a scan, its pages, its release and the pages of that leave behind, in one folder."""
    folder = tmp_path_factory.mktemp("canaries")
    zone = folder / "zone"
    zone.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        place = FileSecrets(folder / "keys")
        patch.setattr(scankey, "all_places", lambda: [place])
        patch.setattr(scankey, "usual_place", lambda: place)
        patch.setattr(versions, "current", lambda *_: None)
        patch.setattr(minimising, "label_meetings", labels_in_turn)
        path = zone / "scan.db"
        how, settings = ScanSettings(seed=3), {"timezone": "Europe/Amsterdam"}
        pulled = pull_organisation(Tenant(), path, WINDOW, settings, chart(), how, today=TODAY)
        (folder / "printed.txt").write_text(f"{pulled.report} {pulled.changes}")
        (folder / "release").mkdir()
        approval = Approval("A. Prover", "2026-01-01", "OR-1")
        release_quarter(path, folder / "release", "2026Q1", approval, Wanted(Policy()), NOW, folder / "release.key")
    store = Store(path, kept_since="2026-04-20")
    released = ReleasedDoor(read_releases(folder / "release", make_key(folder / "release.key").public_key()))
    pages = folder / "pages"
    pages.mkdir()
    own = [f"self:{person}" for person in store.frame("people")["person_id"].unique()[:2]]
    save(pages, "store", Door(store, TODAY, signed_in=True, released=released), ViewLog(views_path(path)), own)
    save(pages, "release", released, ViewLog(folder / "release" / "release.views.jsonl"), VIEWERS)
    key = folder / "release.pub"
    write_released_report(folder / "release", key, pages / "report.html", Asked("hr", "2026Q1", "nl"))
    return folder


def save(folder, kind, door, log, viewers):
    """Every page and file of a dashboard as it answers each viewer."""
    client = create_app(door, views=log).server.test_client()
    client.get("/_dash-layout")
    for viewer in viewers:
        for page in PAGES:
            where = f"?viewer={viewer}&period=2026Q1&lang=nl&show=names"
            answer = ask(client, page.path, where).get_data()
            name = f"{kind}-{viewer.replace(':', '-')}-{page.name}"
            (folder / f"{name}.json").write_bytes(answer)
            links = re.findall(r'"(/numbers/[^"]+)"', answer.decode().replace("\\u002f", "/"))
            for number, link in enumerate(sorted(set(links))):
                (folder / f"{name}-{number}.csv").write_bytes(client.get(link).data)


def test_none_of_a_hundred_words_is_left_anywhere(left):
    files = [file for file in left.rglob("*") if file.is_file()]
    names = {file.name for file in files}
    assert {"scan.db", "scan.db.copies", "scan.db.audit", "2026Q1.json", "printed.txt", "report.html"} <= names
    assert any(".kept" in str(file.parent) for file in files), "the folder of kept answers was searched too"
    assert len([name for name in names if name.endswith(".json")]) > len(PAGES) * len(VIEWERS)
    assert len([name for name in names if name.endswith(".csv")]) >= 10
    assert "Hoe is coördinatie verschoven" in (left / "pages" / "release-hr-coordination.json").read_text()
    assert "niet open" not in (left / "pages" / "release-mt-Intake-dependence.json").read_text()
    found = prove(files, SUBJECT)
    assert found.words == len(WORDS)
    assert found.hits == ()


def test_the_ledger_of_a_scan_has_lasting_names_and_no_pseudonym(left):
    (published,) = read_ledger(left / "zone" / "scan.db.audit")
    pseudonyms = set(Store(left / "zone" / "scan.db").frame("people")["person_id"])
    assert len(published.people) == len(PEOPLE)
    assert all(name.startswith(MARK) for name in published.people)
    assert not pseudonyms & {name.removeprefix(MARK) for name in published.people}


def test_the_search_would_have_found_each_of_them_in_every_wrapping(tmp_path):
    text = " ".join(f"[{word}]" for word in WORDS).encode()
    wrapped = {
        "plain": text,
        "base64": base64.b64encode(b"x" + text),
        "hex": text.hex().encode(),
        "url": text.replace(b"k", b"%6b"),
        "gzip": gzip.compress(text),
        "utf16": text.decode().encode("utf-16-le"),
    }
    for name, data in wrapped.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner", text)
    for word in (WORDS[0], WORDS[50], WORDS[99]):
        found = prove(sorted(tmp_path.iterdir()), Subject(word))
        assert {hit.file.name for hit in found.hits} == {*wrapped, "zip"}
