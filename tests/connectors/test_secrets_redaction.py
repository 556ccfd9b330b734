"""No sentence carries a secret, in whatever writing."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connectors.secrets import without_secrets
from tests.connectors.fakes.radicale import every_reading

LEAKS = [
    "Authorization: Bearer walnoot-kastanje-12345",
    "{'Authorization': 'Basic d2Fsbm9vdDpr', 'Accept': 'walnootje'}",
    "authorization=Bearer%20walnootwalnoot",
    "401 for Bearer walnoot.kastanje_eik-beuk",
    "https://anna:walnoot@cloud.example.org/dav",
    "https://anna:wal/noot?walnoot#x@cloud.example.org/dav",
    "https://walnoot@cloud.example.org/dav",
    "POST client_secret=walnoot&grant_type=refresh_token&refresh_token=1//0walnoot",
    '{"access_token": "walnoot", "expires_in": 3599}',
    "{'refresh_token': 'walnoot\\'walnoot', 'scope': 'x'}",
    r"{\"client_secret\": \"walnoot\"}",
    "client_assertion%3Dwalnoot",
    "password: walnoot",
    "password = 'wal noot walnoot'",
    "http://localhost:8080/?state=x&code=4/0walnoot&scope=y",
    "got eyJhbGciOiJSUzI1NiJ9.walnootwalnoot.walnoot",
    "ya29.walnootwalnoot was refused",
    "GOCSPX-walnootwalnoot",
    "-----BEGIN PRIVATE KEY-----\nwalnoot\nwalnoot\n-----END PRIVATE KEY-----",
    r'"-----BEGIN RSA PRIVATE KEY-----\nwalnoot\n-----END RSA PRIVATE KEY-----\n"',
    "-----BEGIN EC PRIVATE KEY-----\nwalnoot, and then the text ends",
]


@pytest.mark.parametrize("text", LEAKS)
def test_what_looks_like_a_secret_is_hidden(text):
    hidden = without_secrets(f"the server said: {text}")
    assert "walnoot" not in hidden
    assert hidden.startswith("the server said: ")
    assert "[hidden]" in hidden


@pytest.mark.parametrize(
    "text",
    [
        "the server at https://cloud.example.org:8443/remote.php/dav/calendars/anna@example.org/ did not answer",
        "cloud.example.org does not accept this user name and password; most servers want an app password",
        "the token is void; pull the whole window without it",
        "basic facts, bearer of news",
        "409 at /dav?code",
    ],
)
def test_plain_sentences_stay_as_they_are(text):
    assert without_secrets(text, known=["kastanje/9"]) == text


WRITINGS = {
    "plain": lambda secret: secret,
    "in a URL": lambda secret: quote(secret, safe=""),
    "in a path": quote,
    "in a form": quote_plus,
    "in lower case": lambda secret: quote(secret, safe="").lower() if secret == secret.lower() else secret,
    "twice in a URL": lambda secret: quote(quote(secret, safe=""), safe=""),
    "as latin-1": lambda secret: (
        quote(secret, safe="", encoding="latin-1", errors="ignore") if secret.isascii() else quote(secret, safe="")
    ),
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret))[3:-3],
    "Python": lambda secret: repr(secret)[1:-1],
    "HTML": html.escape,
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "URL-safe base64": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "base64 behind a user": lambda secret: base64.b64encode(f"anna:{secret}".encode()).decode(),
    "base64 in between": lambda secret: base64.b64encode(f"ab{secret}, and more".encode()).decode(),
    "base64 in a URL": lambda secret: quote(base64.b64encode(f"u:{secret}".encode()).decode(), safe=""),
}
some_secret = some.text(
    some.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cs", "Cc"]), min_size=6, max_size=40
).filter(lambda secret: secret not in "before <[hidden]> behind")


@pytest.mark.parametrize("writing", WRITINGS)
@settings(max_examples=25, deadline=None)
@given(secret=some_secret)
def test_a_known_secret_is_found_in_every_writing(writing, secret):
    written = WRITINGS[writing](secret)
    hidden = without_secrets(f"before <{written}> behind", known=[secret])
    assert "[hidden]" in hidden
    assert not any(secret in reading for reading in every_reading(hidden))
    assert hidden.startswith("before ")


def test_a_private_key_is_found_by_what_it_is_and_by_what_it_says():
    key = (
        "-----BEGIN PRIVATE KEY-----\n"
        + "\n".join("walnoot/+" * 7 for _ in range(20))
        + "\n-----END PRIVATE KEY-----\n"
    )
    for written in (key, json.dumps({"private_key": key}), repr(key), quote(key)):
        assert "walnoot" not in without_secrets(f"x {written} y", known=[key])


def test_a_short_secret_is_hidden_where_it_stands_alone():
    assert without_secrets("pin 12 of 123: a12, 12", known=["12"]) == "pin [hidden] of 123: a12, [hidden]"
    assert without_secrets("nothing", known=["", " "]) == "nothing"


def test_the_longer_of_two_secrets_goes_first():
    assert without_secrets("kastanjeboom kastanje", known=["kastanje", "kastanjeboom"]) == "[hidden] [hidden]"
