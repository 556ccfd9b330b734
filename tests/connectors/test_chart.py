"""Organisation charts: read under any heading, levels from the manager line, nothing guessed."""

from __future__ import annotations

import random
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connectors.chart import Entry, chart_of, entries_of, read_chart
from store.errors import BadInput, Unreachable


def read(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "chart.csv"
    file.write_text(text, encoding=encoding)
    return read_chart(file)


def by_person(chart, *columns):
    frame = chart.people.astype(object).where(chart.people.notna(), None)
    rows = {row["person_id"]: tuple(row[name] for name in columns) for row in frame.to_dict("records")}
    return {person: values[0] if len(values) == 1 else values for person, values in rows.items()}


def told(chart):
    return [str(problem) for problem in chart.problems]


def line(**managers):
    """A chart of people who are called as their managers say."""
    return chart_of([Entry(who, manager=manager) for who, manager in managers.items()], "chart")


PLAIN = """person_id,email,name,manager,department,team,function,fte,level,valid_from,valid_to
1,Ceo@X.org,Cees Top,,Board,Board,CEO,1,,,
2,bob@x.org,Bob Bos,1,Sales,North,Lead,0.8,,2026-01-01,
3,carl@x.org,Carl Dam,bob@x.org,Sales,North,,,,,2026-06-30
4,dina@x.org,Dina Eik,Bob  BOS,Sales,North,,,,,
"""
DUTCH = """Personeelsnummer;E-mailadres;Naam;Leidinggevende;Afdeling;Teamnaam;Functie;Deeltijdfactor;Niveau;Ingangsdatum;Einddatum
1;Ceo@X.org;Cees Top;geen;Board;Board;CEO;100%;;;
2;bob@x.org;Bob Bos;1;Sales;North;Lead;0,8;;1-1-2026;
3;carl@x.org;Carl Dam;bob@x.org;Sales;North;;;;;30-06-2026
4;dina@x.org;Dina Eik;Bob  BOS;Sales;North;;;;;
"""


@pytest.mark.parametrize(("text", "encoding"), [(PLAIN, "utf-8"), (PLAIN, "utf-8-sig"), (DUTCH, "cp1252")])
def test_a_file_is_read_under_english_and_dutch_names(tmp_path, text, encoding):
    chart = read(tmp_path, text, encoding)
    assert told(chart) == []
    assert by_person(chart, "level", "manager_id") == {"1": (1, None), "2": (2, "1"), "3": (3, "2"), "4": (3, "2")}
    assert by_person(chart, "function", "fte")["2"] == ("Lead", 0.8)
    assert by_person(chart, "valid_from")["2"] == pd.Timestamp(2026, 1, 1)
    assert by_person(chart, "valid_to")["3"] == pd.Timestamp(2026, 6, 30)
    assert dict(chart.aliases.itertuples(index=False, name=None)) == {
        "ceo@x.org": "1",
        "bob@x.org": "2",
        "carl@x.org": "3",
        "dina@x.org": "4",
    }


def test_without_ids_the_address_is_who_they_are(tmp_path):
    chart = read(tmp_path, "email,manager,aliases\nTop@X.org,,\nA@x.org,TOP@x.org,a.b@x.org; C.D@x.org\n")
    assert by_person(chart, "level", "manager_id") == {"top@x.org": (1, None), "a@x.org": (2, "top@x.org")}
    assert list(chart.aliases["email"]) == ["top@x.org", "a@x.org", "a.b@x.org", "c.d@x.org"]


def test_a_manager_may_be_named_by_a_further_address(tmp_path):
    chart = read(tmp_path, "email,manager,alias\ntop@x.org,,boss@x.org\na@x.org,boss@x.org,\n")
    assert by_person(chart, "manager_id")["a@x.org"] == "top@x.org"


def test_bad_values_are_left_out_and_reported_with_row_and_column(tmp_path):
    chart = read(
        tmp_path,
        "email,manager,fte,level,valid_from,valid_to,shoe size\n"
        "top@x.org,,full,,,,44\n"
        "a@x.org,top@x.org,36,two,soon,,\n"
        ",top@x.org,,,,,\n"
        "b@x.org,top@x.org,1,2,2026-05-01,2026-05-01,\n"
        "a@x.org,top@x.org,1,2,,,\n",
    )
    assert told(chart) == [
        "chart.csv: columns not used: shoe size",
        "chart.csv, line 2, column fte: fte is not a number; it was left empty",
        "chart.csv, line 3, column fte: fte is not a part of full time, such as 0.8; it was left empty",
        "chart.csv, line 3, column level: level is not a whole number; it was left empty",
        "chart.csv, line 3, column valid_from: valid_from is not a date such as 2026-03-16; it was left empty",
        "chart.csv, line 4: neither person_id nor email is given",
        "chart.csv, line 5, column valid_to: valid_to is not after valid_from",
        "chart.csv, line 6: a@x.org is in the chart before, at this time",
    ]
    assert by_person(chart, "level") == {"top@x.org": 1, "a@x.org": 2}
    assert [problem.rejected for problem in chart.problems].count(True) == 3


def test_a_file_that_names_nobody_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no column that says who it is about"):
        read(tmp_path, "naam,afdeling\nAnna,Sales\n")
    with pytest.raises(BadInput, match="is empty"):
        read(tmp_path, "")
    with pytest.raises(Unreachable, match="cannot be read"):
        read_chart(tmp_path / "gone.csv")


def test_levels_follow_the_manager_line():
    chart = line(top=None, a="top", b="a", c="b", d="top")
    assert by_person(chart, "level") == {"top": 1, "a": 2, "b": 3, "c": 4, "d": 2}
    assert chart.problems == ()


def test_a_given_level_counts_and_those_below_follow_it():
    entries = [
        Entry("top"),
        Entry("a", manager="top", level=5),
        Entry("b", manager="a"),
        Entry("c", manager="x", level=3),
    ]
    chart = chart_of(entries, "chart")
    assert by_person(chart, "level") == {"top": 1, "a": 5, "b": 6, "c": 3}


def test_an_unknown_manager_is_reported_and_levels_below_stay_empty():
    chart = line(top=None, a="top", b="gone@x.org", c="b", d="c")
    assert by_person(chart, "level") == {"top": 1, "a": 2, "b": None, "c": None, "d": None}
    assert by_person(chart, "manager_id")["b"] == "gone@x.org"
    assert told(chart) == [
        "chart, column manager: gone@x.org is not in the chart; the level is left empty, here and for 2 below"
    ]


@pytest.mark.parametrize("order", range(4))
def test_circles_are_reported_once_and_levels_below_stay_empty(order):
    people = [("top", None), ("a", "c"), ("b", "a"), ("c", "b"), ("d", "c"), ("self", "self"), ("e", "top")]
    random.Random(order).shuffle(people)
    chart = line(**dict(people))
    levels = by_person(chart, "level")
    assert {who for who, level in levels.items() if level is None} == {"a", "b", "c", "d", "self"}
    assert (levels["top"], levels["e"]) == (1, 2)
    (circle,) = [each for each in told(chart) if " reports to " in each and "self" not in each]
    assert circle.endswith("their levels are left empty, here and for 1 below")
    assert circle.count(" reports to ") == 3
    (alone,) = [each for each in told(chart) if "self reports to self" in each]
    assert alone.endswith("their levels are left empty")


def test_several_tops_are_reported_and_people_alone_get_no_level():
    chart = line(top=None, other=None, a="top", b="other", lone=None)
    assert by_person(chart, "level") == {"top": 1, "other": 1, "a": 2, "b": 2, "lone": None}
    assert told(chart) == [
        "chart, column manager: 2 people have no manager and count as a top each: top, other",
        "chart, column manager: 1 people have neither a manager nor anybody below them and get no level: lone",
    ]
    assert by_person(line(only=None), "level") == {"only": 1}


def test_a_name_that_several_have_is_nobody():
    entries = [Entry("1", name="Jan Bos"), Entry("2", name="jan  bos", manager="1"), Entry("3", manager="Jan Bos")]
    chart = chart_of(entries, "chart")
    assert by_person(chart, "level")["3"] is None
    assert told(chart) == ["chart, column manager: several people are called Jan Bos; the level is left empty"]


def test_who_has_neither_manager_nor_department_has_a_team_without_a_name():
    """The tables want a team of everybody."""
    assert by_person(chart_of([Entry("top"), Entry("anna", manager="top")], "chart"), "team")["top"] == ""


def test_teams_come_from_the_source_or_from_having_the_same_manager():
    entries = [
        Entry("top", department="Board"),
        Entry("anna@x.org", manager="top", department="Sales", name="Anna Bos"),
        Entry("b", manager="top", department="Finance"),
        Entry("c", manager="anna@x.org", department="Sales"),
        Entry("d", manager="anna@x.org", department="Support"),
        Entry("e", manager="b", team="Given"),
        Entry("f", manager="e"),
        Entry("g", manager="gone", department="Sales"),
    ]
    teams = by_person(chart_of(entries, "chart"), "team")
    assert teams["top"] == "Board"
    assert teams["anna@x.org"] == teams["b"]
    assert teams["c"] == teams["d"] != teams["b"]
    assert teams["c"].startswith("Sales ")
    assert teams["b"].startswith("Board ")
    assert teams["e"] == "Given"
    assert teams["f"].startswith("team ")
    assert teams["g"].startswith("Sales ")
    assert len({teams[each] for each in "bcefg"}) == 5
    assert not any("anna" in team.lower() or "bos" in team.lower() for team in teams.values())


def test_an_address_of_two_people_stays_with_the_one_whose_main_address_it_is():
    entries = [
        Entry("1", aliases=("b@x.org", "s@x.org")),
        Entry("2", email="b@x.org", manager="1", aliases=("s@x.org",)),
    ]
    chart = chart_of(entries, "chart")
    assert dict(chart.aliases.itertuples(index=False, name=None)) == {"b@x.org": "2", "s@x.org": "1"}
    assert len(chart.problems) == 2


def test_history_in_the_source_has_levels_of_its_time():
    entries = [
        Entry("top"),
        Entry("a", manager="top"),
        Entry("b", manager="top", valid_to=date(2026, 3, 1)),
        Entry("b", manager="a", valid_from=date(2026, 3, 1)),
        Entry("c", manager="b", valid_to=date(2026, 2, 1)),
        Entry("c", manager="b", valid_from=date(2026, 4, 1)),
    ]
    chart = chart_of(entries, "chart")
    assert chart.problems == ()
    assert list(chart.people["level"]) == [1, 2, 2, 3, 3, 4]


def test_directories_of_both_vendors_make_a_chart():
    google = [
        {
            "person_id": "top@x.org",
            "email": "top@x.org",
            "name": "T",
            "manager": None,
            "department": "Board",
            "aliases": [],
        },
        {"person_id": "A@x.org", "manager": "top@x.org", "function": "Lead", "aliases": ["AA@x.org"], "org_unit": "/"},
        {"person_id": "b@x.org", "manager": "a@x.org", "suspended": True},
    ]
    outlook = [
        SimpleNamespace(
            person_id="top@x.org", manager=None, name="T", email="top@x.org", department="Board", aliases=()
        ),
        SimpleNamespace(person_id="a@x.org", manager="top@x.org", function="Lead", aliases=("aa@x.org",), user_id="7"),
        SimpleNamespace(person_id="b@x.org", manager="a@x.org", enabled=False),
        SimpleNamespace(person_id="guest@y.org", manager=None, user_type="Guest"),
    ]
    charts = [chart_of(entries_of(rows), "directory") for rows in (google, outlook)]
    pd.testing.assert_frame_equal(charts[0].people, charts[1].people)
    assert by_person(charts[0], "level", "function") == {"top@x.org": (1, None), "a@x.org": (2, "Lead")}
    assert "aa@x.org" in set(charts[0].aliases["email"])


@settings(max_examples=80, deadline=None)
@given(managers=some.lists(some.none() | some.integers(0, 14), max_size=13))
def test_levels_are_one_more_than_the_managers_or_nobody_knows(managers):
    chart = chart_of([Entry(str(who), manager=None if m is None else str(m)) for who, m in enumerate(managers)], "c")
    levels = by_person(chart, "level")
    led = {str(manager) for manager in managers}
    for who, manager in enumerate(managers):
        if manager is None:
            expected = 1 if str(who) in led or len(managers) == 1 else None
        else:
            above = levels.get(str(manager))
            expected = None if above is None else above + 1
        assert levels[str(who)] == expected


def test_a_large_chart_is_no_trouble():
    people = 3000
    deep = chart_of([Entry(str(n), manager=str(n - 1) if n else None) for n in range(people)], "chart")
    assert deep.people["level"].max() == people
    lost = chart_of([Entry(str(n), manager="gone") for n in range(people)], "chart")
    assert len(lost.problems) == people
