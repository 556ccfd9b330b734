from __future__ import annotations

import pytest

from dashboard.app import create_app
from dashboard.guard import HEADERS

DATA = ("/", "/_dash-layout", "/_dash-dependencies", "/numbers/time/weeks.csv", "/nowhere")


@pytest.mark.parametrize("path", [*DATA, "/assets/style.css"])
def test_every_answer_carries_the_headers(client, path):
    with client.get(path) as answer:
        answer.get_data()
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "connect-src 'self'", "object-src 'none'"):
        assert rule in policy
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
    assert "unsafe" not in scripts


@pytest.mark.parametrize("path", DATA)
def test_data_stays_in_no_cache(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["localhost", "localhost:8050", "127.0.0.1:8050", "[::1]:8050"])
def test_this_machine_may_ask(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8050", "127.0.0.1.evil.example", "[::1"])
def test_another_name_for_this_machine_is_refused(client, host):
    answer = client.get("/numbers/time/weeks.csv", headers={"Host": host})
    assert answer.status_code in {400, 421}
    assert b"," not in answer.data.splitlines()[0]


def test_other_names_when_told(door):
    client = create_app(door, hosts=("meetload.internal",)).server.test_client()
    assert client.get("/", headers={"Host": "meetload.internal"}).status_code == 200
    assert client.get("/", headers={"Host": "localhost"}).status_code == 421


def test_another_site_may_not_post(client):
    answer = client.post("/_dash-update-component", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_document_speaks_the_readers_language_and_asks_nobody_else(client):
    dutch = client.get("/?lang=nl").get_data(as_text=True)
    assert '<html lang="nl">' in dutch
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fr"}).get_data(as_text=True)
    assert '<html lang="nl">' in client.get("/", headers={"Accept-Language": "nl-NL,nl;q=0.9"}).get_data(as_text=True)
    assert "http://" not in dutch.replace("http://www.w3.org", "")
    assert "https://" not in dutch


def test_mcp_is_off(client):
    assert client.get("/_mcp").status_code == 200  # the page router's own document, nothing else
    assert b"react-entry-point" in client.get("/_mcp").data
