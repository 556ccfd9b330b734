"""What a bar, a point or a row opens: an address that keeps the state, and only where the reader may go."""

from __future__ import annotations

from dashboard_planted import ask, client_of, components, content, organisation
from told_rows import Group, release

from dashboard.charts import bare
from dashboard.opening import OPENING, linked
from dashboard.words import Words
from privacy.released_door import ReleasedDoor


def links_of(answer) -> dict[str, list[str]]:
    """The links of every table that has them, by what the table shows."""
    tree = content(answer)
    found = {}
    for each in components(tree, "Div"):
        if "data-links" in each["props"]:
            found[each["props"]["aria-label"]] = each["props"]["data-links"].split("\n")
    return found


def graphs(answer) -> dict[str, dict]:
    return {each["props"]["id"]: each["props"]["figure"] for each in components(content(answer), "Graph")}


def test_a_week_opens_its_hours_from_the_bar_and_from_the_row(client):
    answer = ask(client, "/", "?viewer=self:p1&lang=nl&period=2026Q1&show=share")
    links = links_of(answer)["Vergaderuren week na week"]
    assert links[0] == "/?viewer=self%3Ap1&period=2026-W02&lang=nl&show=share"
    assert len(links) == len(set(links))
    for trace in graphs(answer)["weeks-chart"]["data"]:
        assert trace["customdata"] == links
        assert len(trace["x"]) == len(links)


def test_one_week_opens_nothing_but_the_meetings_in_it(client):
    answer = ask(client, "/", "?viewer=self:p1&lang=en&period=2026-W10")
    assert links_of(answer) == {}
    onward = [each["props"]["href"] for each in components(content(answer), "Anchor")]
    assert "/labels?viewer=self%3Ap1&period=2026-W10&lang=en" in onward


def test_coordination_opens_weeks_of_ones_own_and_none_of_a_release(client):
    own = links_of(ask(client, "/coordination", "?viewer=self:p1&lang=en"))
    assert any("period=2026-W" in link for links in own.values() for link in links)
    found = links_of(ask(client, "/coordination", "?viewer=mt&lang=en"))
    assert not any("period=2026-W" in link for links in found.values() for link in links)


def test_every_picture_that_opens_something_is_asked_by_the_browser(client):
    for path in ("/", "/roles", "/coordination"):
        for name, figure in graphs(ask(client, path, "?viewer=mt&lang=en")).items():
            if any("customdata" in trace for trace in figure["data"]):
                assert name in OPENING


def test_what_was_silent_under_the_mouse_can_be_clicked_and_stays_silent():
    figure = {
        "data": [{"x": [1, 2], "hoverinfo": "skip"}, {"x": [1], "hoverinfo": "skip"}],
        "layout": bare(Words("en")),
    }
    opened = linked(figure, ("/a", "/b"))
    assert opened["data"] == [{"x": [1, 2], "hoverinfo": "none", "customdata": ["/a", "/b"]}, figure["data"][1]]
    assert (opened["layout"]["hovermode"], figure["layout"]["hovermode"]) == ("closest", False)
    assert linked(figure, ()) is figure


def test_the_evidence_about_oneself_is_one_link_from_the_group(client, tmp_path):
    def onward(reader):
        tree = content(ask(reader, "/dependence", "?viewer=mt&lang=en"))
        return [
            each["props"]["href"]
            for each in components(tree, "Anchor")
            if each["props"]["children"].startswith("What waits for me")
        ]

    assert onward(client) == ["/dependence?viewer=self%3Ap1&lang=en"]
    assert onward(client_of(organisation(tmp_path, people=40, owner=""))) == []


def test_a_department_opens_its_own_page_where_one_may_see_it(tmp_path):
    def spending(coordination):
        return lambda week: {"coordination": coordination + week / 13, "other": 4.0, "contract": 36.0}

    groups = {
        key: Group(key, spending(hours), people=people)
        for key, hours, people in (
            ("organisation", 5.0, "50-99"),
            ("department:Intake", 6.0, "25-49"),
            ("department:Balie-Staf", 4.0, "25-49"),
        )
    }
    releases = ReleasedDoor([release(number, groups) for number in range(2)])
    reader = client_of(organisation(tmp_path), releases)
    found = links_of(ask(reader, "/coordination", "?viewer=mt&lang=en"))
    (links,) = found.values()
    # Two departments told as one have no page of their own to open.
    assert links == ["/coordination?viewer=mt%3AIntake&lang=en", ""]
    figure = graphs(ask(reader, "/coordination", "?viewer=mt&lang=en"))["departments-chart"]
    assert figure["data"][0]["customdata"] == links
    assert links_of(ask(reader, "/coordination", "?viewer=mt:Intake&lang=en")) == {}
