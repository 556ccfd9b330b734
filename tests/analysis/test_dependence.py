from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from organisation import MONDAY, Small, at

from analysis.dependence import Weights, dependence
from analysis.period import Period
from analysis.topics import topics_of
from store.database import writing

WEEKS = 60
PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=WEEKS))
LEAVE = (20, 21, 22, 40, 41)


def waiting(needs_gate: bool, deputy: bool = False, leave=LEAVE, seed=1) -> Small:
    """Two topics of two meetings a week, "permits" carried by gate and "benefits" by busy; both on leave in the same weeks.

    With `needs_gate`, permits does not meet while gate is away unless a deputy steps in; benefits always meets. Eight
    others are on leave two weeks each, so that there are absences to compare with.
    """
    rng = np.random.default_rng(seed)
    small = Small()
    others = [f"o{number}" for number in range(8)]
    for name in ("gate", "busy", "deputy", "anna", "bo", "cas", "dee", *others):
        small.person(name)
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week)
        away = week in leave
        for number in range(2):
            day = int(rng.integers(0, 5))
            if not (away and needs_gate) or deputy:
                who = ["anna", "bo", "deputy" if away and deputy else "gate"]
                small.meeting(
                    f"p{week}-{number}", at(day, "09:00", monday), 60, who, title="Permits deel 2", organizer_id="anna"
                )
            who = ["cas", "dee", "busy"] if not away else ["cas", "dee", "anna"]
            small.meeting(
                f"b{week}-{number}", at(day, "11:00", monday), 60, who, title="RE: benefits overleg", organizer_id="cas"
            )
        # Others keep the organisation's rhythm, so that the leave weeks are not quiet for everybody.
        for number in range(6):
            day, three = int(rng.integers(0, 5)), list(rng.choice(others, 3, replace=False))
            small.meeting(f"r{week}-{number}", at(day, "13:00", monday), 30, three, title="roof works")
    for name, weeks in [
        ("gate", leave),
        ("busy", leave),
        *((each, (5 + 6 * i, 6 + 6 * i)) for i, each in enumerate(others)),
    ]:
        for week in weeks:
            small.away(
                name, at(0, "00:00", MONDAY + timedelta(weeks=week)), at(5, "00:00", MONDAY + timedelta(weeks=week))
            )
    return small


def measured(small, folder, moves=(), **more):
    store = small.store(folder)
    if moves:
        with writing(folder / "small.db") as writer:
            writer.upsert("moves", pd.DataFrame(moves))
    tables = store.tables()
    return dependence(tables, topics_of(tables), PERIOD, **more)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The organisation in which permits waits for gate."""
    return measured(waiting(needs_gate=True), tmp_path_factory.mktemp("waiting"))


def odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def reason(card, code):
    return next((each.numbers for each in card.reasons if each.code == code), None)


def test_whom_it_waits_for_is_found_and_the_merely_busy_is_not(found):
    result = found
    gate, busy = result.card("gate"), result.card("busy")
    assert result.cards[0].person_id == "gate"
    assert gate.enough_data
    assert gate.flagged
    assert not busy.flagged
    assert gate.score > 0.8
    assert busy.score < 0.2
    assert gate.low <= gate.score <= gate.high
    assert gate.waiting.stall > 0.6
    assert busy.waiting.stall < 0.2
    assert gate.waiting.low <= gate.waiting.meetings <= gate.waiting.high


def test_the_parts_add_up_to_the_score(found):
    for card in found.cards:
        assert sum(vars(card.parts).values()) == pytest.approx(odds(card.score), abs=1e-6)


def test_a_deputy_takes_the_dependence_away_and_is_known(tmp_path):
    gate = measured(waiting(needs_gate=True, deputy=True), tmp_path).card("gate")
    assert gate.score < 0.2
    assert gate.parts.substitution < -0.5
    assert reason(gate, "stood_in")["replaced"] == 10
    assert reason(gate, "stood_in")["people"] == 1


def test_whoever_comes_later_has_a_card_without_a_place(tmp_path):
    """The last of the alphabet comes after the period: everybody else must keep the own place."""
    small = waiting(needs_gate=True)
    small.person("zoe", valid_from=PERIOD.end)
    cards = measured(small, tmp_path).cards
    assert {card.person_id: card.enough_data for card in cards}["zoe"] is False
    assert next(card for card in cards if card.flagged).person_id == "gate"


def test_without_absence_it_is_unknown_and_never_safe(tmp_path):
    gate = measured(waiting(needs_gate=True, leave=()), tmp_path).card("gate")
    assert not gate.enough_data
    assert not gate.flagged
    assert (gate.low, gate.high) == (0.0, 1.0)
    assert gate.waiting.volume > 1
    assert gate.reasons[0].code == "too_little_data"


def test_the_reasons_carry_the_numbers(found):
    gate = found.card("gate")
    held = reason(gate, "held_while_away")
    assert held["days_away"] == 25
    assert held["held"] == 0
    assert held["expected"] > 4
    still = reason(gate, "stood_still")
    assert (still["absences"], still["stood_still"]) == (2, 2)
    assert still["others_share"] < 0.5
    assert reason(gate, "nobody_stood_in") is not None
    assert reason(gate, "tied_alone") is None


def test_bridges_are_a_small_part_and_a_reason(tmp_path, found):
    small = waiting(needs_gate=True)
    tied = pd.DataFrame({"person_id": ["busy"], "pairs": [11]})
    plain, more = found.card("busy"), measured(small, tmp_path, bridges=tied).card("busy")
    assert reason(more, "tied_alone") == {"pairs": 11}
    assert 0 < odds(more.score) - odds(plain.score) < 0.5


def test_moved_meetings_count_where_they_stood(tmp_path, found):
    """A meeting planned in gate's leave and moved behind it is a disruption, though it stands on a day at work now."""
    small = waiting(needs_gate=True)
    before, moves = found.card("gate"), []
    for number, week in enumerate(LEAVE):
        monday = MONDAY + timedelta(weeks=week)
        was, after = at(1, "15:00", monday), at(2, "15:00", MONDAY + timedelta(weeks=46 + number))
        small.meeting(f"moved{week}", after, 60, ["anna", "bo", "gate"], title="permits", organizer_id="anna")
        moves.append({"meeting_id": f"moved{week}", "seen_at": was, "old_start": was, "new_start": after})
    gate = measured(small, tmp_path, moves).card("gate")
    assert reason(gate, "moved_or_cancelled")["disrupted"] == 5
    assert gate.parts.disruption > before.parts.disruption + 3


def test_one_to_ones_never_flag_anybody(tmp_path):
    small = waiting(needs_gate=False)
    for week in range(WEEKS):
        if week not in LEAVE:
            small.meeting(
                f"one{week}", at(3, "15:00", MONDAY + timedelta(weeks=week)), 60, ["busy", "bo"], title="salary"
            )
    assert not measured(small, tmp_path).card("busy").flagged


def test_weights_are_settings(tmp_path):
    deaf = Weights(absence=0.0, disruption=0.0, rebound=0.0, escalation=0.0)
    gate = measured(waiting(needs_gate=True), tmp_path, weights=deaf).card("gate")
    assert gate.parts.absence == 0
    assert gate.parts.rebound == 0


def test_the_organisation_view(found):
    result = found
    view = result.organisation
    assert view.stalled_hours > 10
    assert view.top_share > 0.8
    assert view.truck_factor.chains == 3
    assert view.truck_factor.people >= 1
    assert [group.people for group in view.by_department] == [result.people]
    assert sum(group.flagged for group in view.by_level) == sum(card.flagged for card in result.cards)
    assert len(view.over_time) == 5
    assert sum(quarter.stalled_hours for quarter in view.over_time) == pytest.approx(view.stalled_hours)


def test_everybody_on_the_chart_has_a_card_highest_score_first(found):
    result = found
    assert result.people == len(result.cards) == 15
    scores = [card.score for card in result.cards]
    assert scores == sorted(scores, reverse=True)


def test_no_meetings_at_all(tmp_path):
    result = measured(Small().person("anna"), tmp_path)
    assert [card.enough_data for card in result.cards] == [False]
    assert result.organisation.top_share is None
    assert result.organisation.truck_factor.people == 0
