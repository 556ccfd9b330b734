from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Test folders are no packages; what these tests share lies beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from dashboard_planted import TODAY, organisation, told

from dashboard.app import create_app
from privacy.door import Door

if TYPE_CHECKING:
    from privacy.released_door import ReleasedDoor
    from store.database import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Store:
    """A store that is no demo: only its owner, p1, is a person in it."""
    return organisation(tmp_path_factory.mktemp("organisation"))


@pytest.fixture(scope="session")
def released(store) -> ReleasedDoor:
    """What others read of its first quarter, told as of made-up people: only then one door opens onto both."""
    return told(store)


@pytest.fixture(scope="session")
def door(store, released) -> Door:
    return Door(store, TODAY, released=released)


@pytest.fixture
def client(door):
    client = create_app(door).server.test_client()
    client.get("/_dash-layout")  # Dash adds the page router on the first request
    return client
