"""The page that lays all groups side by side: what it says of planted rows, for whom, and that everything agrees."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from dashboard_planted import ask, components, content, texts
from scanned_rows import AUDIT, group, hours, scanned
from told_rows import release

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.paper.parts import Drawing, Grid, Text
from dashboard.paper.web import page as set_page
from dashboard.report import report
from dashboard.shell import show
from dashboard.views.scan import MOST_QUARTERS, everything, scan_sheets, scan_view
from dashboard.words import Words
from privacy.released_door import ReleasedDoor
from privacy.released_scan import MEASURES
from privacy.viewer import Viewer

HR = Viewer("hr")
EN, NL = Words("en"), Words("nl")
NUMBER = re.compile(r"[+−]?\d+[.,]\d+%?|\d+%")


def scan(*numbers: int):
    door = scanned(*numbers)
    return door.scan(HR, door.overview().period)


def view(measure="drift", words=EN, numbers=()):
    return scan_view(scan(*numbers), measure, words)


def page_of(name: str):
    return next(each for each in PAGES if each.name == name)


def row(found, name: str) -> dict[str, str]:
    """A row of a sheet as written, by the heads of its columns."""
    cells = next(each for each in found.rows if each[0].value == name)
    return dict(zip(found.head, (cell.text(EN) for cell in cells), strict=True))


@pytest.fixture(scope="module")
def client():
    found = create_app(scanned()).server.test_client()
    found.get("/_dash-layout")
    return found


HEADLINES = {
    "drift": "In quarter 1 of 2025 coordination took 13.0% of contract hours, +2.5 percentage points against a year "
    "before; it moved most in Bouw: +10.0 percentage points.",
    "load": "In quarter 1 of 2025 meetings took 8.7 hours a week, each, +1.0 hours against a year before; it moved most "
    "in Bouw: +4.0 hours.",
    "altitude": "In quarter 1 of 2025 the middle of coordination lay at 1.7, counted from the lowest level, about as "
    "high as a year before; no department or level moved by more than rounding can make.",
    "dependence": "In quarter 2 of 2024 60% or more of all that waits rested on three in a hundred people; of the "
    "departments that are told (1) it is 60% or more in 1.",
}


@pytest.mark.parametrize(("measure", "said"), HEADLINES.items())
def test_the_headline_says_where_things_stand_and_what_moved_most(measure, said):
    assert view(measure).headline == said


def test_without_a_year_before_nothing_is_said_to_have_moved():
    assert view(numbers=(0, 1)).headline == (
        "In quarter 2 of 2024 coordination took 10.5% of contract hours; no department or level is told of a year "
        "before."
    )


def test_it_speaks_dutch():
    assert view(words=NL).headline == (
        "In kwartaal 1 van 2025 kostte coördinatie 13,0% van de contracturen, +2,5 procentpunt ten opzichte van een "
        "jaar eerder; het meest verschoof het bij Bouw: +10,0 procentpunt."
    )


def test_the_range_over_departments_names_none():
    assert view().picture_sentence == "Over 4 departments it lies between 7% and 20% of contract hours."


def test_the_picture_and_the_sheet_have_the_same_figures():
    found = view()
    bouw = next(band for band in found.grid.bands if band.name == "Bouw")
    assert [field.large for field in bouw.fields] == ["10", "10", "10", "10", "20"]
    assert (bouw.fields[0].small, bouw.fields[-1].small) == ("", "+10")
    written = row(found.sheets["drift"], "Bouw")
    assert [written[each] for each in ("2024Q1", "2025Q1", "Against a year before")] == ["10%", "20%", "+10.0"]
    assert [field.small for band in found.grid.bands if band.name == "Cultuur" for field in band.fields][-1] == "≈"


@pytest.mark.parametrize("measure", ["drift", "load"])
def test_the_headlines_numbers_stand_in_the_sheet(measure):
    found = view(measure)
    cells = {cell.text(EN) for line in found.sheets[measure].rows for cell in line}
    assert set(NUMBER.findall(found.headline)) <= cells


def test_a_field_that_is_not_told_has_a_letter_and_the_letter_a_reason():
    found = view()
    dienst = next(band for band in found.grid.bands if band.name == "Dienst")
    last = dienst.fields[-1]
    assert (last.large, last.shade) == ("–", None)
    assert f"– {last.small}: told together with others as one group" in " ".join(found.grid.legend)
    assert row(found.sheets["drift"], "Dienst")["Not told, and why"] == "2025Q1: told as part of Dienst + Faam"
    assert row(found.sheets["drift"], "Anders")["Not told, and why"].startswith("coordination is told under “other”")
    assert "1 department is not in the picture" in " ".join(found.grid.legend)


def test_all_four_stand_side_by_side_in_the_newest_quarter():
    found = row(view().sheets["groups"], "Bouw")
    assert row(view().sheets["groups"], "Cultuur")["Points against a year before"] == "≈"
    assert found == {
        "Group": "Bouw",
        "People, at least": "50",
        "Coordination": "20%",
        "Points against a year before": "+10.0",
        "Altitude": "1.7",
        "Meeting hours a week": "11.5",
        "Focus hours a week": "28.0",
        "Concentration, %": "≥ 60",
        "People at risk": "5 to 9",
        "With a calendar": "> 80 %",
        "Finest stretch told": "quarter",
        "Not told, and why": "–",
    }


def test_dependence_is_told_once_a_year_and_stands_for_that_year():
    assert row(view().sheets["groups"], "Whole organisation")["Concentration, %"] == "≥ 60"


def test_everything_is_in_one_file():
    found = everything(scan(), EN)
    groups = len(scan().groups)
    assert len(found.rows) == 5 * groups
    assert {str(each[1].value) for each in found.rows} == {"2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"}


def test_what_is_not_told_is_listed_with_its_reason():
    lines = view().unsaid
    assert lines[0].startswith("Dienst + Faam are told as one group: alone one of them has too few people")
    assert "Coordination is told under “other” in 1 group, where few people make it up: Anders." in lines
    assert any(line.startswith("7 departments by level are not told") for line in lines)
    assert "For how many people there is a calendar to read is told in bands only. Groups by band: > 80 %: 8." in lines
    assert "Tried and not told: levels 1-2 / 3: bounds x 2." in lines
    assert view(numbers=(0, 2)).unsaid[-1] == "No release holds 2024Q2."
    sheet = scan_sheets(scan(), EN)["untold"]
    assert ["2025Q1", "Each apart", "Dienst + Faam", "alone too few people, or a few have nearly all hours"] in [
        [cell.text(EN) for cell in line] for line in sheet.rows
    ]


def test_the_counter_voice_ranks_nobody():
    said = view().counter_voice
    assert "no ranking of those who lead them" in said
    assert "Of 7 departments and levels one always moves most, by chance alone" in said
    assert "the one that runs now is in no release" in said


def test_a_long_chain_is_drawn_by_its_last_quarters_and_told_whole():
    found = view(numbers=tuple(range(MOST_QUARTERS + 2)))
    assert len(found.grid.quarters) == MOST_QUARTERS
    assert len([head for head in found.sheets["drift"].head if re.fullmatch(r"\d{4}Q\d", head)]) == MOST_QUARTERS + 2


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_page_and_its_files_come_from_one_scan(client, measure, language):
    words = Words(language)
    tree = content(ask(client, "/scan", f"?viewer=hr&lang={language}&show={measure}"))
    expected = scan_view(scan(), measure, words)
    said = texts(tree)
    assert "".join(expected.headline.split()) in "".join(said.split())
    tables = [table["props"]["data"] for table in components(tree, "Table")]
    assert {data["caption"] for data in tables} == {sheet.caption for sheet in expected.sheets.values()}
    fields = [each for each in components(tree, "Span") if "field" in each["props"].get("className", "").split()]
    drawn = [field for band in expected.grid.bands for field in band.fields]
    assert ["".join(texts(each).split()) for each in fields] == [
        f"{each.large}{each.small}".replace(" ", "") for each in drawn
    ]
    for name, sheet in (*expected.sheets.items(), ("all", everything(scan(), words))):
        file = client.get(f"/numbers/scan/{name}.csv?viewer=hr&lang={language}")
        lines = list(
            csv.reader(
                StringIO(file.get_data(as_text=True).lstrip("\ufeff")), delimiter=";" if language == "nl" else ","
            )
        )
        assert file.status_code == 200
        assert lines[0] == list(sheet.head)
        assert len(lines) == 1 + len(sheet.rows) + 3


@pytest.mark.parametrize("viewer", ["mt", "mt:Bouw"])
def test_nobody_but_hr_opens_it(client, viewer):
    tree = content(ask(client, "/scan", f"?viewer={viewer}&lang=en"))
    assert "for HR only" in texts(tree)
    assert not components(tree, "Table")
    for sheet in (*MEASURES, "groups", "untold", "all"):
        assert client.get(f"/numbers/scan/{sheet}.csv?viewer={viewer}").status_code == 403
    menu = [
        each["props"]["href"]
        for each in components(tree, "Anchor")
        if each["props"].get("href", "").startswith("/scan")
    ]
    assert menu == []


def test_a_measure_is_kept_in_the_address_and_rows_lead_on(client):
    tree = content(ask(client, "/scan", "?viewer=hr&lang=en&show=load&period=2024"))
    links = [each["props"]["href"] for each in components(tree, "Anchor")]
    assert "/scan?viewer=hr&period=2024&lang=en&show=altitude" in links
    assert "/?viewer=hr&period=2024Q3&lang=en" in links
    rows = next(each["props"]["data-links"] for each in components(tree, "Div") if "data-links" in each["props"])
    assert rows.split("\n")[0] == "/?viewer=hr&period=2024&lang=en"
    assert "/?viewer=mt%3ABouw&period=2024&lang=en" in rows


def test_the_menu_offers_it_to_hr_alone():
    assert page_of("scan").roles == ("hr",)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_on_paper_its_tables_stand_for_the_picture(language):
    words = Words(language)
    paper = report(scanned(), PAGES, HR, "", language)
    chapter = next(each for each in paper.chapters if each.question == words("How do our groups stand, side by side?"))
    grids = [part for part in chapter.parts if isinstance(part, Grid)]
    assert grids[0].caption == view(words=words).sheets["drift"].caption
    assert not any(isinstance(part, Drawing) for part in chapter.parts)
    assert not any(part.text.startswith(("–", "Large", "Groot")) for part in chapter.parts if isinstance(part, Text))
    assert chapter.question in set_page(paper)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("measure", MEASURES)
def test_an_organisation_too_small_for_departments_still_has_a_page(measure, language):
    alone = group("organisation", hours(4.0), "10-24", 1.0)
    app = create_app(ReleasedDoor([release(0, {"organisation": alone}, audit=AUDIT)]))
    with app.server.test_request_context("/"):
        said = str(show(page_of("scan"), PAGES, {"viewer": "hr", "lang": language, "show": measure}))
    assert "went wrong" not in said
    assert "Whole organisation" in said or "Hele organisatie" in said
