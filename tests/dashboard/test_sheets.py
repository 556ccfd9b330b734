from __future__ import annotations

from datetime import date

import pytest

from dashboard.sheets import Cell, Sheet
from dashboard.words import Words


@pytest.mark.parametrize(
    "text", ["=SUM(A1)", "+1", "-1", "@cmd", "\tx", "\rx", "\0x", "\uff1dx", "\uff0bx", "\uff0dx", "\uff20x"]
)
def test_no_text_becomes_a_formula(text):
    assert Cell(text).plain(Words("en")) == "'" + text


def test_a_negative_number_stays_a_number():
    assert Cell(-0.031, "change").plain(Words("en")) == "-3"
    assert Cell(-0.031, "change").text(Words("en")) == "−3%"


def test_the_file_speaks_the_readers_spreadsheet():
    sheet = Sheet("x", ("Wie", "Uren"), ((Cell("a;b"), Cell(1234.56, "number")), (Cell("c"), Cell(None, "number"))))
    assert sheet.csv(Words("nl")) == 'Wie;Uren\r\n"a;b";1234,6\r\nc;\r\n'
    assert sheet.csv(Words("en")) == "Wie,Uren\r\na;b,1234.6\r\nc,\r\n"


def test_cells_on_the_page():
    nl = Words("nl")
    cells = (
        (Cell(0.374, "percent"), "37%"),
        (Cell(0.2036, "fine percent"), "20,4%"),
        (Cell(2.25, "signed"), "+2,2"),
        (Cell(1.913, "fine"), "1,91"),
        (Cell(None, "number"), "–"),
        (Cell(date(2026, 3, 16), "week"), "week 12, 2026"),
        (Cell(date(2026, 3, 16), "date"), "16 mrt 2026"),
    )
    assert [cell.text(nl) for cell, _ in cells] == [said for _, said in cells]
