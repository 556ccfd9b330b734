"""How often the 95 % intervals of shares hold the truth, when labels err as the shipped model was measured to err.

A run draws a calendar: clusters of equal title with very unequal hours, each with a true label. The model errs by the
confusion matrix of its card, once for a whole cluster. The questions that the correction rests on are drawn anew in
each run, as many as the corpus has, or as people reviewed. No run knows the matrix the errors came from.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import audit
from analysis.labelerror import CORPUS, Array, error_of
from analysis.shares import Said, Shares, shares
from classify import persist
from store.schema import LABELS

RUNS = 400
USUAL = np.array([0.18, 0.40, 0.06, 0.04, 0.32])
SHIFTED = np.array([0.05, 0.25, 0.25, 0.15, 0.30])
REVIEWED = 300
LABEL = np.array(LABELS)


@dataclass(frozen=True)
class Calendar:
    """The hours of a calendar's clusters with their true and their said label."""

    hours: Array
    truth: np.ndarray
    said: np.ndarray

    @property
    def true_shares(self) -> Array:
        return _by(self.truth, self.hours) / self.hours.sum()

    def as_said(self, known: np.ndarray | None = None) -> Said:
        """What the model said, and what people decided where they `known` it."""
        open_ = np.ones(len(self.hours), dtype=bool) if known is None else ~known
        said, hours = self.said[open_], self.hours[open_]
        return Said(_by(said, hours), _by(said, hours**2), _by(self.truth[~open_], self.hours[~open_]))


def measure(runs: int = RUNS) -> dict[str, object]:
    """Coverage of every label's interval and of a naive count, by case."""
    confusion = np.asarray(persist.card()["confusion"]["with_context"], dtype=float)
    cases = {
        "usual mix": (USUAL, 5000, False),
        "shifted mix": (SHIFTED, 5000, False),
        "one person's calendar": (USUAL, 150, False),
        f"{REVIEWED} reviewed of this store": (USUAL, 5000, True),
    }
    return {
        f"{name}, {runs} runs": _case(np.random.default_rng(number), confusion, *case, runs)
        for number, (name, case) in enumerate(cases.items())
    }


def _case(
    rng: np.random.Generator, confusion: Array, mix: Array, clusters: int, reviewed: bool, runs: int
) -> dict[str, float]:
    matrix = confusion / confusion.sum(axis=1, keepdims=True)
    inside, naive, width, off, naive_off = np.zeros((5, len(LABELS)))
    for run in range(runs):
        calendar = draw(rng, mix, matrix, clusters)
        truth, found = calendar.true_shares, _estimate(rng, calendar, confusion, reviewed, run)
        low, high = (np.array([getattr(part, end) for part in found.labels]) for end in ("low", "high"))
        inside += (low <= truth) & (truth <= high)
        naive += np.abs(calendar.as_said().naive - truth) <= _textbook(calendar)
        width += high - low
        off += np.abs(np.array([part.share for part in found.labels]) - truth)
        naive_off += np.abs(calendar.as_said().naive - truth)
    return (
        {"coverage of all labels": float(inside.mean() / runs), "naive counting": float(naive.mean() / runs)}
        | {f"coverage of {label}": float(each / runs) for label, each in zip(LABELS, inside, strict=True)}
        | {"mean width": float(width.mean() / runs), "mean error": float(off.mean() / runs)}
        | {"mean error of naive counting": float(naive_off.mean() / runs)}
    )


def _textbook(calendar: Calendar) -> Array:
    """Half the usual interval of a share, which knows no wrong labels: 1.96 standard errors over the clusters."""
    share, part = calendar.as_said().naive, calendar.hours / calendar.hours.sum()
    return np.asarray(1.96 * np.sqrt(share * (1 - share) * (part**2).sum()))


def _estimate(rng: np.random.Generator, calendar: Calendar, confusion: Array, reviewed: bool, run: int) -> Shares:
    if reviewed:
        return _from_reviews(calendar, run)
    matrix = confusion / confusion.sum(axis=1, keepdims=True)
    asked = [rng.multinomial(int(row.sum()), chances) for row, chances in zip(confusion, matrix, strict=True)]
    return shares(calendar.as_said(), error_of(np.array(asked).tolist(), CORPUS), seed=run)


def _from_reviews(calendar: Calendar, run: int) -> Shares:
    """People reviewed the top of the list that `analysis.audit` draws up; what they said is known from then on."""
    names, said, truth = np.arange(len(calendar.hours)), *(LABEL[each] for each in (calendar.said, calendar.truth))
    groups = pd.DataFrame({"group": [f"{run} {name}" for name in names], "hours": calendar.hours, "name": names})
    known = np.zeros(len(names), dtype=bool)
    known[audit.order(groups)["name"].iloc[:REVIEWED]] = True
    error = audit.sample_error(groups.assign(said=said, truth=pd.Series(truth, dtype="str").where(known)))
    return shares(calendar.as_said(known), error, sampled_here=True, seed=run)


def draw(rng: np.random.Generator, mix: Array, matrix: Array, clusters: int) -> Calendar:
    """A calendar of clusters with a mix of true labels, labelled by a model that errs by the matrix."""
    truth = rng.choice(len(mix), clusters, p=mix)
    said = (rng.random((clusters, 1)) > matrix[truth].cumsum(axis=1)).sum(axis=1).clip(max=len(mix) - 1)
    return Calendar(rng.lognormal(0.0, 1.2, clusters), truth, said)


def _by(label: np.ndarray, hours: Array) -> Array:
    return np.bincount(label, hours, minlength=len(LABELS))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS), indent=2))
