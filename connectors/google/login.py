"""Signing in: as oneself in a browser, or as a service account that may act for every mailbox."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]

from connectors.asking import Asking, Landing
from connectors.errors import Denied, Misconfigured, Trouble
from connectors.google.failures import sign_in_failure
from connectors.google.quiet import hush
from store.errors import BadInput, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connectors.google.settings import GoogleSettings

_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_NEEDED = ("client_id", "client_secret", "auth_uri", "token_uri")
_WORD = re.compile(r"[A-Za-z_]{1,60}")


class TokenStore(Protocol):
    """Where sign-ins are kept; `connectors.secrets` holds the real ones."""

    def load(self, key: str) -> str | None:
        """What was saved under the key."""

    def save(self, key: str, value: str) -> None:
        """Keep the value under the key."""

    def forget(self, key: str) -> None:
        """Remove the key and its value."""


def sign_in(
    client_file: Path,
    scopes: tuple[str, ...],
    store: TokenStore,
    settings: GoogleSettings,
    asking: Asking | None = None,
) -> Credentials:
    """The user's own credentials: those kept from an earlier sign-in, or new ones given in the browser."""
    hush()
    config = client_config(client_file)
    kept = _kept(store, config, scopes)
    if kept is not None and _is_alive(kept, settings):
        return kept
    given = _ask_in_browser(config, scopes, settings, asking or Asking())
    store.save(store_key(config), json.dumps({"refresh_token": given.refresh_token, "scopes": sorted(scopes)}))
    return given


def withdraw(kept: str, settings: GoogleSettings) -> bool:
    """Take back at Google what a kept sign-in allows; False where Google did not confirm that it is void."""
    try:
        token = json.loads(kept)["refresh_token"]
        answer = requests.post(settings.revoke_url, data={"token": token}, timeout=settings.timeout)
    except (ValueError, KeyError, TypeError, requests.RequestException):
        return False
    # A sign-in that Google no longer honours is what was wanted.
    return answer.ok or (answer.status_code == requests.codes.bad_request and "invalid_token" in answer.text)


def store_key(config: Mapping[str, Any]) -> str:
    """Under which name the sign-in of a client is kept."""
    return f"google/{config['installed']['client_id']}"


def client_config(path: Path) -> dict[str, Any]:
    """The client of a desktop app, from the file that the Cloud console gives."""
    config = _json(path, "client secret file")
    if "installed" not in config:
        raise BadInput(
            f"{path.name} is not the client of a desktop app; in the Google Cloud console make an OAuth client of the "
            "type Desktop app and download its JSON"
        )
    client = config["installed"]
    for name in _NEEDED:
        if not isinstance(client, dict) or not isinstance(client.get(name), str):
            raise BadInput(f"{path.name} has no {name}; download it again from the Google Cloud console")
    return config


def service_account_key(path: Path) -> dict[str, Any]:
    """The key of a service account, from the file that the Cloud console gives."""
    key = _json(path, "service account key")
    if key.get("type") != "service_account" or not key.get("client_email") or not key.get("private_key"):
        raise BadInput(
            f"{path.name} is not a service account key; in the Google Cloud console open the service account, Keys, "
            "Add key, JSON"
        )
    return key


def _json(path: Path, what: str) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"the {what} {path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise BadInput(f"the {what} {path} is not JSON; download it again") from None
    if not isinstance(found, dict):
        raise BadInput(f"the {what} {path} is not what Google gives out; download it again")
    return found


def _kept(store: TokenStore, config: Mapping[str, Any], scopes: tuple[str, ...]) -> Credentials | None:
    """Credentials of an earlier sign-in, if they were given for exactly these scopes: no wider and no narrower."""
    text = store.load(store_key(config))
    if text is None:
        return None
    try:
        info = json.loads(text)
        fits = set(info["scopes"]) == set(scopes)
    except (ValueError, KeyError, TypeError):
        return None
    client = config["installed"]
    kept: Credentials = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=info.get("refresh_token"),
        token_uri=client.get("token_uri", _TOKEN_URI),
        client_id=client["client_id"],
        client_secret=client.get("client_secret"),
        scopes=list(scopes),
    )
    return kept if fits and kept.refresh_token else None


def _is_alive(credentials: Credentials, settings: GoogleSettings) -> bool:
    """Whether Google still honours the sign-in; raises when that cannot be known now."""
    try:
        with requests.Session() as session:
            request = Request(session)
            credentials.refresh(partial(request, timeout=settings.timeout))  # type: ignore[no-untyped-call]
    except TransportError:
        raise Trouble("the connection to Google dropped") from None
    except GoogleAuthError as error:
        known = sign_in_failure(error, delegated=False)
        if isinstance(known, Denied):
            return False
        raise known from None
    return True


def _ask_in_browser(
    config: dict[str, Any], scopes: tuple[str, ...], settings: GoogleSettings, asking: Asking
) -> Credentials:
    flow = Flow.from_client_config(config, list(scopes))
    try:
        with Landing(asking) as landing:
            flow.redirect_uri = f"{landing.address}/"
            page, state = flow.authorization_url()
            answer = landing.answer(page, state, settings.sign_in_seconds)
        if "code" not in answer:
            raise _refused(answer["error"])
        flow.fetch_token(code=answer["code"], timeout=settings.timeout)
    except Warning:
        raise Misconfigured("not everything was allowed; sign in again and leave every box ticked") from None
    except OAuth2Error as error:
        raise _refused(error.error) from None
    except (requests.RequestException, OSError):
        raise Unreachable("Google's sign-in service cannot be reached") from None
    finally:
        flow.oauth2session.close()
    credentials: Credentials = flow.credentials
    if credentials.refresh_token is None:
        raise Misconfigured("Google gave no lasting sign-in; remove meetload from your account's connections first")
    return credentials


def _refused(code: str) -> Denied:
    word = code if _WORD.fullmatch(code or "") else "no reason given"
    return Denied(f"Google did not sign in ({word}); start again and allow the reading")
