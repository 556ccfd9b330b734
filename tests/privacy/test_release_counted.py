"""What may count towards a release: nothing private, and nobody's hours because a stranger sent an invitation."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.load import attended
from analysis.period import Period
from analysis.rules import DEFAULT
from meetload.counting import Counted
from privacy.release.cohort import countable, read_cohort
from store.tables import to_pandas

PERIOD = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=13))


def organisation(folder, *meetings):
    return store(folder, *meetings).tables()


def store(folder, *meetings):
    small = Small()
    for number in range(3):
        small.person(f"p{number}")
    small.meeting("own", at(1, "09:00"), 60, ["p0", "p1"], organizer_id="p0")
    for name, more in meetings:
        small.meeting(name, at(2, "09:00"), 60, ["p0", "p1"], **more)
    return small.store(folder)


def counted(tables) -> set[str]:
    kept = countable(tables, PERIOD)
    return set(to_pandas(kept.meetings)["meeting_id"]) & set(to_pandas(kept.attendance)["meeting_id"])


def test_a_private_meeting_is_in_no_release(tmp_path):
    assert counted(organisation(tmp_path, ("secret", {"is_private": True, "organizer_id": "p0"}))) == {"own"}


@pytest.mark.parametrize(("answer", "counts"), [("none", False), ("tentative", False), ("accepted", True)])
def test_an_invitation_from_outside_counts_when_accepted(tmp_path, answer, counts):
    more = {"organizer_id": "stranger", "answers": {"p0": answer, "p1": answer}}
    assert ("spam" in counted(organisation(tmp_path, ("spam", more)))) == counts


def test_nobody_counts_for_more_than_the_cap(tmp_path):
    flood = [(f"m{number}", {"organizer_id": "p0"}) for number in range(3)]
    hours = read_cohort(organisation(tmp_path, *flood), PERIOD, (), 0.5).hours.sum(axis=2)
    assert hours.size
    assert np.all(hours <= 0.5 + 1e-9)


def test_who_attended_what_counts_is_worked_out_once_beside_who_attended_anything(tmp_path):
    held = store(tmp_path, ("secret", {"is_private": True, "organizer_id": "p0"})).snapshot()
    everything, less = held.tables(), Counted(held, PERIOD, ["p1"]).tables()
    rows = {name: to_pandas(attended(tables)) for name, tables in (("all", everything), ("counted", less))}
    assert sorted(set(rows["all"]["meeting_id"])) == ["own", "secret"]
    assert rows["counted"][["meeting_id", "person_id"]].to_numpy().tolist() == [["own", "p0"]]

    def again():
        raise AssertionError

    assert len(to_pandas(Counted(held, PERIOD, ["p1"]).tables().once(f"attended_{DEFAULT.mark}", again))) == 1
