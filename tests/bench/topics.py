"""Topics of a million different titles: 300,000 subjects said in several ways by teams of a large organisation."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation.build import _in_memory

from analysis.topics import topics
from store.frames import tidy, with_local_time
from store.schema import TABLES
from store.tables import Tables

TITLES, PEOPLE, TEAMS = 1_000_000, 20_000, 2_000
SYLLABLES = [
    "ka",
    "ro",
    "mi",
    "sel",
    "ton",
    "ver",
    "bar",
    "lin",
    "dos",
    "pra",
    "gim",
    "wes",
    "tul",
    "nor",
    "fa",
    "zet",
    "hui",
    "kro",
    "mep",
    "lar",
    "bin",
    "sto",
    "vel",
    "dra",
]
STAGES = (
    "{}",
    "Overleg {}",
    "Vervolg {}",
    "RE: {} {n}",
    "{} deel {n}",
    "Discuss {}",
    "SPOED {}",
    "{} - next steps {n}",
)


def organisation(titles: int = TITLES, seed: int = 1) -> Tables:
    """Meetings, each with a title of its own, of three to five people out of one to three teams."""
    rng = np.random.default_rng(seed)
    words = np.array(["".join(rng.choice(SYLLABLES, rng.integers(2, 5))) for _ in range(40_000)])
    # Few words are common and many rare, as in any language.
    chosen = np.minimum((len(words) * rng.random((titles // 3, 3)) ** 2.5).astype(int), len(words) - 1)
    lengths = rng.integers(1, 4, len(chosen))
    subjects = [" ".join(words[row[:length]]) for row, length in zip(chosen, lengths, strict=True)]
    subject = rng.integers(0, len(subjects), titles)
    stage, number = rng.integers(0, len(STAGES), titles), rng.integers(2, 10_000, titles)
    texts = [
        f"{STAGES[s].format(subjects[k], n=n)} #{at}"
        for at, (k, s, n) in enumerate(zip(subject.tolist(), stage.tolist(), number.tolist(), strict=True))
    ]
    ids = pd.Series(np.arange(titles)).astype("str")
    start = pd.Timestamp("2025-01-06 09:00") + pd.to_timedelta(rng.integers(0, 700, titles), "D")
    meetings = pd.DataFrame({"meeting_id": ids, "title": texts, "start": start, "end": start + pd.Timedelta(hours=1)})
    meetings = meetings.assign(series_id=pd.Series([None] * titles, dtype="str"), kind="meeting", all_day=False)
    home = rng.integers(0, TEAMS, len(subjects))
    team = (home[subject][:, None] + np.array([0, 0, 1, 1])) % TEAMS
    person = team * (PEOPLE // TEAMS) + rng.integers(0, PEOPLE // TEAMS, (titles, 4))
    attendance = pd.DataFrame(
        {
            "meeting_id": np.repeat(ids.to_numpy(), 4),
            "person_id": pd.Series(person.ravel()).astype("str"),
            "role": "required",
            "response": "accepted",
        }
    )
    people = pd.DataFrame({"person_id": pd.Series(np.arange(PEOPLE)).astype("str"), "level": 5, "department": "D"})
    people["team"] = ("T" + pd.Series(np.arange(PEOPLE) // (PEOPLE // TEAMS)).astype("str")).astype("str")
    people = people.assign(valid_from=pd.NaT, valid_to=pd.NaT)
    given = {"people": people, "meetings": meetings, "attendance": attendance}
    whole = {name: tidy(TABLES[name], frame) for name, frame in given.items()}
    return _in_memory(whole | {"meetings": with_local_time(whole["meetings"], "Europe/Amsterdam")})


def measure(titles: int = TITLES) -> dict[str, float]:
    """Seconds for the topics of so many different titles, and how many topics there were."""
    tables = organisation(titles)
    began = time.perf_counter()
    found = topics(tables)
    return {"titles": titles, "seconds": time.perf_counter() - began, "topics": len(found.groups)}


if __name__ == "__main__":
    import resource

    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else TITLES))
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")
