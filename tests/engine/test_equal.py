"""The contract of a portable measure: the same numbers on DuckDB and on a Spark."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.facts import facts
from analysis.focus import focus_days
from analysis.habits import marked
from analysis.habits.clashes import double_booked
from analysis.load import load
from analysis.presence import presence
from analysis.scope import EVERYBODY
from meetload.measuring import MEASURES, as_json
from store.tables import to_pandas

FRAMES = {
    "load": load,
    "facts": facts,
    "focus days": focus_days,
    "presence": presence,
    "habits marked": lambda tables: marked(presence(tables)),
    "double bookings": lambda tables: double_booked(presence(tables)),
}
PORTABLE = sorted(set(MEASURES) - {"quality"})


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Sorted rows, numbers as floats rounded, so that neither order nor width of a type counts."""
    numbers = {name: frame[name].astype("float64").round(9) for name in frame.select_dtypes("number")}
    columns = sorted(frame)
    plain = frame.assign(**numbers)[columns].astype(object).where(frame[columns].notna(), None)
    return plain.sort_values(columns, ignore_index=True, key=lambda column: column.astype("str"))


def differences(one: object, other: object, path: str = "") -> list[str]:
    """Where two results in the documented form differ."""
    if isinstance(one, dict) and isinstance(other, dict) and set(one) == set(other):
        return [said for key in one for said in differences(one[key], other[key], f"{path}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [said for place, (a, b) in pairs for said in differences(a, b, f"{path}[{place}]")]
    if (
        isinstance(one, float)
        and isinstance(other, int | float)
        and math.isclose(one, other, rel_tol=1e-8, abs_tol=1e-9)
    ):
        return []
    return [] if one == other else [f"{path}: {one!r} is not {other!r}"]


@pytest.mark.parametrize("name", FRAMES)
def test_a_derived_table_has_the_same_rows(name, on_duckdb, on_spark):
    ours, theirs = (rows(to_pandas(FRAMES[name](engine.tables()))) for engine in (on_duckdb, on_spark))
    assert len(ours) > 100 or name == "double bookings"
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", PORTABLE)
def test_a_measure_gives_the_same_figures(name, on_duckdb, on_spark, period):
    ours, theirs = (
        as_json(name, MEASURES[name].compute(engine, period, EVERYBODY)) for engine in (on_duckdb, on_spark)
    )
    assert differences(ours, theirs) == []
