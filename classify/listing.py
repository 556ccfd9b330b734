"""A plain list of titles in, the same list with labels and reasons out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd

from classify import reasons
from classify.context import COLUMNS
from classify.model import PROBABILITIES
from store import unsure
from store.errors import BadInput
from store.spreadsheet import harmless

if TYPE_CHECKING:
    from pathlib import Path

    from classify.model import Classifier
    from classify.phrases import Language

REQUIRED = ("id", "title")
OPTIONAL = ("lang", "body", *COLUMNS)
RESULT = (*REQUIRED, "label", "probability", *PROBABILITIES, "reasons", "unsure")


def classify_file(
    source: Path, target: Path, language: str, classifier: Classifier, below: float = unsure.DEFAULT
) -> int:
    """Label every row of a CSV file and write the result beside its id and title; the number of rows."""
    rows = read_list(source)
    labelled = with_reasons(classifier, rows, "nl" if language == "nl" else "en", below)
    written = labelled.assign(**{name: labelled[name].map(harmless) for name in (*REQUIRED, "reasons")})
    try:
        written.to_csv(target, index=False, float_format="%.4f")
    except OSError as error:
        raise BadInput(f"{target} cannot be written ({error.strerror}); choose another place with --out") from error
    return len(rows)


def read_list(source: Path) -> pd.DataFrame:
    """The rows of a CSV file as text, whatever a spreadsheet made of its separator and encoding."""
    text = _text(source)
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error as error:
        raise BadInput(f"{source} is not a CSV file that can be read ({error})") from error
    names = [name.strip().lower() for name in records[0]] if records else []
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadInput(
            f"{source} has no column {' and no column '.join(missing)}; it needs id and title, "
            f"and may have {', '.join(OPTIONAL)}"
        )
    filled = [_padded(record, len(names)) for record in records[1:] if record]
    frame = pd.DataFrame(filled, columns=names, dtype="str")
    return frame.loc[:, ~frame.columns.duplicated()]


def _text(source: Path) -> str:
    try:
        content = source.read_bytes()
    except OSError as error:
        raise BadInput(f"{source} cannot be read ({error.strerror})") from error
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(f"{source} is a spreadsheet file; save it as CSV first")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _padded(record: list[str], width: int) -> list[str]:
    return (record + [""] * width)[:width]


def with_reasons(
    classifier: Classifier, rows: pd.DataFrame, language: Language, below: float = unsure.DEFAULT
) -> pd.DataFrame:
    """Id and title with label, probabilities, a line of reasons in the row's own language, and whether it is unsure."""
    labelled = classifier.label(rows)
    languages = rows["lang"].str.strip().str.lower() if "lang" in rows else pd.Series("", index=rows.index)
    said: dict[tuple[str, ...], str] = {}
    lines = []
    known = [name for name in ("title", "body", *COLUMNS) if name in rows]
    for place, (own, label) in enumerate(zip(languages, labelled["label"], strict=True)):
        row = rows.iloc[[place]]
        spoken: Language = own if own in {"nl", "en"} else language
        key = (spoken, label, *row[known].iloc[0])
        if key not in said:
            said[key] = reasons.sentence(classifier, row, label, spoken)
        lines.append(said[key])
    result = pd.concat([rows[list(REQUIRED)], labelled], axis=1).assign(reasons=lines)
    result["unsure"] = labelled["probability"].lt(below).map({True: "yes", False: "no"})
    return result[list(RESULT)]
