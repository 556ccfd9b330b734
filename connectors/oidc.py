"""Signing in at an OpenID provider: authorization code with PKCE, and an identity token that is checked in full.

Source: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3.7; RFC 7636 (PKCE); RFC 9207 (issuer in the answer).
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

WELL_KNOWN = "/.well-known/openid-configuration"
# Signatures by the provider's own key only: a shared secret or no signature at all proves nothing here.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Client:
    """This installation as the provider knows it; `secret` may be empty for a public client."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    scope: str = "openid profile email"


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: what the answer must match. Kept on the server, used once."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    redirect_uri: str


class Provider:
    """One OpenID provider. Its description and keys are fetched when first needed."""

    def __init__(self, client: Client) -> None:
        if urlsplit(client.issuer).scheme != "https" and not _local(client.issuer):
            raise BadInput(f"the issuer {client.issuer} must start with https://; a token read on the way is a way in")
        self._client = client
        self._lock = threading.Lock()
        self._description: dict[str, Any] = {}
        self._keys: KeySet | None = None

    def begin(self, redirect_uri: str) -> tuple[str, Attempt]:
        """The address to send the browser to, and what to keep until it comes back."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        attempt = Attempt(state, nonce, verifier, redirect_uri)
        endpoint = self._described()["authorization_endpoint"]
        with self._session(attempt) as session:
            address, _ = session.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(address), attempt

    def finish(self, attempt: Attempt, query: str) -> dict[str, Any]:
        """The claims of whoever came back with this query string.

        Raises `BadInput` when the answer does not belong to the attempt or its token is not to be trusted.
        """
        given = parse_qs(query)
        if given.get("state") != [attempt.state]:
            raise BadInput("this answer belongs to another sign-in; start again")
        if "error" in given:
            raise BadInput("the provider refused to sign you in; ask whoever runs it")
        if "iss" in given and given["iss"] != [self._described()["issuer"]]:
            raise BadInput("this answer comes from another provider; start again")
        return self._checked(self._token(attempt, given), attempt.nonce)

    def _token(self, attempt: Attempt, given: Mapping[str, list[str]]) -> str:
        code = given.get("code", [""])[0]
        if not code:
            raise BadInput("the provider's answer holds no code; start again")
        endpoint = self._described()["token_endpoint"]
        try:
            with self._session(attempt) as session:
                token = session.fetch_token(
                    endpoint,
                    code=code,
                    code_verifier=attempt.verifier,
                    grant_type="authorization_code",
                    timeout=TIMEOUT_SECONDS,
                )
        except AuthlibBaseError as error:
            raise BadInput(
                "the provider did not accept the answer; it may have been used before; start again"
            ) from error
        except (requests.RequestException, ValueError) as error:
            raise _unreachable(self._client.issuer) from error
        found = token.get("id_token")
        if not isinstance(found, str):
            raise BadInput("the provider sent no identity token; the scope must hold 'openid'")
        return found

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            decoded = self._decoded(token)
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self._described()["issuer"]},
                aud={"essential": True, "value": self._client.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise BadInput("the provider's identity token is not to be trusted; start again") from error
        claims = dict(decoded.claims)
        if claims.get("azp", self._client.client_id) != self._client.client_id:
            raise BadInput("the provider's identity token was made for another program")
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._known_keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Providers change their keys without a word; ask once more before saying no.
            with self._lock:
                self._keys = None
            return jwt.decode(token, self._known_keys(), algorithms=ALGORITHMS)

    def _session(self, attempt: Attempt) -> OAuth2Session:
        return OAuth2Session(
            self._client.client_id,
            self._client.secret or None,
            scope=self._client.scope,
            redirect_uri=attempt.redirect_uri,
            token_endpoint_auth_method="client_secret_basic" if self._client.secret else "none",
            code_challenge_method="S256",
        )

    def _described(self) -> dict[str, Any]:
        with self._lock:
            if not self._description:
                found = _json(self._client.issuer.rstrip("/") + WELL_KNOWN)
                if str(found.get("issuer", "")).rstrip("/") != self._client.issuer.rstrip("/"):
                    raise BadInput(
                        f"{self._client.issuer} describes itself as {found.get('issuer')}; set that as issuer"
                    )
                self._description = found
            return self._description

    def _known_keys(self) -> KeySet:
        address = self._described()["jwks_uri"]
        with self._lock:
            if self._keys is None:
                self._keys = KeySet.import_key_set(_json(address))  # type: ignore[arg-type]
            return self._keys


def _json(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return dict(answer.json())
    except (requests.RequestException, ValueError) as error:
        raise _unreachable(address) from error


def _unreachable(address: str) -> Unreachable:
    host = urlsplit(address).netloc
    return Unreachable(f"the sign-in provider at {host} cannot be reached or does not answer as one; try again later")


def _local(address: str) -> bool:
    return urlsplit(address).hostname in {"localhost", "127.0.0.1", "::1"}
