from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.dependence import dependence
from analysis.period import Period
from analysis.topics import topic_of

WEEKS = 60
PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=WEEKS))
LEAVE = (20, 21, 22, 40, 41)


def waiting(needs_gate: bool, deputy: bool = False, leave=LEAVE, seed=1) -> Small:
    """Two weekly-ish topics, "permits" carried by gate and "benefits" by busy; both go on leave in the same weeks.

    With `needs_gate`, permits does not meet while gate is away unless a deputy steps in; benefits always meets.
    """
    rng = np.random.default_rng(seed)
    small = Small()
    for name in ("gate", "busy", "deputy", "anna", "bo", "cas", "dee"):
        small.person(name)
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week)
        away = week in leave
        for number in range(2):
            day = int(rng.integers(0, 5))
            if not (away and needs_gate) or deputy:
                who = ["anna", "bo", "deputy" if away and deputy else "gate"]
                small.meeting(f"p{week}-{number}", at(day, "09:00", monday), 60, who, title=f"Permits deel {number}")
            who = ["cas", "dee", "busy"] if not away else ["cas", "dee", "anna"]
            small.meeting(f"b{week}-{number}", at(day, "11:00", monday), 60, who, title="RE: benefits overleg")
        # Others keep the organisation's rhythm, so that the leave weeks are not quiet for everybody.
        for number in range(6):
            day = int(rng.integers(0, 5))
            small.meeting(f"o{week}-{number}", at(day, "13:00", monday), 30, ["anna", "bo", "cas"], title="roof works")
    for name in ("gate", "busy"):
        for week in leave:
            small.away(
                name, at(0, "00:00", MONDAY + timedelta(weeks=week)), at(5, "00:00", MONDAY + timedelta(weeks=week))
            )
    return small


def cards(small, folder):
    return dependence(small.store(folder).tables(), PERIOD)


def test_whom_it_waits_for_is_found_and_the_merely_busy_is_not(tmp_path):
    result = cards(waiting(needs_gate=True), tmp_path)
    gate, busy = result.card("gate"), result.card("busy")
    assert result.cards[0].person_id == "gate"
    assert gate.enough_data
    assert gate.parts.absence > 0.6
    assert gate.score > 5 * max(busy.score, 0.05)
    assert gate.low <= gate.score <= gate.high


def test_a_deputy_takes_the_dependence_away(tmp_path):
    gate = cards(waiting(needs_gate=True, deputy=True), tmp_path).card("gate")
    assert gate.parts.absence < 0.2


def test_without_absence_it_is_unknown_and_never_safe(tmp_path):
    gate = cards(waiting(needs_gate=True, leave=()), tmp_path).card("gate")
    assert not gate.enough_data
    assert gate.parts.volume > 1
    assert gate.high > 0
    assert gate.reasons[0].code == "too_little_data"


def test_the_reason_carries_the_numbers(tmp_path):
    reason = cards(waiting(needs_gate=True), tmp_path).card("gate").reasons[0]
    assert reason.code == "held_while_away"
    assert reason.numbers["days_away"] == 25
    assert reason.numbers["held"] == 0
    assert reason.numbers["expected"] > 4


def test_everybody_on_the_chart_has_a_card(tmp_path):
    result = cards(waiting(needs_gate=True), tmp_path)
    assert {card.person_id for card in result.cards} == {"gate", "busy", "deputy", "anna", "bo", "cas", "dee"}
    assert result.people == 7


def test_no_meetings_at_all(tmp_path):
    result = cards(Small().person("anna"), tmp_path)
    assert [card.enough_data for card in result.cards] == [False]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RE: Intake-achterstand", "achterstand intake overleg"),
        ("Vervolg: Permits deel 2", "permits"),
        ("FW: Vragen over BUDGET", "budget vragen"),
    ],
)
def test_titles_on_one_subject_share_a_topic(one, other):
    assert topic_of(one) == topic_of(other)


@pytest.mark.parametrize("title", [None, "", "Overleg", "sync", "RE: bila", "1:1", "🙂"])
def test_generic_titles_name_no_topic(title):
    assert topic_of(title) == ""
