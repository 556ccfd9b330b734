"""An organisation chart in a CSV file, under the names that people give its columns, English or Dutch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from connectors.chart.chart import Chart, chart_of
from connectors.chart.entry import Entry, person_id_of
from connectors.identity import address
from store.delimited import RawTable, read_delimited
from store.errors import BadInput, Problem, Unreachable
from store.schema import PEOPLE, Column
from store.values import parse_column

if TYPE_CHECKING:
    from pathlib import Path

NAMES: dict[str, tuple[str, ...]] = {
    "person_id": ("person", "id", "employee id", "employee number", "personeelsnummer", "medewerkernummer"),
    "email": ("e mail", "mail", "email address", "e mail address", "emailadres", "e mailadres", "mailadres", "upn"),
    "name": ("naam", "full name", "display name", "displayname", "volledige naam", "employee", "medewerker"),
    "manager": ("manager id", "manager email", "leidinggevende", "reports to", "rapporteert aan", "supervisor"),
    "department": ("afdeling", "dept", "dienst"),
    "team": ("teamnaam", "team name"),
    "function": ("functie", "title", "job title", "jobtitle", "functietitel", "functienaam", "role", "rol"),
    "fte": ("deeltijdfactor", "parttime factor", "aanstelling"),
    "level": ("niveau", "laag", "functieniveau"),
    "valid_from": ("from", "vanaf", "ingangsdatum", "geldig vanaf", "geldig van", "start date", "startdatum"),
    "valid_to": ("to", "until", "tot", "einddatum", "geldig tot", "end date"),
    "aliases": ("alias", "aliassen", "other addresses", "andere adressen"),
}
_COLUMNS = {**PEOPLE.by_name, "manager": Column("manager"), "aliases": Column("aliases")}
_NOBODY = {"-", "--", "geen", "none", "n/a", "nvt", "n.v.t.", "null"}
_DUTCH_DATE = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s*$"
_PERCENT = r"^\s*(\d+(?:[.,]\d+)?)\s*%\s*$"


def read_chart(file: Path) -> Chart:
    """The people in a file; bad values are left out and reported, rows without a person or with bad dates too."""
    try:
        raw = read_delimited(file)
    except OSError as error:
        raise Unreachable(f"{file} cannot be read: {error.strerror or 'the disk does not answer'}") from None
    problems = list(raw.problems)
    raw = _renamed(raw, file, problems)
    if not {"person_id", "email"} & set(raw.frame.columns):
        found = ", ".join(map(str, raw.frame.columns)) or "none"
        raise BadInput(f"{file} has no column that says who it is about (person_id or email); its columns are {found}")
    lines = raw.lines_of(range(len(raw.frame)))
    entries = _entries(_values(raw, file, problems), lines, file, problems)
    chart = chart_of(entries, file.name)
    return Chart(chart.people, chart.aliases, tuple(sorted((*problems, *chart.problems), key=_place)))


def _place(problem: Problem) -> tuple[int, str]:
    return problem.line or 0, problem.reason


def _plain(header: str) -> str:
    return re.sub(r"[\s_.\-]+", " ", header).strip().casefold()


def _renamed(raw: RawTable, file: Path, problems: list[Problem]) -> RawTable:
    """The columns under our names; of two with the same meaning the first counts, ours before anybody's."""
    meanings = {_plain(other): name for name, others in NAMES.items() for other in (*others, name)}
    own = {_plain(name) for name in NAMES}
    chosen: dict[str, str] = {}
    for header in sorted(raw.frame.columns, key=lambda header: _plain(str(header)) not in own):
        name = meanings.get(_plain(str(header)))
        if name is not None and name not in chosen.values():
            chosen[header] = name
    left = [str(header) for header in raw.frame.columns if header not in chosen]
    if left:
        problems.append(Problem(file.name, f"columns not used: {', '.join(left)}", rejected=False))
    return raw.with_frame(raw.frame[list(chosen)].rename(columns=chosen))


def _values(raw: RawTable, file: Path, problems: list[Problem]) -> pd.DataFrame:
    """Typed columns; a value that is none is left empty and reported."""
    columns: dict[str, pd.Series] = {}
    for name in raw.frame.columns:
        text = raw.frame[name].astype("str")
        if name in {"valid_from", "valid_to"}:
            text = text.str.replace(_DUTCH_DATE, _iso, regex=True)
        if name == "fte":
            text = text.str.replace(_PERCENT, _fraction, regex=True)
        values, reasons = parse_column(text, _COLUMNS[name])
        if name == "fte":
            reasons = reasons.mask((values <= 0) | (values > 1.5), "fte is not a part of full time, such as 0.8")
            values = values.where(reasons.isna())
        columns[name] = values
        found = reasons.dropna()
        lines = raw.lines_of(found.index)
        problems.extend(
            Problem(file.name, f"{reason}; it was left empty", lines[row], name, rejected=False)
            for row, reason in found.items()
        )
    return pd.DataFrame(columns, index=raw.frame.index)


def _iso(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _fraction(match: re.Match[str]) -> str:
    return str(round(float(match[1].replace(",", ".")) / 100, 6))


def _entries(values: pd.DataFrame, lines: dict[int, int], file: Path, problems: list[Problem]) -> list[Entry]:
    entries: list[Entry] = []
    for row, given in enumerate(values.astype(object).where(values.notna(), None).to_dict("records")):
        entry = _entry({str(name): value for name, value in given.items()}, lines[row])
        if entry is None:
            problems.append(Problem(file.name, "neither person_id nor email is given", lines[row]))
        else:
            entries.append(entry)
    return entries


def _entry(given: dict[str, Any], line: int) -> Entry | None:
    email = address(given["email"]) if given.get("email") else None
    who = person_id_of(given.get("person_id") or email or "")
    if not who:
        return None
    manager = given.get("manager")
    listed = (address(each) for each in re.split(r"[\s;,|]+", given.get("aliases") or "") if each)
    known = {name: given.get(name) for name in ("name", "department", "team", "function", "fte")}
    edges = {name: given[name].date() for name in ("valid_from", "valid_to") if given.get(name) is not None}
    return Entry(
        who,
        email or (who if "@" in who else None),
        manager=None if manager is None or manager.casefold() in _NOBODY else manager,
        level=None if given.get("level") is None else int(given["level"]),
        aliases=tuple(listed),
        row=line,
        **known,
        **edges,
    )
