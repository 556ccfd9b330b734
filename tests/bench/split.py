"""`split` over five million attendance rows against the same question written as SQL for bare DuckDB."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.facts import facts
from analysis.focus import focus_days
from analysis.period import Period
from analysis.split import split
from store.database import Store, writing
from store.schema import LABELS

ROWS, PEOPLE, PER_MEETING, WEEKS = 5_000_000, 10_000, 6, 52
FIRST = pd.Timestamp("2025-01-06")
PERIOD = Period(date(2025, 1, 6), date(2026, 1, 5))

BARE = """
WITH met AS (
  SELECT meeting_id, week, local_date, local_minute, start_minute AS b, end_minute AS f
  FROM stored.meetings
  WHERE status != 'cancelled' AND NOT all_day AND show_as != 'free' AND kind = 'meeting'
    AND end_minute - start_minute BETWEEN 1 AND 1439 AND (headcount IS NULL OR headcount >= 2)
), there AS (
  SELECT a.meeting_id, a.person_id, m.*,
    CASE WHEN a.role = 'organizer' THEN .98 WHEN a.response = 'accepted' THEN .95 ELSE .85 END AS chance
  FROM stored.attendance a JOIN met m USING (meeting_id)
  WHERE a.role != 'resource' AND a.response != 'declined'
), away AS (
  SELECT DISTINCT t.person_id, t.meeting_id FROM there t JOIN stored.absence_days d USING (person_id, local_date)
  WHERE t.local_minute < d.to_minute AND t.local_minute + t.f - t.b > d.from_minute
), counted AS (
  SELECT * FROM there ANTI JOIN away USING (person_id, meeting_id)
), edges AS (
  SELECT person_id, edge, sum(step) AS step FROM (
    SELECT person_id, b AS edge, 1 AS step FROM counted UNION ALL SELECT person_id, f, -1 FROM counted
  ) GROUP BY ALL
), pieces AS (
  SELECT person_id, edge, lead(edge) OVER w AS next, sum(step) OVER w AS depth FROM edges WINDOW w AS (PARTITION BY person_id ORDER BY edge)
), clock AS (
  SELECT person_id, edge,
    sum(CASE WHEN depth > 0 AND next IS NOT NULL THEN (next - edge) / depth ELSE 0 END)
      OVER (PARTITION BY person_id ORDER BY edge ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
  FROM pieces
), hours AS (
  SELECT c.*, (coalesce(e.until, 0) - coalesce(s.until, 0)) / 60 AS hours
  FROM counted c JOIN clock s ON s.person_id = c.person_id AND s.edge = c.b JOIN clock e ON e.person_id = c.person_id AND e.edge = c.f
)
SELECT h.week, p.level, p.department, l.label, sum(h.hours) AS hours, sum(h.hours * h.chance) AS weighted, count(*) AS meetings
FROM hours h LEFT JOIN stored.labels l USING (meeting_id) JOIN stored.people p ON p.person_id = h.person_id
  AND (p.valid_from IS NULL OR p.valid_from <= h.local_date) AND (p.valid_to IS NULL OR p.valid_to > h.local_date)
GROUP BY ALL
"""


def build(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """A store of office weeks: half-hour slots, some double bookings, a few weeks of leave."""
    rng = np.random.default_rng(seed)
    count = rows // PER_MEETING
    slot = rng.integers(0, 16, count)
    day = rng.integers(0, 5, count) + 7 * rng.integers(0, WEEKS, count)
    start = FIRST + pd.to_timedelta(day, "D") + pd.to_timedelta(8 * 60 + slot * 30, "min")
    ids = pd.Series(np.arange(count)).astype("str")
    meetings = pd.DataFrame({"meeting_id": ids, "start": start, "headcount": PER_MEETING})
    meetings["end"] = meetings["start"] + pd.to_timedelta(rng.choice([30, 45, 60, 90], count), "min")
    who = (rng.integers(0, PEOPLE, (count, 1)) + np.arange(PER_MEETING) * 7) % PEOPLE
    response = rng.choice(["accepted", "none", "tentative", "declined"], count * PER_MEETING, p=[0.7, 0.15, 0.05, 0.1])
    attendance = pd.DataFrame({"meeting_id": np.repeat(ids.to_numpy(), PER_MEETING), "response": response})
    attendance["person_id"] = pd.Series(who.ravel()).astype("str")
    number = np.arange(PEOPLE)
    people = pd.DataFrame({"person_id": pd.Series(number).astype("str"), "level": 5 - np.minimum(4, number % 40 // 8)})
    people["department"] = people["team"] = "D" + (people.index % 20).astype("str")
    leave = FIRST + pd.to_timedelta(7 * rng.integers(0, WEEKS, PEOPLE), "D")
    absences = pd.DataFrame({"person_id": people["person_id"], "start": leave, "end": leave + pd.Timedelta(days=5)})
    labels = pd.DataFrame({"meeting_id": ids, "label": rng.choice(LABELS, count)})
    with writing(path) as writer:
        tables = {
            "people": people,
            "meetings": meetings,
            "attendance": attendance,
            "absences": absences,
            "labels": labels,
        }
        for name, frame in tables.items():
            writer.upsert(name, frame)


def ours(path: Path) -> tuple[float, float]:
    """Seconds, and the hours found, of a first question to a fresh store."""
    snapshot = Store(path).snapshot()
    days = snapshot.keep("focus_days", focus_days)
    began = time.perf_counter()
    result = split(snapshot.tables(), snapshot.keep("facts", facts), days, PERIOD)
    return time.perf_counter() - began, result.hours


def bare(path: Path) -> tuple[float, float]:
    """The same question in SQL."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{path}' AS stored (READ_ONLY)")
    began = time.perf_counter()
    frame = connection.execute(BARE).df()
    return time.perf_counter() - began, float(frame["hours"].sum())


def measure(rows: int = ROWS) -> dict[str, float]:
    """Seconds of both and their ratio, the best of two each; fails where they disagree on the hours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        build(path, rows)
        runs = [(ours(path), bare(path)) for _ in range(2)]
    for (_, mine), (_, theirs) in runs:
        assert abs(mine - theirs) < 1e-6 * theirs, (mine, theirs)
    mine, theirs = min(run[0][0] for run in runs), min(run[1][0] for run in runs)
    return {"rows": rows, "ours_s": mine, "bare_s": theirs, "ratio": mine / theirs}


if __name__ == "__main__":
    import sys

    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
