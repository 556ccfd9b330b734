"""What a scan may write: no title, in no spelling, in no file."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from scanning import NASTY, Scanning, tables
from scripted import MARKER, Scripted, window

from connectors.errors import Misconfigured
from connectors.scan import ScanSettings, scan
from store.copies import copies_path, open_copies
from store.errors import BadInput


@pytest.fixture
def place(tmp_path):
    return tmp_path / "s.db"


def test_a_scan_of_an_organisation_without_dropping_titles_is_refused(place):
    source = Scripted(people=2, weeks=1)
    with open_copies(place) as copies, pytest.raises(BadInput, match="drops titles"):
        scan(source, source.mailboxes(), copies, window(1), minimise=None)
    assert source.requests.total() == 0


def test_text_that_was_not_dropped_is_not_written(place):
    source = Scripted(people=2, weeks=1)
    with open_copies(place) as copies:
        with pytest.raises(Misconfigured, match="left text in") as raised:
            scan(source, source.mailboxes(), copies, window(1), minimise=lambda batch: (batch, None))
        assert MARKER not in str(raised.value)
        assert copies._value("SELECT count(*) FROM copies") == 0


def test_an_own_calendar_keeps_its_titles(place):
    source = Scripted(people=1, weeks=1)
    with open_copies(place) as copies:
        scan(source, source.mailboxes(), copies, window(1), ScanSettings(organisation=False), minimise=None)
        (part,) = copies.settle().parts()
    assert part.batch.meetings["title"].str.startswith(MARKER).all()


def test_no_title_is_in_any_file_of_a_scan(place):
    """Also not in the write-ahead log, and not under another spelling; the file is not compressed for this test."""
    with open_copies(place) as copies:
        copies._connection.execute("PRAGMA force_compression = 'uncompressed'")
        Scanning(place, Scripted(people=12, weeks=2, faults=NASTY))(copies)
        inside = [path.read_bytes() for path in place.parent.iterdir()]
    tables(place)
    after = [path.read_bytes() for path in place.parent.iterdir()]
    assert copies_path(place) in set(place.parent.iterdir())
    assert b"p001@x.org" in b"".join(inside)
    for spelling in spellings(MARKER):
        assert not any(spelling in content for content in inside + after), spelling


def spellings(text: str) -> list[bytes]:
    """The text as it may stand in a file: plain, wide, URL-encoded, and base64 at each of its three offsets."""
    plain = text.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, text.encode("utf-16-le"), quote(text).encode(), plain.hex().encode(), *shifted]
