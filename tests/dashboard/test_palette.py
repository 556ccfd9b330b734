"""The colours of the labels, measured: against both pages and against each other, also for colour-blind readers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from dashboard.palette import COLOURS, DARK_SURFACE, LIGHT_SURFACE
from store.schema import LABELS

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB.
SIGHT = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
APART = 15.0


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(light: np.ndarray) -> np.ndarray:
    parts = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(parts > 0.008856, np.cbrt(parts), 7.787 * parts + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("surface", [LIGHT_SURFACE, DARK_SURFACE])
def test_a_label_stands_out_on_both_pages(label, surface):
    assert contrast(COLOURS[label], surface) >= 3.0


@pytest.mark.parametrize("sight", SIGHT)
def test_labels_stay_apart_for_everybody(sight):
    seen = {label: lab(SIGHT[sight] @ linear(COLOURS[label])) for label in LABELS}
    distances = {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in combinations(LABELS, 2)}
    assert min(distances.values()) >= APART, min(distances, key=distances.__getitem__)
