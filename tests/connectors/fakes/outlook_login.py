"""Microsoft's sign-in as msal meets it: discovery, browser, code, certificate, renewal. Part of the Outlook fake."""

from __future__ import annotations

import base64
import hashlib
import html
import threading
import webbrowser
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import jwt
import orjson
import requests

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from tests.connectors.fakes.outlook import OutlookFake

HOST = "https://login.fake"
SECRET = "s3cr3t-r3fr3sh"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Login:
    """Who may have a word of access, and which are still good."""

    def __init__(self, fake: OutlookFake) -> None:
        self._fake = fake
        self._lock = threading.Lock()
        self._good: dict[str, str] = {}
        self._serial = count(1)
        self._codes: dict[str, dict[str, str]] = {}
        self.certificate: Certificate | None = None
        self.person = "anna@example.org"
        self.pending = 1
        self.refusal: tuple[str, str, int] | None = None
        self.out_of_order = False
        self.grants: list[str] = []
        self.host = HOST
        self.asks = False
        self.renews = SECRET

    def issue(self, principal: str) -> str:
        """A word of access for the application or a person, in the shape Microsoft gives it."""
        carried = {"roles": list(self._fake.roles)} if principal == "app" else {"scp": "Calendars.ReadBasic User.Read"}
        with self._lock:
            claims = {"aud": "https://graph.microsoft.com", "serial": next(self._serial), **carried}
            token = jwt.encode(claims, "x" * 32, algorithm="HS256")
            self._good[token] = principal
        return token

    def issued(self) -> tuple[int, dict[str, str], bytes]:
        """A word of access for a scan in a process of its own, whose sign-in is not what is tested."""
        return self._body(200, {"access_token": self.issue("app")})

    def principal(self, header: str) -> str | None:
        return self._good.get(header.removeprefix("Bearer "))

    def expire(self, header: str | None = None) -> None:
        """One word of access is good no longer, or none is."""
        with self._lock:
            if header is None:
                self._good.clear()
            else:
                self._good.pop(header.removeprefix("Bearer "), None)

    def answer(
        self, method: str, path: str, query: dict[str, str], form: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        tenant, _, rest = path.lstrip("/").partition("/")
        if self.out_of_order:
            return self._body(503, {"error": "temporarily_unavailable"})
        if rest == "v2.0/.well-known/openid-configuration":
            return self._body(200, self._discovery(tenant))
        if rest == "oauth2/v2.0/authorize" and method == "GET":
            return self._page(query)
        if rest == "oauth2/v2.0/devicecode":
            return self._body(200, self._device())
        if rest == "oauth2/v2.0/token":
            return self._body(*self._granted(form))
        return self._body(404, {"error": "not_found"})

    def _body(self, status: int, body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        self._fake.counts["login"] += 1
        return status, {}, orjson.dumps(body)

    def _discovery(self, tenant: str) -> dict[str, Any]:
        base = f"{self.host}/{tenant}"
        return {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        }

    def _page(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """The consent page: a form that goes back to the machine it came from."""
        assert query["response_mode"] == "form_post", query
        code = f"code-{next(self._serial)}"
        self._codes[code] = query
        given = {"code": code, "state": query["state"], "client_info": _client_info()}
        if self.asks:
            declined = {
                "error": "access_denied",
                "error_description": "AADSTS65004: User declined to consent to access the app.",
                "state": query["state"],
            }
            forms = _form(query["redirect_uri"], given, "Accept") + _form(query["redirect_uri"], declined, "Cancel")
            page = f'<!DOCTYPE html><html lang="en"><title>Sign in</title><h1>Permissions requested</h1>{forms}</html>'
            return 200, {"Content-Type": "text/html"}, page.encode()
        fields = urlencode(given)
        page = f'<form action="{html.escape(query["redirect_uri"])}" data="{html.escape(fields)}">'
        return 200, {"Content-Type": "text/html"}, page.encode()

    def _device(self) -> dict[str, Any]:
        return {
            "device_code": "device-1",
            "user_code": "ABCD1234",
            "verification_uri": "https://login.fake/device",
            "expires_in": 60,
            "interval": 0,
            "message": "to sign in, ...",
        }

    def _granted(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = form["grant_type"]
        self.grants.append(kind)
        if self.refusal:
            word, said, number = self.refusal
            return 400, {"error": word, "error_description": said, "error_codes": [number]}
        if kind == "client_credentials":
            return self._for_app(form)
        if kind == "urn:ietf:params:oauth:grant-type:device_code":
            self.pending -= 1
            if self.pending >= 0:
                return 400, {"error": "authorization_pending"}
        nonce = None
        if kind == "authorization_code":
            asked = self._codes.pop(form["code"])
            assert _challenge(form["code_verifier"]) == asked["code_challenge"]
            nonce = asked.get("nonce")
        if kind == "refresh_token" and form["refresh_token"] != self.renews:
            return 400, {"error": "invalid_grant", "error_codes": [70000]}
        return 200, self._for_person(form, nonce)

    def _for_person(self, form: dict[str, str], nonce: str | None) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": f"{self.host}/tenant/v2.0",
            "aud": form["client_id"],
            "exp": 4102444800,
            "iat": 1700000000,
            "sub": "sub",
            "oid": "uid",
            "tid": "utid",
            "preferred_username": self.person,
        }
        if nonce:
            claims["nonce"] = nonce
        return {
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "Calendars.ReadBasic User.Read profile openid email",
            "access_token": self.issue(self.person),
            "refresh_token": self.renews,
            "id_token": jwt.encode(claims, "x" * 32, algorithm="HS256"),
            "client_info": _client_info(),
        }

    def _for_app(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The application proves itself with a signature that only its private key can make."""
        assert form["client_assertion_type"] == _ASSERTION
        assert self.certificate is not None, "the test registers a certificate first"
        try:
            claims = jwt.decode(
                form["client_assertion"],
                self.certificate.public_key(),
                algorithms=["PS256", "RS256"],
                audience=f"{HOST}/tenant/oauth2/v2.0/token",
            )
        except jwt.InvalidTokenError:
            said = "AADSTS700027: Client assertion contains an invalid signature."
            return 401, {"error": "invalid_client", "error_description": said, "error_codes": [700027]}
        assert claims["iss"] == claims["sub"] == form["client_id"]
        assert form["scope"].endswith("/.default")
        return 200, {"token_type": "Bearer", "expires_in": 3600, "access_token": self.issue("app")}


def _form(target: str, fields: dict[str, str], act: str) -> str:
    """A form that goes back to the machine it came from (response_mode=form_post)."""
    given = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    return f'<form method="post" action="{html.escape(target)}">{given}<button>{act}</button></form>'


class Redirect(requests.adapters.HTTPAdapter):
    """msal refuses to sign in over plain http; this sends what is meant for https://login.fake to the local fake."""

    def __init__(self, base: str) -> None:
        self._base = base
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **given: Any) -> requests.Response:
        split = urlsplit(request.url or "")
        request.url = self._base + split.path + (f"?{split.query}" if split.query else "")
        return super().send(request, *args, **given)


def http_client(fake: OutlookFake) -> requests.Session:
    """The connection to hand to msal."""
    session = requests.Session()
    session.trust_env = False
    session.mount(f"{HOST}/", Redirect(fake.origin))
    return session


class Browser:
    """Somebody who opens the page and consents at once."""

    def __init__(self, fake: OutlookFake) -> None:
        self._fake = fake

    def open(self, url: str, *_: object, **__: object) -> bool:
        threading.Thread(target=self._consent, args=(url,), daemon=True).start()
        return True

    def _consent(self, url: str) -> None:
        split = urlsplit(url)
        with urlopen(f"{self._fake.origin}{split.path}?{split.query}") as page:
            form = html.unescape(page.read().decode())
        with urlopen(
            form.partition('action="')[2].partition('"')[0], form.partition('data="')[2].partition('"')[0].encode()
        ):
            pass


def consenting(monkeypatch: Any, fake: OutlookFake) -> None:
    """From here on the browser of this machine belongs to somebody who consents."""
    monkeypatch.setattr(webbrowser, "open", Browser(fake).open)
    monkeypatch.setattr(webbrowser, "get", lambda *_: Browser(fake))


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _client_info() -> str:
    return base64.urlsafe_b64encode(b'{"uid":"uid","utid":"utid"}').decode().rstrip("=")


class DirectSignIn:
    """Hands out words of access that the fake accepts; a new one when the last was refused."""

    def __init__(self, fake: OutlookFake, person: str | None) -> None:
        self._fake = fake
        self._person = person
        self._lock = threading.Lock()
        self._token = ""

    def token(self, refused: str | None = None) -> str:
        with self._lock:
            if not self._token or self._token == refused:
                self._token = self._fake.login.issue(self._person or "app")
            return self._token
