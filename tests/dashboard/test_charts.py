"""The pictures are plain dicts for speed; here Plotly itself checks every value in them."""

from __future__ import annotations

import dashboard_planted as planted
import plotly.graph_objects as go
import pytest

from dashboard import charts, pictures
from dashboard.opening import linked
from dashboard.views.coordination import coordination_view
from dashboard.views.dependence import group_view, own_view
from dashboard.views.finding import Stroke
from dashboard.words import Words

WORDS = Words("nl")


def figures() -> dict[str, dict]:
    moved = coordination_view(planted.drift(), WORDS)
    card = own_view(planted.own_card(), WORDS)
    return {
        "weeks in hours": charts.weekly_bars(planted.split(), WORDS, "hours"),
        "weeks as share": charts.weekly_bars(planted.split(), WORDS, "share"),
        "line": charts.weekly_line(moved.line, WORDS),
        "level": charts.level_lines(moved.levels, WORDS)[0],
        "held": charts.amounts(card.amounts, WORDS),
        "interval": charts.interval(card.range, WORDS),
        "functions": charts.amounts(group_view(planted.group_dependence(), WORDS).amounts, WORDS),
    }


@pytest.mark.parametrize("name", figures())
def test_plotly_accepts_the_picture(name):
    figure = go.Figure(figures()[name])
    assert figure.layout.paper_bgcolor == charts.CLEAR
    assert figure.layout.height


def test_bars_stack_up_to_the_table():
    data = charts.weekly_bars(planted.split(), WORDS, "hours")["data"]
    assert [sum(trace["y"][week] for trace in data) for week in (0, 1)] == [20.0, 20.0]
    shares = charts.weekly_bars(planted.split(), WORDS, "share")["data"]
    assert sum(trace["y"][0] for trace in shares) == pytest.approx(100 * 20 / 36)
    assert data[0]["hovertext"][0] == "week 2, 2026<br>Ontwerp: 2,0"


def test_levels_share_one_scale():
    levels = charts.level_lines(coordination_view(planted.drift(), WORDS).levels, WORDS)
    assert len({tuple(level["layout"]["yaxis"]["range"]) for level in levels}) == 1


def test_no_button_uploads_a_picture():
    assert charts.GRAPH["displayModeBar"] is False
    assert charts.GRAPH["showSendToCloud"] is False
    assert "sendChartToCloud" in charts.GRAPH["modeBarButtonsToRemove"]


def test_words_beside_a_bar_stand_on_two_lines_and_have_room():
    short, long = (pictures.strokes([Stroke("a", 100.0, said)], Words("en")) for said in ("85%", "at least 85%"))
    assert [each["data"][0]["text"] for each in (short, long)] == [["85%"], ["at least<br>85%"]]
    assert short["layout"]["xaxis"]["range"][1] < long["layout"]["xaxis"]["range"][1]


def test_a_lying_bar_is_chosen_anywhere_beside_it():
    lying = pictures.strokes([Stroke("a", 1.0, "1%"), Stroke("b", 99.0, "99%")], Words("en"))
    assert linked(lying, ("/a", ""))["layout"]["hovermode"] == "y"
    assert linked(lying, ("", "")) is lying
