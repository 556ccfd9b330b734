from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from analysis.period import Period
from privacy.viewer import Viewer
from store.packed import packed, unpacked

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


@dataclass(frozen=True)
class Foreign:
    name: str


@pytest.mark.parametrize(
    "value",
    [
        (),
        (1, 2.5, "é", None, True),
        {"a": (1,), 3: "b", (4, "c"): None},
        [1, [2]],
        frozenset({"a", "b"}),
        date(2026, 1, 5),
        datetime(2026, 1, 5, 9, 30, 0, 1),
        float("inf"),
        Viewer("mt", unit="Intake"),
        {"who": Viewer("hr"), "when": (WEEK,)},
    ],
)
def test_a_value_comes_back_as_it_was(value):
    found = unpacked(packed(value))
    assert found == value
    assert type(found) is type(value)


def test_numbers_of_numpy_come_back_as_plain_ones():
    found = unpacked(packed((np.int64(3), np.float64(0.5), np.bool_(True), float("nan"))))
    assert found[:3] == (3, 0.5, True)
    assert [type(each) for each in found[:3]] == [int, float, bool]
    assert math.isnan(found[3])


def test_a_frame_comes_back_with_its_types():
    frame = pd.DataFrame({"a": pd.Series(["x", None], dtype="str"), "day": pd.to_datetime(["2026-01-05", None])})
    pd.testing.assert_frame_equal(unpacked(packed({"f": frame}))["f"], frame)


def test_what_is_not_plain_is_not_packed():
    with pytest.raises(TypeError, match="cannot be packed"):
        packed(object())


@pytest.mark.parametrize("name", ["os:system", "subprocess:Popen", "store.database:Store", "tests.x:Foreign"])
def test_only_our_own_frozen_dataclasses_are_built(name):
    with pytest.raises(ValueError, match=r"not one of our own|no frozen dataclass"):
        unpacked(json.dumps({"is": name, "of": ["true"]}))


def test_a_dataclass_of_elsewhere_does_not_come_back():
    with pytest.raises(ValueError, match="not one of our own"):
        unpacked(packed(Foreign("x")))
