"""Bridges and knock-outs of 5,000 people and 100,000 ties in 13 slices, against the peer's unweighted network function.

The peer is vivainsights-py 0.4.3, `network_p2p(return_type="data", layout="random")`: its drawing switched off, its layout
the cheap one. It runs in its own environment, whose Python the variable MEETLOAD_PEER_PYTHON names; without it the
comparison says "not measured". Both sides count CPU seconds, with their data in memory and their imports done.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.bridges.codes import coded
from analysis.bridges.knockout import knockouts
from analysis.bridges.pairs import alone_of, carriers

PEOPLE, TIES, UNIT, SLICES, SEED = 5_000, 100_000, 20, 13, 20240603
ACTIVE = 0.3
TIMES = 3
PEER = "MEETLOAD_PEER_PYTHON"
THEIRS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("Agg")
import pandas as pd
import vivainsights
ties = pd.read_csv(sys.argv[1])
began = time.process_time()
found = vivainsights.network_p2p(ties, centrality=sys.argv[2] or None, return_type="data", layout="random")
print(time.process_time() - began, len(found))
"""


def pairs(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Exactly 100,000 different pairs of people; about a third of them of one unit of twenty."""
    one = np.repeat(np.arange(PEOPLE), 2 * TIES // PEOPLE)
    inside = one // UNIT * UNIT + rng.integers(0, UNIT, len(one))
    other = np.where(rng.random(len(one)) < 0.5, inside, rng.integers(0, PEOPLE, len(one)))
    low, high = np.minimum(one, other), np.maximum(one, other)
    keys = rng.permutation(np.unique((low * PEOPLE + high)[low != high]))[:TIES]
    assert len(keys) == TIES
    return keys // PEOPLE, keys % PEOPLE


def tie_list(active: float = ACTIVE) -> pd.DataFrame:
    """Those ties with hours, each in a random part of the slices of a year."""
    rng = np.random.default_rng(SEED)
    one, other = pairs(rng)
    tie, part = np.nonzero(rng.random((TIES, SLICES)) < active)
    people = pd.Series([f"p{number:04d}" for number in range(PEOPLE)], dtype="str")
    units = "u" + (people.index // UNIT).astype("str")
    at, to = one[tie], other[tie]
    return pd.DataFrame(
        {
            "slice": part,
            "person_id": people.to_numpy()[at],
            "unit": units.to_numpy()[at],
            "other_id": people.to_numpy()[to],
            "other_unit": units.to_numpy()[to],
            "meetings": rng.integers(1, 5, len(tie)),
            "hours": rng.gamma(2.0, 1.0, len(tie)),
        }
    ).astype(dict.fromkeys(("person_id", "unit", "other_id", "other_unit"), "str"))


def ours(frame: pd.DataFrame) -> float:
    """CPU seconds from the tie list to everybody's knock-out in every slice, all pairs' carriers, and who stands alone."""
    began = time.process_time()
    ties = coded(frame, fewest_people=3)
    people, totals = knockouts(ties, SLICES)
    carried = carriers(ties)
    mine = alone_of(carried, ties)
    took = time.process_time() - began
    assert len(mine) == PEOPLE
    assert len(totals) == SLICES
    assert people["person_id"].nunique() == PEOPLE
    return took


def theirs(path: Path, centrality: str) -> float | None:
    """CPU seconds of the peer on the same ties without weights and slices; None where there is no peer."""
    if PEER not in os.environ:
        return None
    call = [os.environ[PEER], "-c", THEIRS, str(path), centrality]
    answered = subprocess.run(call, check=True, capture_output=True, text=True)
    seconds, found = answered.stdout.split()[-2:]
    assert int(found) == PEOPLE
    return float(seconds)


def peer_data(path: Path) -> None:
    """The same ties as the peer reads them: one row a tie."""
    one, other = pairs(np.random.default_rng(SEED))
    sides = {"Primary": one, "Secondary": other}
    columns = {f"{side}Collaborator_PersonId": [f"p{each:04d}" for each in who] for side, who in sides.items()}
    columns |= {f"{side}Collaborator_Organization": [f"u{each // UNIT}" for each in who] for side, who in sides.items()}
    pd.DataFrame(columns).to_csv(path, index=False)


def measure(folder: Path, active: float = ACTIVE) -> dict[str, float | None]:
    """CPU seconds, the best of three each, taken in turns."""
    frame, path = tie_list(active), folder / "ties.csv"
    peer_data(path)
    runs = [(ours(frame), theirs(path, ""), theirs(path, "betweenness")) for _ in range(TIMES)]
    mine, plain, central = ([each for each in column if each is not None] for column in zip(*runs, strict=True))
    return {
        "rows": len(frame),
        "ours_s": min(mine),
        "plain_s": min(plain, default=None),
        "centralities_s": min(central, default=None),
    }


def here(active: float = ACTIVE) -> dict[str, float | None]:
    """The same in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder), active)


if __name__ == "__main__":
    print(here(float(sys.argv[1]) if len(sys.argv) > 1 else ACTIVE))
