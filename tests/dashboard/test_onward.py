"""What the bars of escalations, ties and dependence open: every link answers, keeps the state, and asks no more."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_planted import ask, client_of, components, content, organisation, own_card, texts
from dashboard_signin import Scripted, signed_in
from told_ways import told_ways

from analysis.dependence import Reason
from dashboard.app import create_app
from dashboard.notices import REFUSALS
from dashboard.opening import OPENING
from dashboard.signin import Gate
from dashboard.words import Words
from privacy.answers import NotReady
from privacy.door import Door
from privacy.identity import Grant, Grants
from privacy.viewer import Viewer

signals = Door.signals
HERE = "http://localhost"
BOTH = Words("en"), Words("nl")
NO_MORE = "No more than this is told."
GROUP_PAGES = ("/escalations", "/ties", "/dependence")
TWO = "period=2024-01-01..2024-06-30"


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Somebody who may look as anybody in a made-up organisation."""
    return client_of(organisation(tmp_path_factory.mktemp("ways")), told_ways())


def rows_of(answer) -> dict[str, list[list[str]]]:
    """The addresses of every table that has them, a list for each row."""
    return {
        each["props"]["aria-label"]: [line.split("\t") for line in each["props"]["data-links"].split("\n")]
        for each in components(content(answer), "Div")
        if "data-links" in each["props"]
    }


def bars_of(answer) -> dict[str, list[str]]:
    """The addresses of every picture that has them."""
    return {
        each["props"]["id"]: trace["customdata"]
        for each in components(content(answer), "Graph")
        for trace in each["props"]["figure"]["data"]
        if "customdata" in trace
    }


def anchors_of(answer, kind: str = "Nav") -> list[str]:
    """The addresses in the ways on from a page, or in its paragraphs."""
    main = next(each for each in components(content(answer), "Main"))
    return [
        link["props"]["href"]
        for nav in components(main["props"]["children"], kind)
        for link in components(nav, "Anchor")
    ]


def onward(answer) -> set[str]:
    """Everywhere that a page leads from its pictures, its numbers and the ways on."""
    rows = (address for table in rows_of(answer).values() for row in table for address in row)
    bars = (address for each in bars_of(answer).values() for address in each)
    return {each for each in (*rows, *bars, *anchors_of(answer)) if each}


def hints(answer) -> list[str]:
    return [
        each["props"]["children"]
        for each in components(content(answer), "P")
        if each["props"].get("className") == "hint"
    ]


def follow(client, address: str):
    parts = urlsplit(address)
    return ask(client, parts.path, f"?{parts.query}")


def refused(answer) -> bool:
    said = texts(content(answer))
    return any(words(each, minimum=10).partition(".")[0] in said for each in REFUSALS.values() for words in BOTH)


def test_a_way_opens_the_department_where_it_begins_and_its_row_either(reader):
    answer = ask(reader, "/escalations", f"?viewer=hr&lang=nl&{TWO}")
    intake, kcc = (f"/escalations?viewer=hr&{TWO}&lang=nl&unit={name}" for name in ("Intake", "KCC"))
    # Nothing is told of those who are told as one; their way ends in Intake. The last bar is all other ways.
    assert bars_of(answer)["departments-chart"] == [intake, kcc, intake, ""]
    assert rows_of(answer)["Escalaties van afdeling naar afdeling"] == [
        [intake, kcc],
        [kcc, ""],
        ["", intake],
        ["", ""],
    ]


def test_a_level_opens_its_place_on_the_page_of_coordination(reader):
    answer = ask(reader, "/escalations", f"?viewer=mt&lang=en&{TWO}")
    low, high = (f"/coordination?viewer=mt&{TWO}&lang=en#level-{name}" for name in ("3", "1-2"))
    assert bars_of(answer)["levels-chart"] == [low, low]
    assert rows_of(answer)["Escalations from level to level"] == [[low, high], [low, ""]]
    places = {each["props"].get("id") for each in components(content(follow(reader, low)), "Div")}
    assert {"level-3", "level-1-2"} <= places


def test_where_levels_are_not_told_nothing_opens_and_the_page_says_so(tmp_path):
    reader = client_of(organisation(tmp_path), told_ways(levels=False))
    answer = ask(reader, "/escalations", "?viewer=hr&lang=en")
    assert "levels-chart" not in bars_of(answer)
    assert hints(ask(reader, "/escalations", "?viewer=mt:Intake&lang=en")) == []


def test_a_department_has_its_own_escalations_and_ways_on(reader):
    answer = ask(reader, "/escalations", f"?viewer=hr&lang=en&{TWO}&unit=Intake")
    said = texts(content(answer))
    assert "At least 85% of the escalations of Intake end at levels 1–2" in said
    assert anchors_of(answer) == [
        f"/ties?viewer=hr&{TWO}&lang=en&unit=Intake",
        f"/coordination?viewer=mt%3AIntake&{TWO}&lang=en",
    ]
    assert f"/escalations?viewer=hr&{TWO}&lang=en" in anchors_of(answer, "P")
    files = [each["props"]["href"] for each in components(content(answer), "A") if each["props"].get("download") == ""]
    assert all("unit=Intake" in each for each in files)
    table = reader.get(files[0])
    assert "meetload-escalations-levels-Intake-hr" in table.headers["Content-Disposition"]


def test_ties_open_either_department_and_bars_those_of_one(reader):
    answer = ask(reader, "/ties", f"?viewer=mt&lang=en&{TWO}")
    intake, kcc, ict = (f"/ties?viewer=mt&{TWO}&lang=en&unit={name}" for name in ("Intake", "KCC", "ICT"))
    joined = f"/ties?viewer=mt&{TWO}&lang=en&unit=other+%282%29"
    assert bars_of(answer)["network-chart"] == [intake, kcc, ict, joined]
    assert rows_of(answer)["Ties between departments"] == [[intake, ict], [intake, kcc], [kcc, joined]]
    one = follow(reader, intake)
    assert "Intake: tied to 2 departments by an hour a week or more" in texts(content(one))
    assert bars_of(one)["ties-chart"] == [ict, kcc]
    assert rows_of(one)["Ties of Intake"] == [[ict, ""], [kcc, ""]]
    assert "pairs of teams" not in texts(content(one))
    assert [link.partition("?")[0] for link in anchors_of(one)] == ["/escalations", "/coordination"]
    # Nothing is told of the escalations of those who are told as one, and nobody looks as their management.
    assert anchors_of(follow(reader, joined)) == []
    assert "Other departments: tied to 1 department" in texts(content(follow(reader, joined)))


def test_management_of_a_department_is_told_no_more_than_its_own_ties(reader):
    answer = ask(reader, "/ties", "?viewer=mt:Intake&lang=en")
    assert (bars_of(answer), rows_of(answer)) == ({}, {})
    assert hints(answer) == [NO_MORE, NO_MORE]


def test_of_a_function_nothing_more_is_told(reader):
    answer = ask(reader, "/dependence", "?viewer=mt&lang=en")
    assert (bars_of(answer), rows_of(answer)) == ({}, {})
    assert "teamleider" in texts(content(answer))
    assert "Of a function no more is told than what stands here." in hints(answer)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("viewer", ["hr", "mt", "mt:Intake", "mt:KCC", "mt:ICT", "mt:Balie", "self:p1"])
def test_no_link_leads_to_a_refusal_and_all_keep_period_and_language(reader, viewer, language):
    period = TWO if not viewer.startswith("self") else "period=2026"
    asked = [f"{path}?viewer={viewer}&{period}&lang={language}" for path in GROUP_PAGES]
    seen: set[str] = set()
    while asked:
        answer = follow(reader, asked.pop())
        assert set(bars_of(answer)) <= set(OPENING)
        for link in sorted(onward(answer) - seen):
            seen.add(link)
            state = parse_qs(urlsplit(link).query)
            assert (state["period"], state["lang"]) == ([period.partition("=")[2]], [language]), link
            assert not refused(follow(reader, link)), link
            asked += [link] if urlsplit(link).path in GROUP_PAGES else []
    assert seen


def test_hr_that_signed_in_opens_departments_as_hr():
    grants = Grants((Grant("hr-viewer", Viewer("hr")),))
    app = create_app(told_ways(), gate=Gate(Scripted({"ann": {"sub": "ann", "groups": ["hr-viewer"]}}), grants, HERE))
    client = app.server.test_client()
    client.environ_base["HTTP_ORIGIN"] = HERE
    signed_in(client, "ann")
    links = onward(ask(client, "/escalations", "?lang=en")) | onward(ask(client, "/ties", "?lang=en"))
    assert {parse_qs(urlsplit(link).query)["viewer"][0] for link in links} == {"hr"}
    assert any("unit=Intake" in link for link in links)
    assert not any(refused(follow(client, link)) for link in links)


@pytest.mark.parametrize("path", ["/escalations", "/ties"])
def test_a_department_that_is_not_told_is_said_so_with_the_way_back(reader, path):
    answer = ask(reader, path, "?viewer=hr&lang=en&unit=Zwaan")
    assert REFUSALS["not_released"] in texts(content(answer))
    assert f"{path}?viewer=hr&lang=en" in anchors_of(answer, "P")
    sheet = path.strip("/").replace("escalations", "escalations/levels").replace("ties", "ties/ties")
    assert reader.get(f"/numbers/{sheet}.csv?viewer=hr&lang=en&unit=Zwaan").status_code == 403


def test_other_pages_are_not_narrowed(reader):
    answer = ask(reader, "/coordination", "?viewer=hr&lang=en&unit=Intake")
    assert not any("unit=" in link for link in onward(answer))
    file = reader.get("/numbers/coordination/weeks.csv?viewer=hr&unit=Intake")
    assert "Intake" not in file.headers["Content-Disposition"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_ones_own_bars_open_ones_subjects_and_the_one_that_leans_most(store, monkeypatch, language):
    client = client_of(store)
    topics = components(content(ask(client, "/returning", f"?viewer=self:p1&lang={language}")), "Anchor")
    topic = next(
        parse_qs(urlsplit(each["props"]["href"]).query)["topic"][0]
        for each in topics
        if "topic=" in each["props"]["href"]
    )
    card = own_card()
    leans = Reason("leans_on", {"meetings_a_week": 1.91}, topic)
    monkeypatch.setattr(
        "privacy.door.Door.dependence",
        lambda *_: replace(card, card=replace(card.card, reasons=(*card.card.reasons, leans))),
    )
    answer = ask(client, "/dependence", f"?viewer=self:p1&period=2026&lang={language}")
    page = f"/returning?viewer=self%3Ap1&period=2026&lang={language}"
    assert bars_of(answer) == {"held-chart": [page, page]}
    (rows,) = rows_of(answer).values()
    assert [row for row in rows if row != [""]] == [[page]] * 3
    assert anchors_of(answer) == [f"{page}&topic={topic}"]
    assert topic not in texts(content(answer))
    assert Words(language)("All subjects") in texts(content(follow(client, f"{page}&topic={topic}")))


def test_where_no_subject_comes_back_ones_own_bars_open_nothing(store, monkeypatch):
    client = client_of(store)
    monkeypatch.setattr("privacy.door.Door.dependence", lambda *_: own_card())
    monkeypatch.setattr("privacy.door.Door.signals", lambda door, *asked: replace(signals(door, *asked), topics=()))
    answer = ask(client, "/dependence", "?viewer=self:p1&period=2026&lang=en")
    assert onward(answer) == set()
    assert hints(answer) == ["No subject kept coming back to you in this period, so there is nothing to open."]


def test_no_page_waits_for_ones_subjects(store, monkeypatch):
    def early(*_):
        raise NotReady("", 0, 0)

    monkeypatch.setattr("privacy.door.Door.dependence", lambda *_: own_card())
    monkeypatch.setattr("privacy.door.Door.signals", early)
    answer = ask(client_of(store), "/dependence", "?viewer=self:p1&period=2026&lang=en")
    assert "About 1.4 meetings wait" in texts(content(answer))
