"""A new model out of the corpus and what people corrected, held against the current one on questions neither has seen.

    fold 1   |held|------------------|      both models learn from the rest of the corpus and of the reviewed meetings
    fold 2   |----|held|-------------|      (each only from the corrections it knows) and answer what was held out
    ...

Corpus titles are held out by kind of organisation, reviewed meetings by title. A reviewed series is one row.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from classify.meetings import grouped
from classify.model import Classifier, best_temperature
from classify.queue import circumstances
from classify.text import read
from classify.train import train
from classify.validate import FOLDS, chances, report
from store.corrections import standing
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from store.tables import Tables

WEIGHT = 5
"""How many titles of the corpus one reviewed series counts for."""

OWN = "own"


@dataclass(frozen=True)
class Score:
    """How one model did on held-out questions."""

    questions: int
    right: int
    macro_f1: float
    calibration_error: float


@dataclass(frozen=True)
class Comparison:
    """The current model and a candidate on the same questions: those of the corpus, and the reviewed meetings."""

    current: Score
    candidate: Score
    current_reviewed: Score
    candidate_reviewed: Score


def reviewed(tables: Tables) -> pd.DataFrame:
    """One row for every series (or single meeting) with a standing correction: its label and circumstances.

    `at` is when it was said. Meetings without a title teach nothing and are left out.
    """
    said = standing(to_pandas(tables.corrections))
    rows = circumstances(tables, sorted(set(said["meeting_id"])))
    rows = rows[rows["title"].fillna("").str.strip() != ""]
    said = said[said["meeting_id"].isin(rows["meeting_id"])].set_index("meeting_id", drop=False)
    rows = rows.reindex(said.index).assign(label=said["label"], at=said["at"])
    rows = rows.assign(group=grouped(rows)).drop_duplicates("group", keep="last")
    # A fingerprint, because kinds end up in the card and a card holds no title.
    kinds = rows["title"].map(lambda title: f"{OWN} {hashlib.sha256(read(title).joined.encode()).hexdigest()[:12]}")
    return rows.assign(kind=kinds, lang=OWN).drop(columns="group").reset_index(drop=True)


def known_to(own: pd.DataFrame, card: dict[str, Any]) -> pd.Series:
    """Which reviewed rows the model with this card learnt from."""
    until = card.get("corrections_until")
    return own["at"] <= pd.Timestamp(until) if until else pd.Series(False, index=own.index)


def compare(corpus: pd.DataFrame, own: pd.DataFrame, known: pd.Series) -> Comparison:
    """Both models on every question, held out; `known` says which reviewed rows the current model learnt from."""
    questions = pd.concat([corpus, own], ignore_index=True)
    knows = np.concatenate([np.ones(len(corpus), dtype=bool), known.to_numpy(dtype=bool)])
    current, candidate = (np.zeros((len(questions), len(LABELS))) for _ in range(2))
    for learnt, held in GroupKFold(FOLDS).split(questions, groups=questions["kind"]):
        for answers, rows in ((candidate, learnt), (current, learnt[knows[learnt]])):
            model = Classifier().fit(weighed(questions.iloc[rows]))
            answers[held] = model.scores(questions.iloc[held])
    of_corpus, of_own = slice(0, len(corpus)), slice(len(corpus), None)
    # Calibrated on the corpus alone: a handful of reviewed meetings must not set what a probability means.
    calibrated = [chances(each, _temperature(each[of_corpus], corpus)) for each in (current, candidate)]
    return Comparison(
        *(_score(questions[part], each[part]) for part in (of_corpus, of_own) for each in calibrated),
    )


def _temperature(scores: np.ndarray, corpus: pd.DataFrame) -> float:
    return best_temperature(scores, corpus["label"].to_numpy(dtype=str))


def _score(rows: pd.DataFrame, answers: np.ndarray) -> Score:
    found = report(rows.drop(columns=["kind", "lang"]), answers)
    right = round(found["accuracy"] * len(rows))
    return Score(len(rows), right, round(found["macro_f1"], 4), round(found["ece"], 4))


def weighed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every reviewed one repeated, so that one correction is heard among thousands of titles."""
    return pd.concat([rows, *[rows[rows["lang"] == OWN]] * (WEIGHT - 1)], ignore_index=True)


def learn(corpus: pd.DataFrame, own: pd.DataFrame) -> tuple[Classifier, dict[str, Any]]:
    """The candidate itself, with the beginning of its card."""
    classifier, card = train(weighed(pd.concat([corpus, own], ignore_index=True)))
    scores = {name: _without_own(each) for name, each in card["cross_validation"].items()}
    return classifier, card | {
        "cross_validation": scores,
        "corrections": len(own),
        "corrections_until": own["at"].max().isoformat(),
        "corrections_weight": WEIGHT,
    }


def _without_own(scores: dict[str, float]) -> dict[str, float]:
    return {
        name: value
        for name, value in scores.items()
        if not name.startswith((f"macro_f1_kind_{OWN} ", f"macro_f1_lang_{OWN}"))
    }


def as_card(comparison: Comparison) -> dict[str, Any]:
    """A comparison as it stands in a card."""
    return asdict(comparison)
