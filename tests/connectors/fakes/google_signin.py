"""Google's sign-in: tokens for persons and service accounts, and a browser whose user agrees at once."""

from __future__ import annotations

import base64
import hashlib
import html
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.request import urlopen

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from tests.connectors.fakes.google_faults import SECRET, NoToken, Refused
from tests.connectors.fakes.google_world import World


class SignIn:
    """The part of the fake that says who may come in; `delegated` are the scopes of the service account."""

    world: World
    url: str
    me: str
    delegated: set[str]
    granted: set[str] | None
    refuse_sign_in: NoToken | None
    _lock: threading.Lock
    _tokens: dict[str, tuple[str, frozenset[str]]]
    _codes: dict[str, tuple[frozenset[str], str]]
    _serial: Iterator[int]

    def key(self) -> dict[str, Any]:
        """A service account's key, as the console gives it out."""
        return {
            "type": "service_account",
            "client_id": "1122334455",
            "client_email": f"scan@{SECRET}.iam.gserviceaccount.com",
            "private_key_id": "k1",
            "private_key": keys()[0],
            "token_uri": f"{self.url}/token",
        }

    def client(self) -> dict[str, Any]:
        """A desktop app's client, as the console gives it out."""
        return {
            "installed": {
                "client_id": "client-1",
                "client_secret": f"{SECRET}-client",
                "auth_uri": f"{self.url}/auth",
                "token_uri": f"{self.url}/token",
                "redirect_uris": ["http://localhost"],
            }
        }

    def browser(self) -> Browser:
        """A browser whose user allows everything (or `granted`) at once."""
        return Browser()

    def token_for(self, form: dict[str, str]) -> dict[str, Any]:
        if self.refuse_sign_in:
            raise self.refuse_sign_in
        grant = form["grant_type"]
        if grant.endswith("jwt-bearer"):
            return self._delegated_token(form["assertion"])
        if grant == "authorization_code":
            scopes, challenge = self._codes.pop(form["code"])
            if challenge and challenge_of(form.get("code_verifier", "")) != challenge:
                raise NoToken("invalid_grant", "Invalid code verifier.")
            return self._token(self.me, scopes) | {
                "refresh_token": f"{SECRET}-refresh {' '.join(sorted(scopes))}",
                "scope": " ".join(sorted(scopes)),
            }
        if not form["refresh_token"].startswith(f"{SECRET}-refresh "):
            raise NoToken("invalid_grant", "Token has been expired or revoked.")
        return self._token(self.me, frozenset(form["refresh_token"].split(" ")[1:]))

    def _delegated_token(self, assertion: str) -> dict[str, Any]:
        claims = jwt.decode(assertion, certs=keys()[1], audience="https://oauth2.googleapis.com/token")
        subject, scopes = claims.get("sub", ""), frozenset(claims["scope"].split())
        if subject and not scopes <= self.delegated:
            raise NoToken("unauthorized_client", "Client is unauthorized to retrieve access tokens.", 401)
        if subject and (subject not in self.world.mailboxes or subject in self.world.suspended):
            raise NoToken("invalid_grant", "Invalid email or User ID")
        return self._token(subject, scopes)

    def _token(self, subject: str, scopes: frozenset[str]) -> dict[str, Any]:
        with self._lock:
            # Never a name that was given out before: a void token must not open somebody else's calendar.
            token = f"ya29.{SECRET}-{next(self._serial)}"
            self._tokens[token] = (subject, scopes)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def code_for(self, asked: str, challenge: str = "") -> str:
        with self._lock:
            code = f"4/{SECRET}{len(self._codes)}"
            granted = self.granted if self.granted is not None else set(asked.split())
            self._codes[code] = frozenset(asked.split()) & granted, challenge
        return code

    def signed_in(self, header: str) -> tuple[str, frozenset[str]]:
        found = self._tokens.get(header.removeprefix("Bearer "))
        if found is None:
            raise Refused(401, "authError")
        return found

    def expire_access(self) -> None:
        """Every access token is void from here on."""
        self._tokens.clear()


@cache
def keys() -> tuple[str, str]:
    """A private key and its public half, made once."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public.decode()


def challenge_of(verifier: str) -> str:
    """What a client says of its verifier beforehand (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def consent_page(asked: dict[str, str]) -> str:
    """The page on which somebody allows what is asked, or does not."""
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in asked.items()
    )
    return (
        '<!DOCTYPE html><html lang="en"><title>Sign in</title><h1>meetload wants to see your calendar</h1>'
        f'<form method="post" action="/decide">{fields}<button name="decision" value="allow">Continue</button>'
        '<button name="decision" value="refuse">Cancel</button></form></html>'
    )


def _followed(url: str) -> None:
    with urlopen(url) as answer:
        answer.read()


class Browser:
    """Opens an address and follows it to the end, as a browser whose user clicks at once."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open(self, url: str, *_: object, **__: object) -> bool:
        self.opened.append(url)
        threading.Thread(target=_followed, args=(url,), daemon=True).start()
        return True
