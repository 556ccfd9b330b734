"""What a new chart does to the people table: moves are new rows, nothing of the past is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from connectors.chart import Chart, Entry, chart_of, merge_history
from connectors.chart.history import FACTS
from store.frames import empty, tidy
from store.schema import ALIASES, PEOPLE

NOBODY = empty(PEOPLE)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def chart(*entries: Entry) -> Chart:
    return chart_of(entries, "chart")


def person(who, department="Sales", **more) -> Entry:
    return Entry(who, department=department, team=more.pop("team", "North"), level=more.pop("level", 2), **more)


def spans(people, who="a") -> list[str]:
    """One person's rows as text: from, to and department."""
    rows = people[people["person_id"] == who]
    edges = [rows[name].dt.strftime("%m-%d").fillna("") for name in ("valid_from", "valid_to")]
    return [f"{begin}/{end} {name}" for begin, end, name in zip(*edges, rows["department"].fillna("-"), strict=True)]


def test_on_the_first_chart_people_have_been_there_since_ever():
    people = merge_history(NOBODY, chart(person("a"), person("b", valid_from=date(2026, 2, 3))), MAY)
    assert spans(people) == ["/ Sales"]
    assert spans(people, "b") == ["02-03/ Sales"]


@pytest.mark.parametrize(
    ("change", "moves"),
    [
        ({"department": "Support"}, True),
        ({"team": "South"}, True),
        ({"manager": "b"}, True),
        ({"level": 3}, True),
        ({"function": "Lead"}, True),
        ({"name": "Anna"}, False),
        ({"email": "a@x.org"}, False),
        ({"fte": 0.5}, False),
    ],
    ids=str,
)
def test_a_move_closes_the_old_row_and_opens_a_new_one(change, moves):
    before = merge_history(NOBODY, chart(person("a"), person("b")), MAY)
    after = merge_history(before, chart(person("a", **change), person("b")), JUNE)
    rows = after[after["person_id"] == "a"]
    assert len(rows) == 1 + moves
    if moves:
        assert rows["valid_to"].iloc[0] == rows["valid_from"].iloc[1] == pd.Timestamp(JUNE)
        assert rows["department"].iloc[0] == "Sales"
    ((name, value),) = change.items()
    assert rows.iloc[-1]["manager_id" if name == "manager" else name] == value
    assert spans(after, "b") == ["/ Sales"]


def test_leavers_are_closed_and_returners_opened_again():
    people = merge_history(NOBODY, chart(person("a"), person("b")), MAY)
    people = merge_history(people, chart(person("b")), JUNE)
    assert spans(people) == ["/06-01 Sales"]
    people = merge_history(people, chart(person("a"), person("b"), person("new")), JULY)
    assert spans(people) == ["/06-01 Sales", "07-01/ Sales"]
    assert spans(people, "new") == ["07-01/ Sales"]


def test_what_is_taken_back_the_same_day_never_happened():
    people = merge_history(NOBODY, chart(person("a"), person("b")), MAY)
    for other in (chart(person("a", "Support"), person("b")), chart(person("b")), chart(person("a", "X"), person("b"))):
        moved = merge_history(people, other, JUNE)
        assert len(spans(moved)) + spans(moved)[0].count("06-01") >= 2
        again = merge_history(moved, chart(person("a"), person("b")), JUNE)
        pd.testing.assert_frame_equal(again, people)


def test_a_second_move_on_one_day_corrects_the_first():
    people = merge_history(NOBODY, chart(person("a")), MAY)
    for name in ("Support", "Finance"):
        people = merge_history(people, chart(person("a", name)), JUNE)
    assert spans(people) == ["/06-01 Sales", "06-01/ Finance"]


def test_somebody_who_joined_and_left_on_one_day_was_never_there():
    people = merge_history(NOBODY, chart(person("a")), MAY)
    joined = merge_history(people, chart(person("a"), person("b")), JUNE)
    pd.testing.assert_frame_equal(merge_history(joined, chart(person("a")), JUNE), people)


def test_the_sources_own_dates_of_moves_are_taken_over():
    people = merge_history(NOBODY, chart(person("a", valid_from=date(2026, 1, 1))), MAY)
    late = merge_history(people, chart(person("a", "Support", valid_from=date(2026, 5, 20))), JUNE)
    assert spans(late) == ["01-01/05-20 Sales", "05-20/ Support"]
    ahead = merge_history(people, chart(person("a", "Support", valid_from=date(2026, 6, 15))), JUNE)
    assert spans(ahead) == ["01-01/06-15 Sales", "06-15/ Support"]
    # A date that did not change with the move is no date of the move.
    same = merge_history(people, chart(person("a", "Support", valid_from=date(2026, 1, 1))), JUNE)
    assert spans(same) == ["01-01/06-01 Sales", "06-01/ Support"]


def test_an_announced_move_stays_until_its_day_and_goes_if_it_does_not_come():
    people = merge_history(NOBODY, chart(person("a", valid_from=date(2026, 1, 1))), MAY)
    ahead = merge_history(people, chart(person("a", "Support", valid_from=date(2026, 6, 15))), JUNE)
    still = merge_history(ahead, chart(person("a")), date(2026, 6, 2))
    assert spans(still) == ["01-01/06-15 Sales", "06-15/ Support"]
    kept = merge_history(ahead, chart(person("a")), date(2026, 6, 15))
    assert spans(kept) == ["01-01/ Sales"]


def test_the_sources_own_dates_of_leaving_are_taken_over():
    people = merge_history(NOBODY, chart(person("a"), person("b")), MAY)
    for end, expected in ((date(2026, 5, 10), "/05-10 Sales"), (date(2026, 8, 1), "/08-01 Sales")):
        left = merge_history(people, chart(person("a", valid_to=end), person("b")), JUNE)
        assert spans(left) == [expected]
        pd.testing.assert_frame_equal(merge_history(left, chart(person("a", valid_to=end), person("b")), JUNE), left)
    new = merge_history(people, chart(person("b"), person("c", valid_to=date(2026, 4, 1))), JUNE)
    assert spans(new, "c") == ["/04-01 Sales"]


def test_a_history_in_the_source_replaces_ours_from_its_first_row_on():
    people = merge_history(NOBODY, chart(person("a", "Old")), MAY)
    history = chart(
        person("a", "Sales", valid_from=date(2026, 2, 1), valid_to=date(2026, 3, 1)),
        person("a", "Support", valid_from=date(2026, 3, 1)),
    )
    merged = merge_history(people, history, JUNE)
    assert spans(merged) == ["/02-01 Old", "02-01/03-01 Sales", "03-01/ Support"]
    pd.testing.assert_frame_equal(merge_history(merged, history, JUNE), merged)


def test_a_row_that_only_names_somebody_is_filled_and_not_closed():
    own = tidy(PEOPLE, pd.DataFrame({"person_id": ["a", "me"], "name": ["Anna", "Me"]}))
    people = merge_history(own, chart(person("a"), person("b")), MAY)
    assert spans(people) == ["/ Sales"]
    assert spans(people, "b") == ["/ Sales"]
    assert spans(people, "me") == ["/ -"]
    assert people.loc[people["person_id"] == "a", "name"].item() == "Anna"


def test_part_time_stays_known_when_a_chart_does_not_say():
    people = merge_history(NOBODY, chart(person("a", fte=0.6), person("b")), MAY)
    after = merge_history(people, chart(person("a", "Support"), person("b")), JUNE)
    assert list(after["fte"]) == [0.6, 0.6, 1.0]


facts = some.tuples(
    some.sampled_from(["X", "Y"]), some.none() | some.sampled_from(["boss"]), some.none() | some.just(3)
)
charts = some.dictionaries(some.sampled_from("abcd"), facts, max_size=4)
days = some.integers(0, 3)


def plain(given) -> Chart:
    rows = [(who, "Dep", team, manager, level) for who, (team, manager, level) in given.items()]
    names = ["person_id", "department", "team", "manager_id", "level"]
    return Chart(tidy(PEOPLE, pd.DataFrame(rows, columns=names, dtype=object)), empty(ALIASES))


class AsOf:
    """Who is where on a day, from a table; also says that nobody is twice."""

    def __init__(self, people):
        rows = people.astype(object).where(people.notna(), None)
        self.rows = rows[["person_id", "valid_from", "valid_to", *FACTS]].to_numpy().tolist()

    def __call__(self, day) -> dict[str, list]:
        moment = pd.Timestamp(day)
        there = [
            row for row in self.rows if (row[1] is None or row[1] <= moment) and (row[2] is None or moment < row[2])
        ]
        found = {row[0]: row[3:] for row in there}
        assert len(found) == len(there)
        return found


@settings(max_examples=25, deadline=None)
@given(steps=some.lists(some.tuples(charts, days), min_size=1, max_size=5))
def test_history_is_kept_whatever_happens(steps):
    people, day = NOBODY, MAY
    for each, ahead in steps:
        day += timedelta(ahead)
        chart = plain(each)
        before, people = people, merge_history(people, chart, day)
        # The day of the chart is as the chart says, and so are all later ones.
        as_of, was = AsOf(people), AsOf(before)
        assert as_of(day) == as_of(day + timedelta(999)) == AsOf(chart.people)(day)
        # Nothing before the day is another than it was.
        if not before.empty:
            assert all(as_of(day - timedelta(back)) == was(day - timedelta(back)) for back in range(1, 25))
        # Spans are spans, keys are keys, and the same chart again changes nothing, on that day or later.
        assert not (people["valid_from"] >= people["valid_to"]).any()
        assert not people.duplicated(["person_id", "valid_from"]).any()
        for later in (0, 40):
            pd.testing.assert_frame_equal(merge_history(people, chart, day + timedelta(later)), people)


dated = some.tuples(facts, some.none() | some.integers(-20, 20), some.none() | some.integers(-20, 20))


@settings(max_examples=25, deadline=None)
@given(
    steps=some.lists(some.tuples(some.lists(some.tuples(some.sampled_from("ab"), dated), max_size=4), days), max_size=5)
)
def test_dated_charts_give_sound_spans_and_repeat_without_effect(steps):
    people, day = NOBODY, MAY
    for given_rows, ahead in steps:
        day += timedelta(ahead)
        entries = [
            Entry(
                who,
                department="Dep",
                team=team,
                level=level,
                valid_from=None if begin is None else MAY + timedelta(begin),
                valid_to=None if end is None else MAY + timedelta(end),
            )
            for who, ((team, _, level), begin, end) in given_rows
        ]
        chart = chart_of(entries, "chart")
        people = merge_history(people, chart, day)
        assert not (people["valid_from"] >= people["valid_to"]).any()
        assert not people.duplicated(["person_id", "valid_from"]).any()
        as_of = AsOf(people)
        assert all(as_of(day + timedelta(back)) is not None for back in range(-30, 30, 3))
        again = merge_history(people, chart, day)
        pd.testing.assert_frame_equal(again, people)


@settings(max_examples=25, deadline=None)
@given(first=charts, second=charts)
def test_unchanged_people_keep_their_rows(first, second):
    assume(first)
    before = merge_history(NOBODY, plain(first), MAY)
    after = merge_history(before, plain(second), JUNE)
    for who in first.keys() & second.keys():
        if first[who] == second[who]:
            kept = [frame[frame["person_id"] == who].reset_index(drop=True) for frame in (before, after)]
            pd.testing.assert_frame_equal(*kept)
