"""A tenant that throttles, fails, drops connections and signs us out, and a scan killed three times: nothing shows."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import duckdb
import pandas as pd
import pytest

from tests.connectors.campaign import TABLES, run

MAILBOXES, WEEKS = 24, 8


@pytest.fixture(scope="module", params=["google", "outlook"])
def campaign(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    calm = run(request.param, folder / "calm", MAILBOXES, WEEKS, faulty=False)
    rough = run(request.param, folder / "rough", MAILBOXES, WEEKS, faulty=True, kills=3)
    return calm, rough


def test_the_tables_equal_those_of_a_calm_run_row_for_row(campaign):
    calm, rough = campaign
    assert len(calm.tables["meetings"]) > 500
    for name in TABLES:
        before, after = (
            each.tables[name].sort_values(list(each.tables[name].columns), ignore_index=True) for each in (calm, rough)
        )
        pd.testing.assert_frame_equal(after, before)


def test_a_kill_repeats_little(campaign):
    calm, rough = campaign
    assert rough.kills == 3
    assert rough.requests < 3 * calm.requests


def test_no_title_no_address_and_no_secret_is_found_anywhere(campaign):
    _, rough = campaign
    needles = rough.titles | rough.people | {"geheim-client", "s3cr3t-r3fr3sh"}
    assert len(rough.titles) > 3
    assert len(rough.people) > 15
    files = [path for path in rough.folder.rglob("*") if path.is_file() and path.name != "key.json"]
    assert {path.name for path in files} >= {"scan.db", "scan.db.copies"}
    haystacks = {str(path): path.read_bytes() for path in files} | {"what it said": rough.said.encode()}
    haystacks |= {f"the texts of {path.name}": texts_of(path) for path in files if path.name in DATABASES}
    found = {
        (place, needle)
        for place, content in haystacks.items()
        for needle in needles
        if any(written in content for written in writings(needle))
    }
    assert found == set()


DATABASES = {"scan.db", "scan.db.copies"}


def writings(needle: str) -> set[bytes]:
    """A text as it is, as URLs write it, in UTF-16, and in base64 at each of the three places it may start."""
    plain = needle.encode()
    shifted = {base64.b64encode(b"\0" * pad + plain)[-(-pad * 8 // 6) : -4].rstrip(b"=") for pad in range(3)}
    return {plain, quote(needle).encode(), needle.encode("utf-16-le")} | {part for part in shifted if len(part) > 8}


def texts_of(path: Path) -> bytes:
    """Every text in a database, read through its engine: on disk it may be compressed."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = [connection.execute(f'SELECT t::VARCHAR FROM "{name}" AS t').fetchall() for name in names]
    return "\n".join(row[0] for table in rows for row in table).encode()


def test_the_search_finds_what_is_hidden():
    hidden = "Reorganisatie team Zuid"
    for written in (hidden.encode(), base64.b64encode(b"x" + hidden.encode()), quote(hidden).encode()):
        assert any(each in written for each in writings(hidden))
