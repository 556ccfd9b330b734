"""The training corpus: hand-written titles of every label, with the circumstances such meetings have.

`python -m classify.corpus` checks it and exits 1 on a fault.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from classify.circumstances import with_circumstances
from classify.text import read
from store.errors import BadInput
from store.schema import LABELS

FOLDER = Path(__file__).with_name("corpus")
FIELDS = ("label", "kind", "recurring", "people", "lead", "title", "body")
LEADS = ("n", "h", "d", "w", "m")
_SMALLEST_SHARE = 0.10
_NEAR = 0.85
_MOST_NEAR = 0.01


def load(folder: Path = FOLDER) -> pd.DataFrame:
    """The whole corpus, one row a title, circumstances drawn from its hints; the same rows every time."""
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise BadInput(f"there is no corpus (*.tsv) in {folder}")
    return with_circumstances(pd.concat([_read(file) for file in files], ignore_index=True))


def _read(file: Path) -> pd.DataFrame:
    language = file.name.split("_")[0]
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [
            _row(f"{file.name}, line {number}", fields, language)
            for number, fields in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1)
        ]
    return pd.DataFrame(rows, columns=[*FIELDS, "lang"]).assign(source=file.stem)


def _row(place: str, fields: list[str], language: str) -> list[str]:
    if len(fields) == len(FIELDS):
        fields = [*fields, language]
    if len(fields) != len(FIELDS) + 1:
        raise BadInput(
            f"{place}: {len(fields)} fields instead of {len(FIELDS)}, or {len(FIELDS) + 1} with the language"
        )
    label, _kind, recurring, people, lead, *_rest, lang = fields
    allowed = (
        label in LABELS and recurring in {"y", "n"} and people.isdigit() and lead in LEADS and lang in {"nl", "en"}
    )
    if not allowed:
        raise BadInput(f"{place}: a label, recurring, people, lead or language that is not allowed")
    return fields


def digest(folder: Path = FOLDER) -> str:
    """A fingerprint of the corpus files, their names included."""
    whole = hashlib.sha256()
    for file in sorted(folder.glob("*.tsv")):
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def faults(corpus: pd.DataFrame) -> list[str]:
    """What is wrong with a corpus: imbalance, duplicates, near-duplicates across the folds; empty when nothing is."""
    found = [
        f"{language}: {label} is only {share:.0%} of the titles"
        for language, rows in corpus.groupby("lang")
        for label, share in rows["label"].value_counts(normalize=True).reindex(LABELS, fill_value=0).items()
        if share < _SMALLEST_SHARE
    ]
    keys = corpus["title"].map(lambda title: read(title).joined)
    repeated = keys[keys.duplicated() & (keys != "")]
    if len(repeated) > _MOST_NEAR * len(corpus):
        found.append(f"{len(repeated)} titles are the same as another one, apart from digits and signs")
    contradictions = corpus.assign(key=keys).groupby(["key", "lang"])["label"].nunique().gt(1).sum()
    if contradictions > _MOST_NEAR * len(corpus):
        found.append(f"{contradictions} titles have two labels")
    leaked = leaks(corpus)
    if len(leaked) > _MOST_NEAR * len(corpus):
        found.append(f"{len(leaked)} titles nearly stand in another kind too, so cross-validation would flatter")
    return found


def leaks(corpus: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs of rows of different kinds with nearly the same words (three or more, Jaccard of 0.85 or higher)."""
    words = [frozenset(filter(str.isalnum, read(title).shaped)) for title in corpus["title"]]
    kinds = corpus["kind"].tolist()
    common = Counter(word for each in words for word in each)
    by_word: dict[str, list[int]] = {}
    pairs: set[tuple[int, int]] = set()
    for row, each in enumerate(words):
        if len(each) < 3:
            continue
        # Two nearly equal sets share at least one of the rarest words of each; two give a margin.
        rare = sorted(each, key=lambda word: (common[word], word))[:2]
        pairs |= {
            (other, row)
            for word in rare
            for other in by_word.get(word, ())
            if kinds[other] != kinds[row] and len(each & words[other]) >= _NEAR * len(each | words[other])
        }
        for word in rare:
            by_word.setdefault(word, []).append(row)
    return sorted(pairs)


def main() -> int:
    """Check the corpus that comes with meetload and print its counts."""
    corpus = load()
    print(corpus.pivot_table(index=["source", "lang"], columns="label", values="title", aggfunc="count", fill_value=0))  # noqa: T201
    print(f"{len(corpus)} titles, {corpus['kind'].nunique()} kinds, {len(leaks(corpus))} near-duplicates across kinds")  # noqa: T201
    found = faults(corpus)
    for fault in found:
        print(f"fault: {fault}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
