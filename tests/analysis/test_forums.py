from __future__ import annotations

from datetime import date, timedelta

import pytest
from organisation import Small, at

from analysis.period import Period
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import forums_of

PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=12))
MT = ("chief", "anna", "bo")


def measured(small, folder, scope=EVERYBODY):
    return forums_of(small.store(folder).snapshot(), PERIOD, scope)


def house() -> Small:
    small = Small().person("chief", 1, "Board").person("anna", 2, "A").person("bo", 2, "B")
    return small.person("deputy", 3, "A").person("cas", 3, "C").person("secretary", 4, "Board", function="MT-assistent")


def weekly(small, weeks=8, who=MT, title="MT", label="coordination", series="mt", **more):
    for week in range(weeks):
        start = at(7 * week, "09:00")
        organizer = {"organizer_id": who[0]} | more
        small.meeting(f"{series}{week}", start, 60, list(who), label, title=title, series_id=series, **organizer)
    return small


def test_a_stable_series_with_the_top_is_a_forum(tmp_path):
    result = measured(weekly(house()), tmp_path)
    forum = result.forum("mt")
    assert (forum.members, forum.levels, forum.departments) == (
        ("anna", "bo", "chief"),
        {1: 1, 2: 2},
        ("A", "B", "Board"),
    )
    assert (forum.meetings, forum.weeks, forum.stability) == (8, 8, 1.0)
    assert (forum.hours, forum.person_hours) == (8.0, 24.0)
    assert forum.a_year == pytest.approx(24 / 8 * 52)


@pytest.mark.parametrize(
    ("why", "more"),
    [
        ("five times is no custom", {"weeks": 5}),
        ("two people are no table", {"who": ("chief", "anna")}),
        ("no top in it", {"who": ("deputy", "cas", "secretary")}),
    ],
)
def test_what_is_no_forum(tmp_path, why, more):
    assert measured(weekly(house(), **more), tmp_path).forums == (), why


def test_a_series_that_asks_others_every_time_is_no_forum(tmp_path):
    small = house()
    for week in range(8):
        guests = [f"guest{week}", f"visitor{week}"]
        for guest in guests:
            small.person(guest, 3)
        small.meeting(f"mt{week}", at(7 * week, "09:00"), 60, ["chief", *guests], series_id="mt", title="MT")
    assert measured(small, tmp_path).forums == ()


def test_the_chair_never_rotates(tmp_path):
    chair = measured(weekly(house()), tmp_path).forum("mt").chair
    assert (chair.person_id, chair.share, chair.rotation, chair.always) == ("chief", 1.0, 0.0, True)


def test_the_chair_rotates_evenly(tmp_path):
    small = weekly(house(), weeks=9)
    for number, meeting in enumerate(small.meetings):
        meeting["organizer_id"] = MT[number % 3]
    chair = measured(small, tmp_path).forum("mt").chair
    assert (chair.rotation, chair.always, chair.meetings) == (pytest.approx(1.0), False, 9)


def test_an_assistant_who_sends_the_invitation_does_not_chair(tmp_path):
    forum = measured(weekly(house(), who=(*MT, "secretary"), organizer_id="secretary"), tmp_path).forum("mt")
    assert (forum.chair.person_id, forum.chair.always) == ("chief", True)


def test_for_which_of_two_equals_the_assistant_sent_it_is_unknown(tmp_path):
    small = weekly(house(), who=("anna", "bo", "secretary"), organizer_id="secretary")
    chair = measured(small, tmp_path).forum("mt").chair
    assert (chair.person_id, chair.rotation, chair.unknown) == (None, None, 8)


def test_time_by_label_and_what_arrives_as_escalation(tmp_path):
    small = weekly(house())
    small.labels[0]["label"] = small.labels[1]["label"] = "escalation"
    small.labels[2]["label"] = "design"
    small.meeting("besides", at(3, "15:00"), 120, list(MT), "escalation", title="Zonnepanelen")
    small.meeting("others", at(3, "15:00"), 120, ["chief", "cas", "deputy"], "escalation", title="Zonnepanelen")
    forum = measured(small, tmp_path).forum("mt")
    assert forum.labels == {"design": 1 / 8, "coordination": 5 / 8, "escalation": 2 / 8, "incident": 0, "other": 0}
    assert (forum.arrivals.own, forum.arrivals.besides, forum.arrivals.hours) == (2, 1, 4.0)
    assert forum.arrivals.share_of_time == 0.25


def test_a_subject_that_keeps_coming_back_to_the_same_people(tmp_path):
    """Parking permits: twice on the agenda, once in a meeting besides; solar panels once; "MT" is only the name."""
    small = weekly(house(), title="Directieteam")
    for week in (1, 3):
        small.meetings[week]["title"] = "Parkeervergunning"
    small.meeting("besides", at(35, "15:00"), 60, list(MT), "escalation", title="RE: Parkeervergunning")
    small.meeting("once", at(36, "15:00"), 60, list(MT), title="Zonnepanelen")
    (back,) = measured(small, tmp_path).forum("mt").returning
    assert (back.topic, back.meetings, back.weeks, back.escalations) == ("parkeervergunning", 3, 3, 1)
    assert (back.first, back.last) == (date(2026, 1, 12), date(2026, 2, 9))


def test_who_sends_a_deputy(tmp_path):
    """Anna is away in two weeks; once her team's deputy comes instead, and once nobody. Bo declines once."""
    small = weekly(house())
    for row in small.attendance:
        declined = {("mt1", "anna"), ("mt2", "anna"), ("mt4", "bo")}
        if (row["meeting_id"], row["person_id"]) in declined:
            row["response"] = "declined"
    for meeting in ("mt1", "mt4"):
        small.attendance.append({"meeting_id": meeting, "person_id": "deputy", "response": "accepted", "hours": 1.0})
    deputies = measured(small, tmp_path).forum("mt").deputies
    assert (deputies.absences, deputies.sent, deputies.people) == (3, 1, 1)
    assert deputies.share == pytest.approx(1 / 3)


def test_layers_in_the_room(tmp_path):
    small = weekly(house())
    small.meeting("wide", at(56, "09:00"), 120, [*MT, "cas"], series_id="mt", title="MT")
    layers = measured(small, tmp_path).forum("mt").layers
    assert layers.three_share == pytest.approx(2 / 10)
    assert layers.levels == pytest.approx((8 * 2 + 3) / 9)


def test_a_person_sees_the_forums_they_sit_in(tmp_path):
    small = weekly(house())
    assert len(measured(small, tmp_path, Scope(person_id="bo")).forums) == 1
    assert measured(small, tmp_path, Scope(person_id="cas")).forums == ()


def test_a_copied_mailbox_changes_nothing(tmp_path):
    (tmp_path / "copy").mkdir()
    copied = measured(weekly(house(), who=(*MT, "copy of anna")), tmp_path / "copy")
    assert copied == measured(weekly(house()), tmp_path)


def test_no_series_is_no_forum_and_no_meetings_at_all_neither(tmp_path):
    (tmp_path / "empty").mkdir()
    assert measured(house().meeting("m1", at(0, "09:00"), 60, list(MT)), tmp_path).forums == ()
    assert measured(house(), tmp_path / "empty").forums == ()
