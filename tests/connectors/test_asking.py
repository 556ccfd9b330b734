"""The place on this machine where a vendor's page sends its answer: one answer counts, in time, with the right state."""

from __future__ import annotations

import socket
import struct
import threading
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from connectors.asking import HOST, Asking, Landing, Stopped
from store.errors import BadInput

STATE = "the right one"


def visited(address: str, form: dict[str, str] | None = None, **query: str) -> tuple[int, str]:
    given = None if form is None else urlencode(form).encode()
    try:
        with urlopen(f"{address}/?{urlencode(query)}", given) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, ""


def answered(visit, **more) -> tuple[dict[str, str], list[object]]:
    """What comes back, and what the one who visited the page saw."""
    seen: list[object] = []
    with Landing(Asking(lambda *_: seen.extend(visit(landing.address)), **more)) as landing:
        return landing.answer("https://vendor.example/sign-in", STATE, 20), seen


@pytest.mark.parametrize("posted", [False, True])
def test_an_answer_comes_back_and_the_window_says_so(posted):
    given = {"code": "abc", "state": STATE}

    def visit(address):
        return [visited(address, given) if posted else visited(address, **given)]

    answer, seen = answered(visit, allowed="Het mag & klaar", language="nl")
    assert (answer["code"], seen[0][0]) == ("abc", 200)
    assert '<html lang="nl">' in seen[0][1]
    assert "<h1>Het mag &amp; klaar</h1>" in seen[0][1]
    assert "abc" not in seen[0][1]


def test_the_answer_of_a_window_that_closes_at_once_counts(capfd):
    """It resets the connection before it has read a word of ours."""

    def visit(address):
        where = urlsplit(address)
        with socket.create_connection((HOST, where.port)) as window:
            window.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            window.sendall(f"GET /?{urlencode({'code': 'abc', 'state': STATE})} HTTP/1.0\r\n\r\n".encode())
        return []

    for _ in range(5):
        assert answered(visit)[0]["code"] == "abc"
    assert capfd.readouterr().err == ""


def test_whoever_refuses_reads_another_sentence():
    answer, seen = answered(lambda address: [visited(address, error="access_denied", state=STATE)])
    assert answer["error"] == "access_denied"
    assert "Nothing was allowed" in seen[0][1]


@pytest.mark.parametrize("other", [{}, {"code": "x"}, {"code": "x", "state": "another"}, {"state": STATE}])
def test_what_else_asks_there_is_no_answer(other):
    answer, seen = answered(lambda address: [visited(address, **other), visited(address, code="right", state=STATE)])
    assert (answer["code"], [status for status, _ in seen]) == ("right", [404, 200])


def test_who_leads_is_told_the_page_and_the_time():
    led: list[object] = []
    with Landing(Asking(lambda *what: led.extend(what))) as landing, pytest.raises(BadInput, match=r"within 0\.01 sec"):
        landing.answer("https://vendor.example/sign-in", STATE, 0.01)
    assert led == ["https://vendor.example/sign-in", 0.01]


def test_giving_up_ends_the_waiting():
    given_up = threading.Event()
    with Landing(Asking(lambda *_: given_up.set(), given_up=given_up)) as landing, pytest.raises(Stopped):
        landing.answer("https://vendor.example/sign-in", STATE, 600)
