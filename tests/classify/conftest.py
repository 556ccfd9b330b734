from __future__ import annotations

import pytest

from classify import persist
from classify.corpus import load
from classify.model import Classifier


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    return persist.load()


@pytest.fixture(scope="session")
def corpus():
    return load()


@pytest.fixture(scope="session")
def small(corpus):
    """A classifier trained on a tenth of the corpus."""
    return Classifier().fit(corpus.iloc[::10].reset_index(drop=True))
