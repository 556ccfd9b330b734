"""The portable engine at full size: a hundred million attendance rows, a whole drift, and a group trend beside a peer's.

Every run is a process of its own, so that its CPU seconds and its peak memory are its own. CPU is what is compared:
others on the machine stretch the clock, not the work. Smaller: MEETLOAD_BENCH_ROWS, MEETLOAD_BENCH_PEOPLE.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.drift import drift
from analysis.facts import facts
from analysis.period import Period
from analysis.weeklevels import week_levels
from privacy.grouptrend import group_trend
from store.parquet import DuckEngine, Folder
from store.tables import to_pandas

ROWS = int(os.environ.get("MEETLOAD_BENCH_ROWS", "100_000_000"))
PEOPLE = int(os.environ.get("MEETLOAD_BENCH_PEOPLE", "10_000"))
WEEKS = int(os.environ.get("MEETLOAD_BENCH_WEEKS", "104"))
PEER = os.environ.get("MEETLOAD_PEER_PYTHON")
"""The Python of an environment with vivainsights 0.4.3; without it the peer is not measured."""

START = date(2025, 1, 6)
PEER_PEOPLE, PEER_WEEKS, PEER_GROUPS = 10_000, 52, 60
MEMORY = "3GB"

SQL = """SELECT week, level, label, sum(hours) AS hours, count(DISTINCT person_id) AS people
FROM read_parquet('{file}') GROUP BY week, level, label"""
PEER_CALL = """
import sys, time, pandas as pd, vivainsights as vi
rows = pd.read_csv(sys.argv[1], parse_dates=["MetricDate"])
best = 9e9
for _ in range(3):
    began = time.process_time()
    vi.create_trend(rows.copy(), metric="hours", hrvar="Organization", mingroup=10, return_type="table")
    best = min(best, time.process_time() - began)
print(best)
"""


@dataclass(frozen=True)
class Run:
    """CPU and clock seconds of one piece of work, the most memory its process had in MB, and a digest of its answer."""

    cpu: float
    wall: float
    memory: float
    answer: float


def attendance(target: Path, rows: int) -> None:
    """Attendance with its place and label, as `analysis.presence` has it: a thousand rows a person in a year."""
    people = max(100, rows // 1000)
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(target.parent / "spill")})
    connection.execute(
        f"""COPY (SELECT
          DATE '{START}' + (7 * (hash(i) % 52))::INTEGER AS week,
          'person' || lpad(p::VARCHAR, 7, '0') AS person_id,
          CASE WHEN p % 1000 < 5 THEN 1 WHEN p % 1000 < 40 THEN 2 WHEN p % 1000 < 160 THEN 3
               WHEN p % 1000 < 400 THEN 4 ELSE 5 END AS level,
          ['design', 'coordination', 'escalation', 'incident', 'other'][1 + (hash(i + 7) % 5)::INTEGER] AS label,
          0.25 * (1 + hash(i + 13) % 8) AS hours
        FROM (SELECT i, (hash(i + 1) % {people})::INTEGER AS p FROM range({rows}) t(i)))
        TO '{target}' (FORMAT parquet)"""
    )


def ours_levels(file: str) -> float:
    engine = DuckEngine(MEMORY)
    found = to_pandas(week_levels(engine.scan(file)))
    engine.close()
    return float(found["hours"].sum() + found["people"].sum())


def bare_levels(file: str) -> float:
    with tempfile.TemporaryDirectory() as spill:
        settings = {"memory_limit": MEMORY, "temp_directory": spill, "preserve_insertion_order": "false"}
        found = duckdb.connect(config=dict(settings)).execute(SQL.format(file=file)).df()
    return float(found["hours"].sum() + found["people"].sum())


def whole_drift(folder: str) -> float:
    engine = DuckEngine(MEMORY)
    held = Folder(folder, engine)
    period = Period(START, START + timedelta(weeks=WEEKS))
    found = drift(held.tables(), held.keep("facts", facts), period)
    engine.close()
    return float(found.people)


WORK = {"ours_levels": ours_levels, "bare_levels": bare_levels, "whole_drift": whole_drift}


def run(name: str, argument: Path) -> Run:
    """One piece of work in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.engine", name, str(argument)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Run(**json.loads(said.splitlines()[-1]))


def levels(rows: int = ROWS) -> tuple[Run, Run]:
    """Weekly levels and labels over Parquet, ours and bare; the better of two each, equal answers demanded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "attendance.parquet"
        attendance(file, rows)
        runs = [(run("ours_levels", file), run("bare_levels", file)) for _ in range(2)]
    for mine, theirs in runs:
        assert abs(mine.answer - theirs.answer) < 1e-6 * theirs.answer, (mine, theirs)
    mine, theirs = (min((pair[side] for pair in runs), key=lambda each: each.cpu) for side in (0, 1))
    return mine, theirs


def organisation(folder: Path) -> None:
    """A simulated organisation as a folder of Parquet."""
    from dataclasses import fields

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from simulation.build import as_tables, simulate
    from simulation.plan import realistic

    tables = as_tables(simulate(realistic(1, people=PEOPLE, weeks=WEEKS, growth=0.2)))
    for each in fields(tables):
        getattr(tables, each.name).to_native().write_parquet(str(folder / f"{each.name}.parquet"))


def complete_drift() -> Run:
    """The whole of `drift`, from opening the folder to the result, the better of two."""
    with tempfile.TemporaryDirectory() as folder:
        organisation(Path(folder))
        return min((run("whole_drift", Path(folder)) for _ in range(2)), key=lambda each: each.wall)


def peer_table() -> pd.DataFrame:
    """Person-weeks as in the peer's own samples: Zipf groups, the last eight of one to eight people, holidays, leave."""
    chance = np.random.default_rng(20240603)
    sizes = 1 / np.arange(1, PEER_GROUPS - 7)
    tail = np.repeat(np.arange(PEER_GROUPS - 8, PEER_GROUPS), np.arange(8, 0, -1))
    head = chance.choice(PEER_GROUPS - 8, PEER_PEOPLE - len(tail), p=sizes / sizes.sum())
    group = np.concatenate([head, tail])
    week = np.tile(np.arange(PEER_WEEKS), PEER_PEOPLE)
    usual = chance.gamma(6, 3, PEER_PEOPLE).repeat(PEER_WEEKS)
    hours = usual * 1.004**week * chance.lognormal(0, 0.25, len(week))
    hours *= np.where(np.isin(week, (0, 30, 51)), 0.25, 1.0) * (chance.random(len(week)) > 0.01)
    return pd.DataFrame(
        {
            "PersonId": np.repeat([f"p{number:05d}" for number in range(PEER_PEOPLE)], PEER_WEEKS),
            "MetricDate": pd.Timestamp("2023-01-01") + pd.to_timedelta(7 * week, "D"),
            "Organization": np.repeat([f"Group {number:02d}" for number in group], PEER_WEEKS),
            "hours": hours,
        }
    )


def trend() -> tuple[float, float | None]:
    """CPU seconds of a group trend with suppression, ours and the peer's; the best of three."""
    rows = peer_table()
    best = np.inf
    for _ in range(3):
        began = time.process_time()
        group_trend(rows, "hours", "Organization", "MetricDate", "PersonId")
        best = min(best, time.process_time() - began)
    if PEER is None:
        return best, None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        rows.to_csv(file, index=False)
        command = [PEER, "-W", "ignore", "-c", PEER_CALL, str(file)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return best, float(said.split()[-1])


def main(name: str, argument: str) -> None:
    began = time.perf_counter(), time.process_time()
    answer = WORK[name](argument)
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": memory, "answer": answer}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
