from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.timeline import overlapping, segments, shared_minutes
from store.database import Store, writing

spans = st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
calendars = st.lists(st.tuples(st.sampled_from("ab"), spans), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Frames go through the real engine: measures are written for it, not for pandas."""
    path = tmp_path_factory.mktemp("engine") / "x.db"
    with writing(path):
        pass
    cursor = Store(path).snapshot()._connection.cursor()
    return lambda frame: nw.from_native(cursor.from_df(frame))


def frame(calendar):
    rows = [{"who": who, "n": n, "begin": begin, "finish": finish} for n, (who, (begin, finish)) in enumerate(calendar)]
    return pd.DataFrame(rows)


def minutes(engine, calendar):
    shared = shared_minutes(engine(frame(calendar)), by=("who",)).collect().to_pandas()
    return shared.sort_values("n", ignore_index=True)


def union(calendar, who):
    return len({minute for person, (begin, finish) in calendar if person == who for minute in range(begin, finish)})


@pytest.mark.parametrize(
    ("calendar", "shares"),
    [
        ([("a", (0, 60))], [60]),
        ([("a", (0, 60)), ("a", (60, 90))], [60, 30]),
        ([("a", (0, 60)), ("a", (30, 90))], [45, 45]),
        ([("a", (0, 60)), ("a", (0, 60)), ("a", (0, 60))], [20, 20, 20]),
        ([("a", (0, 90)), ("a", (30, 60))], [75, 15]),
        ([("a", (0, 60)), ("b", (0, 60))], [60, 60]),
    ],
)
def test_a_minute_under_n_meetings_gives_each_its_part(engine, calendar, shares):
    assert list(minutes(engine, calendar)["minutes"]) == pytest.approx(shares)


@settings(max_examples=40, deadline=None)
@given(calendar=calendars)
def test_the_parts_sum_to_the_union(engine, calendar):
    total = minutes(engine, calendar).groupby("who")["minutes"].sum()
    assert {who: round(value, 6) for who, value in total.items()} == {who: union(calendar, who) for who in total.index}


@settings(max_examples=20, deadline=None)
@given(calendar=calendars, data=st.data())
def test_order_changes_nothing(engine, calendar, data):
    shuffled = data.draw(st.permutations(list(enumerate(calendar))))
    before = minutes(engine, calendar)["minutes"]
    after = minutes(engine, [row for _, row in shuffled])["minutes"]
    assert [after[place] for place, _ in sorted(enumerate(n for n, _ in shuffled), key=lambda pair: pair[1])] == (
        pytest.approx(list(before))
    )


@settings(max_examples=20, deadline=None)
@given(calendar=calendars, cut=st.integers(1, 59))
def test_splitting_a_meeting_in_two_changes_no_total(engine, calendar, cut):
    who, (begin, finish) = calendar[0]
    middle = begin + max(1, (finish - begin) * cut // 60)
    halves = [(who, (begin, middle)), (who, (middle, finish))] if begin < middle < finish else [calendar[0]]
    split = minutes(engine, [*halves, *calendar[1:]])["minutes"]
    whole = minutes(engine, calendar)["minutes"]
    assert split[: len(halves)].sum() == pytest.approx(whole[0])
    assert list(split[len(halves) :]) == pytest.approx(list(whole[1:]))


def test_segments_say_how_deep_each_piece_is(engine):
    rows = segments(engine(frame([("a", (0, 40)), ("a", (20, 60))])), by=("who",)).collect().to_pandas()
    pieces = rows.dropna().sort_values("at")[["at", "next", "depth"]].astype(int)
    assert pieces.to_numpy().tolist() == [[0, 20, 1], [20, 40, 2], [40, 60, 1]]


@settings(max_examples=40, deadline=None)
@given(calendar=calendars)
def test_whoever_shares_no_minute_is_not_among_the_overlapping(engine, calendar):
    def meets_another(place):
        who, (begin, finish) = calendar[place]
        others = calendar[:place] + calendar[place + 1 :]
        return any(other == who and start < finish and begin < end for other, (start, end) in others)

    rows = overlapping(engine(frame(calendar)), ("who",), "n").collect().to_pandas()
    expected = [(who, *span) for place, (who, span) in enumerate(calendar) if meets_another(place)]
    assert sorted(rows.itertuples(index=False, name=None)) == sorted(expected)


def test_of_many_pairs_at_the_same_time_none_is_missed(engine):
    twins = [
        (f"p{person}", (hour * 60, hour * 60 + 60)) for person in range(200) for hour in range(40) for _ in range(2)
    ]
    assert len(overlapping(engine(frame(twins)), ("who",), "n").collect()) == len(twins)
