"""The demo's story: its figures are those of the pages it leads to, and it is told in the demo only."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import dashboard_planted as planted
import pytest
from dashboard_planted import TODAY, ask, client_of, components, content, texts

from analysis.period import Period
from dashboard.pages import PAGES
from dashboard.views.steps import STEPS
from dashboard.views.story import part_of_work, story_view
from dashboard.words import Words
from privacy.door import Door
from privacy.policy import Policy
from privacy.release.file import GroupInfo, Release
from privacy.release.rows import Row
from privacy.released_door import ReleasedDoor
from privacy.story import PHASES, read_phases
from privacy.viewer import Viewer

# Five phases of four weeks each in the planted organisation's 23 weeks.
BOUNDS = ("2026-01-05", "2026-02-02", "2026-03-02", "2026-03-30", "2026-04-27", "2026-05-25")
WRITTEN = json.dumps(
    [{"name": str(n), "from": first, "until": after} for n, (first, after) in enumerate(pairwise(BOUNDS))]
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return planted.organisation(tmp_path_factory.mktemp("told"), demo="yes", **{PHASES: WRITTEN})


def released(number: int, bounds: tuple[str, str]) -> Release:
    """What fifty people did in four weeks: an hour more of coordination every time."""
    period = Period(*map(date.fromisoformat, bounds))

    def row(measure: str, label: str, value: float) -> Row:
        return Row(measure, "organisation", (), str(period), label, value, "hours a week, each", "50-99")

    hours = {"total": 12.0, "coordination": 2.0 + number, "design": 1.0, "escalation": 0.5, "incident": 0.5}
    return Release(
        quarter=f"2026-{number}",
        period=period,
        number=number,
        demo=True,
        policy=Policy().as_json(),
        groups=(GroupInfo("organisation", "organisation", "organisation", "", (), "50-99"),),
        rows=(*(row("hours", *each) for each in hours.items()), row("contract", "", 36.0)),
        audit={},
        approval={},
        names=None,
        digest=str(number),
    )


RELEASED = ReleasedDoor([released(number, bounds) for number, bounds in enumerate(pairwise(BOUNDS), 1)])


@pytest.fixture(scope="module")
def reader(told):
    # One for all: its door remembers the phases.
    return client_of(told, RELEASED)


def test_a_store_without_a_story_has_none():
    assert read_phases("") == ()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_every_step_is_told(reader, step, language):
    tree = content(ask(reader, "/story", f"?step={step}&lang={language}"))
    words = Words(language)
    said = texts(tree)
    assert words(STEPS[step - 1].happened) in said
    assert words(STEPS[step - 1].means) in said
    headline = next(each for each in components(tree) if each["props"].get("id") == "headline")
    assert words(STEPS[step - 1].title) in texts(headline)
    links = [each["props"]["href"] for each in components(tree, "Anchor")]
    assert (f"step={step + 1}" in " ".join(links)) or step == len(STEPS)


def test_sentence_bars_and_sheet_say_the_same_as_the_door(told):
    door = Door(told, TODAY, released=RELEASED)
    phases = door.overview().story
    splits = tuple(door.split(Viewer("mt"), phase.period) for phase in phases)
    words = Words("en")
    view = story_view(3, phases, splits, words)
    expected = [words.percent(part_of_work(split, "coordination"), 1) for split in splits]
    assert [bar.written for bar in view.bars] == expected
    assert [row[3].text(words) for row in view.phases.sheet.rows] == expected
    assert expected[2] in view.figures
    assert expected[0] in view.figures
    assert expected == ["8.3%", "11.1%", "13.9%", "16.7%", "19.4%"]


def test_links_hold_the_whole_state(reader):
    tree = content(ask(reader, "/story", "?step=4&lang=nl"))
    links = {each["props"]["href"] for each in components(tree, "Anchor")}
    assert "/?viewer=mt&period=2026-03-30..2026-04-26&lang=nl" in links
    assert "/escalations?viewer=mt&period=2026-01-05..2026-04-26&lang=nl" in links
    assert not any("step=" in link and not link.startswith("/story?") for link in links)


def test_every_pointer_leads_to_a_page():
    paths = {page.path for page in PAGES}
    assert {pointer.path for step in STEPS for pointer in step.pointers} <= paths


def test_outside_the_demo_there_is_no_story(client):
    assert "The story" not in texts(content(ask(client, "/", "?lang=en")))
    assert "told in the demo only" in texts(content(ask(client, "/story", "?lang=en")))


def test_a_step_that_is_none_is_said(reader):
    said = texts(content(ask(reader, "/story", "?step=x&lang=en")))
    assert "The step in the address is not one of the story" in said


def test_its_numbers_are_a_file(reader):
    answer = reader.get("/numbers/story/phases.csv?lang=en")
    assert answer.status_code == 200
    assert answer.get_data(as_text=True).count("\n") == 6
