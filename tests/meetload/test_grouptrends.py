"""A person-week table from elsewhere as a trend by group."""

from __future__ import annotations

import csv
import io

import pytest
from typer.testing import CliRunner

from meetload.cli import app
from store.errors import BadInput

WEEKS = ("2026-01-05", "2026-01-12")


@pytest.fixture
def table(tmp_path):
    """Twelve people of Intake at 4 and 6 hours, ten of =Zorg at 3, four of Bestuur at 20."""
    rows = [
        f"{group}{number},{week},{group},{hours[place]}"
        for group, size, hours in (("Intake", 12, (4, 6)), ("=Zorg", 10, (3, 3)), ("Bestuur", 4, (20, 20)))
        for number in range(size)
        for place, week in enumerate(WEEKS)
    ]
    path = tmp_path / "weeks.csv"
    path.write_text("PersonId,MetricDate,Organization,Meeting_hours\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def ask(*arguments):
    return CliRunner().invoke(app, ["trend", *map(str, arguments)], catch_exceptions=False, standalone_mode=False)


def test_small_groups_and_what_keeps_them_company_are_left_out(table):
    told = list(csv.DictReader(io.StringIO(ask(table, "--value", "Meeting_hours", "--format", "csv").stdout)))
    means = {(row["Organization"], row["MetricDate"]): row["mean"] for row in told}
    assert (means["Intake", WEEKS[0]], means["Intake", WEEKS[1]]) == ("4.0", "6.0")
    assert means["Bestuur", WEEKS[0]] == ""
    # With only one group hidden, the whole less the others would tell it.
    assert means["'=Zorg", WEEKS[0]] == ""
    assert "20" not in {row["mean"] for row in told}


def test_the_table_says_how_many_cells_are_left_out(table):
    done = ask(table, "--value", "Meeting_hours")
    assert "Intake" in done.stdout
    assert "4 of 6 cells are left out" in done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--value", "Hours"), "has no column Hours"),
        (("--value", "Organization"), "four different columns"),
        (("--value", "Organization", "--by", "Meeting_hours"), "line 2: Organization is not a number"),
        (("--value", "Meeting_hours", "--format", "xml"), "use table or csv"),
    ],
)
def test_what_is_wrong_is_said(table, arguments, sentence):
    with pytest.raises(BadInput, match=sentence):
        ask(table, *arguments)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInput, match="there is no file"):
        ask(tmp_path / "none.csv", "--value", "x")
