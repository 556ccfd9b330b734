"""The pages on paper: the same sentences and numbers, in both forms and languages, harmless whatever a title holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from dashboard.pages import PAGES
from dashboard.paper.document import LONGEST_TABLE, Chapter, Document
from dashboard.paper.drawing import NotDrawableError, svg
from dashboard.paper.parts import Aside, Drawing, Grid, Text, Title
from dashboard.paper.pdf import pdf
from dashboard.paper.web import page
from dashboard.report import report
from dashboard.words import Words
from privacy.viewer import Viewer
from store.errors import BadInput

HOSTILE = '<script>alert(1)</script> #read("/etc/passwd") $x$ @ref *b* [c] \\ " \x07 \u200b=1+1'


@pytest.fixture(scope="module", params=["nl", "en"])
def paper(request, door) -> Document:
    return report(door, PAGES, None, "", request.param)


def every(parts, kind):
    for part in parts:
        if isinstance(part, kind):
            yield part
        elif isinstance(part, Aside):
            yield from every(part.parts, kind)


def test_every_page_for_paper_is_in_it_under_its_question(paper, door):
    words = Words(paper.language)
    owner = door.viewers()[0]
    questions = [each.question(words, owner) for each in PAGES if each.on_paper and owner.role in each.roles]
    assert [chapter.question for chapter in paper.chapters] == questions


def test_the_answer_comes_first_and_the_counter_voice_is_there(paper):
    chapter = paper.chapters[0]
    leads = [part for part in every(chapter.parts, Text) if part.role == "lead"]
    assert len(leads) == 1
    assert any(isinstance(part, Aside) for part in chapter.parts)


def test_nothing_to_click_is_on_paper(paper):
    texts = [part.text for chapter in paper.chapters for part in every(chapter.parts, Text)]
    assert not {"CSV", "Show the numbers", "Toon de cijfers"} & set(texts)


def test_the_page_says_what_the_document_says(paper):
    class Words(HTMLParser):
        found = ""

        def handle_data(self, data):
            self.found += data

    reader = Words()
    reader.feed(page(paper))
    for chapter in paper.chapters:
        assert chapter.question in reader.found
        for text in every(chapter.parts, Text):
            assert text.text in reader.found


def test_the_page_needs_nothing_else(paper):
    text = page(paper)
    assert "<script" not in text
    assert re.findall(r'(?:src|href)="', text) == []


def test_the_pdf_is_one(paper):
    assert pdf(paper).startswith(b"%PDF-1.")


def test_a_viewer_without_rights_gets_no_report(door):
    with pytest.raises(BadInput, match="not open"):
        report(door, PAGES, Viewer("self", person_id="p2"), "", "en")


def document(*parts) -> Document:
    return Document("t", "en", (HOSTILE,), (Chapter(HOSTILE, parts),), "numbers", "see there")


def test_hostile_titles_are_only_text():
    grid = Grid(HOSTILE, (HOSTILE, "n"), ((HOSTILE, "1"),), (HOSTILE, "1"))
    paper = document(Text(HOSTILE, "lead"), Title(HOSTILE), grid, Aside((Text(HOSTILE),)), Text(HOSTILE, "item"))
    assert "<script>" not in page(paper)
    assert pdf(paper).startswith(b"%PDF")


def test_a_long_table_stands_at_the_end():
    rows = tuple((str(number), "1") for number in range(LONGEST_TABLE + 1))
    text = page(document(Grid("long", ("a", "b"), rows), Text("afterwards")))
    assert text.index("see there") < text.index("afterwards") < text.index("<caption>long")


def bars(**layout):
    trace = {"type": "bar", "x": ["a", "b"], "y": [1, 3], "name": "n", "marker": {"color": "#123456"}}
    return {"data": [trace, {**trace, "y": [2, 1]}], "layout": {"height": 200, **layout}}


def heights(figure) -> list[float]:
    boxes = ET.fromstring(svg(figure)).iter("{http://www.w3.org/2000/svg}rect")
    return [float(box.get("height")) for box in boxes]


def test_bars_are_as_high_as_their_numbers():
    first, second, third, _ = heights(bars(barmode="stack"))
    assert second == pytest.approx(3 * first, rel=0.01)
    assert third == pytest.approx(2 * first, rel=0.01)


def test_stacked_bars_stand_on_each_other():
    boxes = list(ET.fromstring(svg(bars(barmode="stack"))).iter("{http://www.w3.org/2000/svg}rect"))
    lower, upper = boxes[0], boxes[2]
    assert float(upper.get("y")) + float(upper.get("height")) == pytest.approx(float(lower.get("y")), abs=0.11)


def test_a_gap_in_a_line_stays_a_gap():
    line = {"type": "scatter", "x": [1, 2, 3, 4, 5], "y": [1, 2, None, 2, 1], "mode": "lines"}
    lines = ET.fromstring(svg({"data": [line], "layout": {}})).iter("{http://www.w3.org/2000/svg}polyline")
    assert len(list(lines)) == 2


def test_a_picture_without_a_form_on_paper_says_so():
    with pytest.raises(NotDrawableError):
        svg({"data": [{"type": "heatmap", "z": [[1]]}], "layout": {}})
    assert "<svg" not in page(document(Drawing({"data": [{"type": "heatmap"}], "layout": {}}, "s")))


def test_names_in_a_picture_are_only_text():
    bar = {"type": "bar", "orientation": "h", "x": [1], "y": ["<script>alert(1)</script> & co"]}
    figure = {"data": [bar], "layout": {}}
    assert "<script>" not in svg(figure)
    ET.fromstring(svg(figure))
