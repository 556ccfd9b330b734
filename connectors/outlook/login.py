"""Signing in to Microsoft: as oneself (in the browser or with a code), or as an application with a certificate."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from connectors.asking import Asking, Landing
from connectors.errors import Misconfigured, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import msal
    from cryptography.x509 import Certificate as Parsed

    from connectors.outlook.settings import OutlookSettings

Answer = dict[str, Any]

# What Microsoft calls its refusals, and what a reader can do about them.
_REFUSALS = {
    "AADSTS50020": "this account belongs to another organisation; sign in with one of this tenant",
    "AADSTS50076": "the organisation asks for a second factor; sign in again in the browser",
    "AADSTS53003": "the organisation's rules for access refuse this device or place; ask the administrator",
    "AADSTS65001": "nobody has consented to the permissions yet; an administrator must grant them",
    "AADSTS65004": "the permissions were declined on the consent page; start again and accept them",
    "AADSTS90094": "an administrator must consent before anybody can sign in to this app",
    "AADSTS90002": "there is no such tenant; check the tenant id",
    "AADSTS700016": "the tenant knows no app with this client id; check both ids",
    "AADSTS700027": "the certificate is not the one registered with the app, or it has expired; upload it again",
    "AADSTS7000112": "the app is switched off in the tenant",
    "AADSTS7000218": "the app does not allow public clients; switch on 'Allow public client flows'",
    "AADSTS70020": "the code was not entered in time; start again",
}
_SIGN_IN_AGAIN = {"invalid_grant", "interaction_required", "login_required", "consent_required"}
_WORDS = {
    "authorization_declined": "the permissions were declined on the consent page; start again and accept them",
    "access_denied": "the permissions were declined on the consent page; start again and accept them",
    "expired_token": "the code was not entered in time; start again",
    "code_expired": "the code was not entered in time; start again",
    "invalid_client": "the app's certificate or id was refused; compare them with the registration",
}


class TokenStore(Protocol):
    """A safe place for a secret text, such as the system keyring."""

    def load(self, key: str) -> str | None:
        """The text kept under a key, None where there is none."""

    def save(self, key: str, value: str) -> None:
        """Keep a text under a key."""

    def forget(self, key: str) -> None:
        """Keep it no longer."""


@dataclass(frozen=True)
class Certificate:
    """The private key and the certificate of an application, as PEM texts; neither is ever shown."""

    private_key: str
    public: str

    def __repr__(self) -> str:
        return "Certificate(...)"

    @classmethod
    def read(cls, path: Path) -> Certificate:
        """Both out of one PEM file."""
        try:
            text = path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise Misconfigured(f"the certificate {path} cannot be read as a PEM file") from None
        key, public = _block(text, "PRIVATE KEY-----"), _block(text, "CERTIFICATE-----")
        if not key or not public:
            raise Misconfigured(f"{path} must hold both a PRIVATE KEY and a CERTIFICATE block")
        try:
            fits = load_pem_private_key(key.encode(), None).public_key() == _parsed(public).public_key()
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise Misconfigured(f"the key or certificate in {path} is damaged or locked by a password") from None
        if not fits:
            raise Misconfigured(f"the private key in {path} does not belong to the certificate beside it")
        return cls(key, public)

    @property
    def runs_out(self) -> datetime:
        """When Microsoft will no longer accept it."""
        return _parsed(self.public).not_valid_after_utc


class OwnSignIn:
    """Somebody's own sign-in; what Microsoft hands out to renew it lies in the token store and nowhere else."""

    def __init__(self, settings: OutlookSettings, store: TokenStore, http_client: Any = None) -> None:
        self._settings = settings
        self._store = store
        self._http_client = http_client
        self._lock = threading.Lock()
        self._known: tuple[msal.PublicClientApplication, msal.SerializableTokenCache] | None = None

    @property
    def key(self) -> str:
        """The name under which the token store keeps this sign-in."""
        return key_of(self._settings)

    def in_browser(self, asking: Asking | None = None) -> None:
        """Sign in on a page of Microsoft in the browser of this machine."""
        with self._lock:
            app, _ = self._opened()
            scopes, seconds = list(self._settings.own_scopes), self._settings.sign_in_seconds
            with Landing(asking or Asking()) as landing:
                flow = _asked(
                    lambda: app.initiate_auth_code_flow(scopes, redirect_uri=landing.address, response_mode="form_post")
                )
                if "auth_uri" not in flow:
                    raise Misconfigured(f"signing in to Microsoft failed: {reason(flow)}")
                answer = landing.answer(flow["auth_uri"], flow["state"], seconds)
            self._keep(_asked(lambda: app.acquire_token_by_auth_code_flow(flow, answer)))

    def is_alive(self) -> bool:
        """Whether what is kept still signs in; what does not is taken away, so that somebody can sign in anew."""
        with self._lock:
            if self._store.load(self.key) is None:
                return False
            app, _ = self._opened()
            answer = self._silent() if app.get_accounts() else {"error": "login_required"}
            if answer.get("error") in _SIGN_IN_AGAIN:
                self._forgotten()
                return False
            self._keep(answer)
            return True

    def with_code(self, show: Callable[[str], None]) -> None:
        """Sign in on any other device: `show` tells the reader which page to open and which code to type there."""
        with self._lock:
            app, _ = self._opened()
            flow = _asked(lambda: app.initiate_device_flow(list(self._settings.own_scopes)))
            if "user_code" not in flow:
                raise Misconfigured(f"Microsoft gave no code to sign in with: {reason(flow)}")
            show(f"open {flow['verification_uri']} and type the code {flow['user_code']}")
            self._keep(_asked(lambda: app.acquire_token_by_device_flow(flow)))

    def token(self, refused: str | None = None) -> str:
        """A word of access, renewed silently; raises `Misconfigured` when somebody has to sign in again."""
        with self._lock:
            if refused is not None:
                self._drop(refused)
            answer = self._silent()
            if answer.get("error") in _SIGN_IN_AGAIN:
                # Else the next run would find it again, and fail again.
                self._forgotten()
            return self._keep(answer)

    def forget(self) -> None:
        """Sign out: nothing is left in the token store."""
        with self._lock:
            self._forgotten()

    def _forgotten(self) -> None:
        self._store.forget(self.key)
        self._known = None

    def _silent(self) -> Answer:
        app, _ = self._opened()
        accounts = app.get_accounts()
        if not accounts:
            raise Misconfigured("nobody is signed in to Outlook; run `meetload pull outlook` to sign in")
        scopes = list(self._settings.own_scopes)
        answer: Answer | None = _asked(lambda: app.acquire_token_silent_with_error(scopes, account=accounts[0]))
        return answer or {"error": "login_required"}

    def _drop(self, refused: str) -> None:
        """Take a refused word of access out of the cache, unless another thread has renewed it since."""
        _, cache = self._opened()
        for each in list(cache.search(cache.CredentialType.ACCESS_TOKEN)):
            if each["secret"] == refused:
                cache.remove_at(each)

    def _opened(self) -> tuple[msal.PublicClientApplication, msal.SerializableTokenCache]:
        if self._known is None:
            msal = _msal()
            cache = msal.SerializableTokenCache()
            if kept := self._store.load(self.key):
                cache.deserialize(kept)
            app = _asked(
                lambda: msal.PublicClientApplication(
                    self._settings.client_id, token_cache=cache, **_place(self._settings, self._http_client)
                )
            )
            self._known = app, cache
        return self._known

    def _keep(self, answer: Answer) -> str:
        token = _token(answer)
        _, cache = self._opened()
        if cache.has_state_changed:
            self._store.save(self.key, cache.serialize())
            cache.has_state_changed = False
        return token


class AppSignIn:
    """An application's sign-in with its certificate; its words of access live in memory only."""

    def __init__(self, settings: OutlookSettings, certificate: Certificate, http_client: Any = None) -> None:
        self._settings = settings
        self._certificate = certificate
        self._http_client = http_client
        self._lock = threading.Lock()
        self._app: msal.ConfidentialClientApplication | None = None

    def token(self, refused: str | None = None) -> str:
        """A word of access; the same one until shortly before it runs out, or until it is refused."""
        with self._lock:
            app = self._opened()
            answer = self._acquired(app)
            if answer.get("access_token") is not None and answer["access_token"] == refused:
                app.remove_tokens_for_client()
                answer = self._acquired(app)
            return _token(answer)

    def _acquired(self, app: msal.ConfidentialClientApplication) -> Answer:
        answer: Answer = _asked(lambda: app.acquire_token_for_client([self._settings.app_scope]))
        return answer

    def _opened(self) -> msal.ConfidentialClientApplication:
        if self._app is None:
            msal = _msal()
            credential = {
                "private_key": self._certificate.private_key,
                "public_certificate": self._certificate.public,
            }
            self._app = _asked(
                lambda: msal.ConfidentialClientApplication(
                    self._settings.client_id,
                    client_credential=credential,
                    **_place(self._settings, self._http_client),
                )
            )
        return self._app


def key_of(settings: OutlookSettings) -> str:
    """The name under which a token store keeps somebody's own sign-in."""
    return f"outlook/{settings.tenant}/{settings.client_id}"


def reason(answer: Answer) -> str:
    """Why Microsoft refused, in our words; its own sentences can name accounts and are not repeated."""
    for number in answer.get("error_codes") or ():
        if found := _REFUSALS.get(f"AADSTS{number}"):
            return found
    described = str(answer.get("error_description") or "").partition(":")[0].strip()
    if found := _REFUSALS.get(described):
        return found
    word = str(answer.get("error") or "")
    if described.startswith("AADSTS") and described[6:].isdigit():
        return f"Microsoft's code for it is {described}"
    return _WORDS.get(word, "sign in again, or ask the administrator" if word else "no reason was given")


def _msal() -> Any:
    """The library, from now on silent below warnings: its debug log repeats the codes it is given."""
    import msal  # noqa: PLC0415 - half a second that only a sign-in should cost

    logging.getLogger("msal").setLevel(logging.WARNING)
    return msal


def _token(answer: Answer) -> str:
    token = answer.get("access_token")
    if not isinstance(token, str):
        if answer.get("error") in ("temporarily_unavailable", "server_error"):
            raise Trouble("Microsoft's sign-in is out of order for the moment")
        raise Misconfigured(f"signing in to Microsoft failed: {reason(answer)}")
    return token


def _asked(ask: Callable[[], Any]) -> Any:
    """What msal answers; what it raises may carry addresses and codes, so it is told in our words."""
    from msal.exceptions import MsalServiceError  # noqa: PLC0415 - loaded by whoever built the question

    try:
        return ask()
    except (requests.RequestException, MsalServiceError) as error:
        raise Trouble(f"Microsoft's sign-in could not be reached ({type(error).__name__})") from None
    except ValueError:
        raise Misconfigured(
            "the sign-in cannot be set up; check the tenant, the client id and the certificate"
        ) from None


def _place(settings: OutlookSettings, http_client: Any) -> dict[str, Any]:
    return {
        "authority": f"{settings.authority.rstrip('/')}/{settings.tenant}",
        # Which address to trust is a setting; nobody else is asked about it.
        "instance_discovery": False,
        **({"http_client": http_client} if http_client else {"timeout": settings.read_seconds}),
    }


def _parsed(public: str) -> Parsed:
    return load_pem_x509_certificate(public.encode())


def _block(text: str, ending: str) -> str:
    """The first PEM block whose opening line ends so."""
    lines = text.splitlines()
    opening = next(
        (at for at, line in enumerate(lines) if line.startswith("-----BEGIN") and line.endswith(ending)), None
    )
    if opening is None:
        return ""
    closing = next((at for at in range(opening, len(lines)) if lines[at].startswith("-----END")), opening)
    return "\n".join(lines[opening : closing + 1]) + "\n"
