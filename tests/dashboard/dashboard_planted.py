"""Answers with planted numbers, a small organisation with planted facts, and a browser's questions in short."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from organisation import Small, at

from analysis.dependence import Card, Parts, Reason, Waiting
from analysis.drift import Coverage, Drift, Estimate, LabelDoubt, LevelDrift, WeekShare
from analysis.drift.altitude import Altitude, ApexRate, Upward
from analysis.focus import Focus
from analysis.period import WEEK, Period
from analysis.split import LabelHours, Split, WeekHours
from dashboard.app import create_app
from meetload.demo_releases import release_demo, released_of, without_releases
from privacy.door import Door
from privacy.group_dependence import FunctionRisk, GroupDependence, OwnCard
from store.database import Store, writing

if TYPE_CHECKING:
    from privacy.released_door import ReleasedDoor

TODAY = date(2026, 6, 20)
MONDAY = date(2026, 1, 5)
TWO_WEEKS = Period(MONDAY, MONDAY + 2 * WEEK)
SECRET = "Zwaan"  # stands in every title and in the chief's name, and must never leave


def split(**changes: Any) -> Split:
    """Two weeks of one person: 40 meeting hours of 72, 24 of them coordination and 4 design."""
    parts = {"design": 4.0, "coordination": 24.0, "escalation": 6.0, "incident": 2.0, "other": 4.0}
    weeks = tuple(
        WeekHours(MONDAY + number * WEEK, {label: hours / 2 for label, hours in parts.items()}, 36.0, 12)
        for number in range(2)
    )
    values: dict[str, Any] = {
        "scope": "p1",
        "period": TWO_WEEKS,
        "people": 1,
        "meetings": 30,
        "hours": 40.0,
        "expected_hours": 37.0,
        "available": 72.0,
        "labels": tuple(LabelHours(label, hours, hours / 40, 6) for label, hours in parts.items()),
        "answers": {"accepted": 30.0, "unanswered": 8.0, "tentative": 2.0},
        "weeks": weeks,
        "focus": Focus(9.5, 6.25, 2, 120),
    }
    return Split(**(values | changes))


def drift(**changes: Any) -> Drift:
    """Twenty weeks, from 20 % to 24 %, +17 % a year."""
    period = Period(MONDAY, MONDAY + 20 * WEEK)
    weekly = tuple(
        WeekShare(day, None if number == 7 else 0.2 + 0.002 * number, 40) for number, day in enumerate(period.mondays)
    )
    levels = (
        LevelDrift((1, 2), 12, 0.3, 0.36, weekly),
        LevelDrift((3,), 28, 0.15, 0.16, weekly),
    )
    values: dict[str, Any] = {
        "scope": "organisation",
        "period": period,
        "label": "coordination",
        "people": 40,
        "start": 0.204,
        "end": 0.236,
        "hours_start": 7.3,
        "hours_end": 8.5,
        "change_per_year": Estimate(0.171, 0.09, 0.262, 0.01),
        "points_per_year": Estimate(0.03, 0.01, 0.05, 0.01),
        "smallest_measurable": 0.11,
        "verdict": "rising",
        "weekly": weekly,
        "upward": Upward((1, 2), None, None, None, "not measurable"),
        "altitude": Altitude((), None, None, None),
        "apex_rate": ApexRate(None, None, None, 0),
        "by_level": levels,
        "by_department": (),
        "by_kind": (),
        "change_points": (),
        "decomposition": None,
        "counter_voices": (),
        "coverage": Coverage(40, 40, 1.0, 40),
        "label_error": LabelDoubt(None, 0.0, None, corrected=False),
        "weeks_used": 19,
        "weeks_left_out": 1,
    }
    return Drift(**(values | changes))


def own_card(**changes: Any) -> OwnCard:
    """1.4 meetings wait a week, somewhere from 0.8 to 2.1; 2 of 9.5 were held in 30 days away."""
    held = {"days_away": 30.0, "held": 2.0, "expected": 9.5}
    reasons = (Reason("held_while_away", held), Reason("leans_on", {"meetings_a_week": 1.91}))
    values: dict[str, Any] = {
        "person_id": "p1",
        "score": 0.8,
        "low": 0.5,
        "high": 0.95,
        "enough_data": True,
        "flagged": True,
        "p_value": 0.01,
        "q_value": 0.1,
        "parts": Parts(-2.6, 1.7, 1.3, 0.8, 0.2, 0.0, 0.0, 0.0),
        "waiting": Waiting(1.4, 0.8, 2.1, 1.91, 0.73),
        "reasons": reasons,
    }
    return OwnCard(Card(**(values | changes)), TWO_WEEKS)


def unknown_card() -> OwnCard:
    reasons = (Reason("too_little_data", {"days_away": 1.0, "expected": 0.4}),)
    return own_card(enough_data=False, flagged=False, waiting=Waiting(0.0, 0.0, 1.0, 1.0, 0.0), reasons=reasons)


def group_dependence(**changes: Any) -> GroupDependence:
    values: dict[str, Any] = {
        "scope": "organisation",
        "period": TWO_WEEKS,
        "people": 60,
        "measurable": 44,
        "at_risk": "5-9",
        "waiting_meetings": 20,
        "top_share": 0.3,
        "functions": (
            FunctionRisk("coördinator", 25, 20.0),
            FunctionRisk("=teamleider", 10, 5.0),
            FunctionRisk("staf", 10, 0.0),
        ),
    }
    return GroupDependence(**(values | changes))


def organisation(folder: Path, labelled: bool = True, people: int = 30, **settings: str) -> Store:
    """Twenty-four weeks of p1 to p30 in Intake, twelve at the Balie and a small Staf; its chief has a secret name."""
    small = Small()
    names = [f"p{number}" for number in range(1, people + 1)]
    for number, name in enumerate(names):
        level = 2 if number < 12 else 3
        small.person(name, level=level, department="Intake", name=f"Persoon {number + 1}", function="medewerker")
    for name in ("ceo", "s1", "s2", "s3")[: 4 if people >= 10 else 0]:
        small.person(name, level=1, department="Staf", name=f"{name} {SECRET}", function="staf")
    desk = [f"b{number}" for number in range(1, 13)] if people >= 10 else []
    for name in desk:
        small.person(name, level=3, department="Balie", name=f"Baliemedewerker {name}", function="baliemedewerker")
    for week in range(24):
        monday = 7 * week
        if desk:
            small.meeting(f"b{week}", at(monday + 1, "16:00"), 60, desk, "coordination", title=SECRET)
        for number, label in enumerate(("design", "coordination", "coordination", "escalation", "incident")):
            start = at(monday + number, f"{9 + number}:00")
            more = {"title": f"{SECRET} {number}", "series_id": None if number else "weekly"}
            small.meeting(f"m{week}-{number}", start, 60 + 2 * week * (label == "coordination"), names, label, **more)
        small.meeting(f"s{week}", at(monday, "15:00"), 90, ["ceo", "s1", "s2"], "other", title=SECRET)
    small.away("p1", at(28, "0:00"), at(28 + 14, "0:00"))
    path = folder / "small.db"
    with writing(path) as writer:
        writer.add(small.batch())
        for name, value in ({"owner": "p1"} | settings).items():
            writer.set(name, value)
    if labelled:
        small.store(folder)
    return Store(path)


def told(store: Store) -> ReleasedDoor | None:
    """What would be released of a store if its people were made up, as they are."""
    folder = store.path.parent / "told"
    folder.mkdir(exist_ok=True)
    copy = Path(shutil.copy(store.path, folder / "demo.db"))
    with writing(copy) as writer:
        writer.set("demo", "yes")
    without_releases(copy)
    release_demo(copy, datetime.combine(TODAY, datetime.min.time()))
    return released_of(copy)


def ask(client, path: str, search: str = "", language: str = "en"):
    """What the router answers when a browser opens an address."""
    body = {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "state": [],
    }
    return client.post("/_dash-update-component", json=body, headers={"Accept-Language": language})


def content(answer) -> Any:
    """The components of an answer."""
    return answer.get_json()["response"]["_pages_content"]["children"]


def components(tree: Any, kind: str = "") -> list[dict[str, Any]]:
    """All components of a kind (or all) in a tree."""
    if isinstance(tree, list):
        return [found for each in tree for found in components(each, kind)]
    if not isinstance(tree, dict) or "props" not in tree:
        return []
    here = [tree] if not kind or tree["type"] == kind else []
    return here + components(tree["props"].get("children"), kind)


def texts(tree: Any) -> str:
    """Everything that is said in a tree, tables included."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return "".join(texts(each) for each in tree)
    if isinstance(tree, dict) and tree.get("type") == "Table":
        data = tree["props"]["data"]
        rows = [data["head"], *data["body"], data.get("foot", [])]
        return "\n".join([data["caption"], *(" | ".join(row) for row in rows)]) + "\n"
    if isinstance(tree, dict) and "props" in tree:
        end = "\n" if tree["type"] not in {"B", "Span", "Anchor"} else ""
        return texts(tree["props"].get("children")) + end
    return ""


def client_of(store: Store, released: ReleasedDoor | None = None):
    """A browser without pictures over a store of its own."""
    client = create_app(Door(store, TODAY, released=released)).server.test_client()
    client.get("/_dash-layout")
    return client
