"""People who walk through the pages of a real server at once: nobody meets an error."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "dashboard"))

from dashboard_planted import organisation

from tests.bench.pages import crowd, served, settle, walk, weight

# Few pages: every one more is another measure to work out before the second crowd comes.
PATHS = [(path, viewer) for viewer in ("self:p1", "mt", "hr") for path in ("/", "/coordination", "/checks")]


def test_nobody_in_a_crowd_meets_an_error(tmp_path):
    with served(organisation(tmp_path).path) as server:
        # From the first moment on: pages then say that they are being worked out.
        early = crowd(server.home, PATHS, people=8, seconds=3, pause=(0.1, 0.3))
        settle(server.home, PATHS, most=300)
        walked = walk(server.home, PATHS, rounds=1)
        late = crowd(server.home, PATHS, people=8, seconds=3, pause=(0.1, 0.3))
        load = weight(server.home, "/", "mt")
    assert early.seen
    assert late.seen
    assert (early.errors, walked.errors, late.errors) == (0, 0, 0)
    assert walked.waits == late.waits == 0
    assert load.page < load.all
