"""Signing in against a real provider started by the test."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from connectors.oidc import Attempt, Client, Provider
from store.errors import BadInput, Unreachable
from tests.openid.providers import light

BACK = "http://localhost/login/callback"
USERS = {"ann": {"email": "ann@example.org", "groups": ["hr-viewer"]}}


@pytest.fixture(scope="module")
def issuer():
    with light(USERS) as found:
        yield found


@pytest.fixture
def oidc(issuer):
    return Provider(Client(issuer, "meetload", "secret"))


def approve(address: str, person: str = "ann") -> str:
    """What a person does at the provider; returns the query string it sends the browser back with."""
    answer = requests.post(address, data={"sub": person}, allow_redirects=False, timeout=5)
    return urlsplit(answer.headers["Location"]).query


def test_the_claims_of_whoever_signed_in(oidc):
    address, attempt = oidc.begin(BACK)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [BACK]
    claims = oidc.finish(attempt, approve(address))
    assert (claims["sub"], claims["groups"]) == ("ann", ["hr-viewer"])


def test_an_answer_counts_once(oidc):
    address, attempt = oidc.begin(BACK)
    query = approve(address)
    oidc.finish(attempt, query)
    with pytest.raises(BadInput, match="start again"):
        oidc.finish(attempt, query)


def test_an_answer_to_another_attempt_is_refused(oidc):
    address, _ = oidc.begin(BACK)
    _, other = oidc.begin(BACK)
    with pytest.raises(BadInput, match="another sign-in"):
        oidc.finish(other, approve(address))


def test_a_token_with_another_nonce_is_refused(oidc):
    address, attempt = oidc.begin(BACK)
    replayed = Attempt(attempt.state, "another nonce", attempt.verifier, attempt.redirect_uri)
    with pytest.raises(BadInput, match="not to be trusted"):
        oidc.finish(replayed, approve(address))


@pytest.mark.parametrize("query", ["state={state}&error=access_denied", "state={state}", "state={state}&code=made-up"])
def test_an_answer_without_a_good_code_is_refused(oidc, query):
    _, attempt = oidc.begin(BACK)
    with pytest.raises(BadInput, match=r"refused|no code|did not accept"):
        oidc.finish(attempt, query.format(state=attempt.state))


@pytest.fixture(scope="module")
def lone_issuer():
    """A provider that only describes itself and shows its key, so that a test can sign what it likes."""
    key = RSAKey.generate_key(2048, {"kid": "own"})

    class Described(BaseHTTPRequestHandler):
        def do_GET(self):
            here = f"http://127.0.0.1:{self.server.server_port}"
            keys = {"keys": [key.as_dict(private=False)]}
            found = keys if self.path == "/keys" else {"issuer": here, "jwks_uri": f"{here}/keys"}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Described) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", key
        server.shutdown()


def signed(key: RSAKey, claims: dict[str, object]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "own"}, claims, key)


def unsigned(claims: dict[str, object]) -> str:
    header, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)
    )
    return f"{header}.{body}."


def good(issuer: str, **changes: object) -> dict[str, object]:
    now = int(time.time())
    return {"iss": issuer, "aud": "meetload", "sub": "ann", "iat": now, "exp": now + 60, "nonce": "n"} | changes


def test_a_token_in_order_is_believed(lone_issuer):
    issuer, key = lone_issuer
    claims = Provider(Client(issuer, "meetload"))._checked(signed(key, good(issuer)), "n")
    assert claims["sub"] == "ann"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another program"},
        {"azp": "another program"},
        {"iss": "https://login.elsewhere.example"},
        {"exp": 1_700_000_000},
        {"nonce": "another nonce"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_token_that_is_not_for_us_is_refused(lone_issuer, changes):
    issuer, key = lone_issuer
    with pytest.raises(BadInput):
        Provider(Client(issuer, "meetload"))._checked(signed(key, good(issuer, **changes)), "n")


def test_a_token_with_a_strange_key_or_without_one_is_refused(lone_issuer):
    issuer, _ = lone_issuer
    strange = signed(RSAKey.generate_key(2048, {"kid": "own"}), good(issuer))
    for token in (strange, unsigned(good(issuer)), "no token at all"):
        with pytest.raises(BadInput, match="not to be trusted"):
            Provider(Client(issuer, "meetload"))._checked(token, "n")


def test_a_provider_that_is_not_there():
    with pytest.raises(Unreachable, match="cannot be reached"):
        Provider(Client("http://127.0.0.1:9", "meetload")).begin(BACK)


def test_an_issuer_over_plain_http_is_refused():
    with pytest.raises(BadInput, match="https"):
        Provider(Client("http://login.example.org", "meetload"))
