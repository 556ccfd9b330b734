"""How questions travel to Google Calendar: with the own sign-in, or on behalf of each mailbox of an organisation.

One's own calendar goes through google-api-python-client. A scan calls the same addresses through one authorised
session a thread, because the client's cost per request would be most of a scan's work and its transport may not be
shared between threads.
"""

from __future__ import annotations

import http.client
import os
import ssl
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import quote

import httplib2  # type: ignore[import-untyped]
import orjson
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from connectors.errors import Misconfigured, Trouble
from connectors.google.failures import failure, sign_in_failure
from connectors.google.quiet import hush

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.oauth2.credentials import Credentials

    from connectors.google.settings import GoogleSettings

PRIMARY = "primary"
Question = dict[str, Any]
Answer = dict[str, Any]

_BROKEN_LINE = (httplib2.HttpLib2Error, http.client.HTTPException, ssl.SSLError, OSError)


class _Lines:
    """One open line a thread, all of them closed together."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[Any] = []

    def mine(self, make: Callable[[], Any]) -> Any:
        """This thread's line, made when it is first asked for."""
        found = getattr(self._local, "line", None)
        if found is None:
            found = self._local.line = make()
            with self._lock:
                self._open.append(found)
        return found

    def close(self) -> None:
        with self._lock:
            for line in self._open:
                line.close()
            self._open.clear()
        self._local = threading.local()


class Wire(Protocol):
    """Something that asks Google Calendar for one page."""

    def page(self, mailbox: str, question: Question) -> bytes:
        """One page of a mailbox's events, as Google wrote it; raises one of `connectors.errors`."""

    def close(self) -> None:
        """Hang up every connection."""


def execute(request: Any, settings: GoogleSettings, *, delegated: bool = False) -> Answer:
    """The answer to a request of google-api-python-client; raises one of `connectors.errors`."""
    return decoded(written(request, settings, delegated=delegated))


def written(request: Any, settings: GoogleSettings, *, with_token: bool = False, delegated: bool = False) -> bytes:
    """The same answer, as Google wrote it; decoding is left to whoever knows what is on it."""
    request.postproc = _as_it_came
    try:
        answer: bytes = request.execute(num_retries=0)
    except HttpError as error:
        wait = error.resp.get("retry-after")
        raise failure(
            error.status_code, error.content, wait, with_token=with_token, quota_rest=settings.quota_rest
        ) from None
    except TransportError:
        raise Trouble("the connection to Google dropped") from None
    except GoogleAuthError as error:
        raise sign_in_failure(error, delegated=delegated) from None
    except _BROKEN_LINE:
        raise Trouble("the connection to Google dropped") from None
    return answer


def _as_it_came(_: httplib2.Response, content: bytes) -> bytes:
    """Stands for the client's own reading of an answer that is no error."""
    return content


def decoded(body: bytes) -> Answer:
    """The answer in these bytes; `Trouble` where there is none."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Trouble("Google's answer was cut off") from None
    if not isinstance(answer, dict):
        raise Trouble("Google's answer was not what it promises")
    return answer


def client(api: str, version: str, url: str, credentials: Any, settings: GoogleSettings) -> Any:
    """A google-api-python-client service with a transport of its own, which one thread may use."""
    hush()
    return build(
        api,
        version,
        http=AuthorizedHttp(credentials, http=httplib2.Http(timeout=settings.timeout, ca_certs=_authorities())),
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": url},
    )


def _authorities() -> str | None:
    """An organisation's own certificate authorities, where the rest of the libraries look for them too."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or None


class _Connected:
    """Something with lines of its own, closed at the end of its `with` block."""

    def __init__(self) -> None:
        self._lines = _Lines()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._lines.close()


class OwnWire(_Connected):
    """The calendars that one's own sign-in opens; `me` is the address that stands for the own one."""

    def __init__(self, credentials: Credentials, settings: GoogleSettings, me: str | None = None) -> None:
        super().__init__()
        self._credentials = credentials
        self._settings = settings
        self._me = me

    def page(self, mailbox: str, question: Question) -> bytes:
        """One page of events of the own calendar, or of one that somebody shares."""
        calendar = PRIMARY if mailbox == self._me else mailbox
        request = self._service().events().list(calendarId=calendar, **question)
        return written(request, self._settings, with_token="syncToken" in question)

    def calendars(self, page_token: str | None = None) -> Answer:
        """One page of the calendars that the owner has or was given."""
        fields = "nextPageToken,items(id,primary,accessRole)"
        return execute(self._service().calendarList().list(pageToken=page_token, fields=fields), self._settings)

    def _service(self) -> Any:
        url = self._settings.calendar_url
        return self._lines.mine(lambda: client("calendar", "v3", url, self._credentials, self._settings))


class ServiceAccount(service_account.Credentials):
    """A service account's credentials that look up nothing beside their token.

    google-auth starts a thread per mailbox to ask where the account's data may be used; mailboxes have no such place.
    """

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class DelegatedWire(_Connected):
    """Every mailbox of an organisation, read as its owner by a service account with domain-wide delegation."""

    def __init__(self, key: Mapping[str, Any], settings: GoogleSettings, scopes: tuple[str, ...]) -> None:
        super().__init__()
        hush()
        self._account = service_account_of(key, scopes)
        self._settings = settings
        self._lock = threading.Lock()
        self._signed_in: OrderedDict[str, ServiceAccount] = OrderedDict()

    def page(self, mailbox: str, question: Question) -> bytes:
        """One page of events of the mailbox's own calendar."""
        return self.ask(mailbox, PRIMARY, question)

    def ask(self, subject: str, calendar: str, question: Question) -> bytes:
        """One page of a calendar as the subject sees it; an empty subject is the service account itself."""
        session = self._lines.mine(self._session)
        session.credentials = self._credentials(subject)
        url = f"{self._settings.calendar_url}calendars/{quote(calendar, safe='')}/events"
        asked = {name: str(value).lower() if isinstance(value, bool) else value for name, value in question.items()}
        try:
            response = session.get(
                url, params=asked | {"prettyPrint": "false"}, timeout=self._settings.timeout, allow_redirects=False
            )
            body: bytes = response.content
        except TransportError:
            raise Trouble("the connection to Google dropped") from None
        except GoogleAuthError as error:
            raise sign_in_failure(error, delegated=bool(subject)) from None
        except requests.RequestException:
            raise Trouble("the connection to Google dropped") from None
        if response.status_code != http.client.OK:
            raise failure(
                response.status_code,
                body,
                response.headers.get("Retry-After"),
                with_token="syncToken" in question,
                quota_rest=self._settings.quota_rest,
            )
        return body

    def _session(self) -> AuthorizedSession:
        session = AuthorizedSession(self._account, refresh_timeout=self._settings.timeout)  # type: ignore[no-untyped-call]
        # Google compresses only for clients that name themselves so.
        session.headers["User-Agent"] = "meetload (gzip)"
        return session

    def _credentials(self, subject: str) -> ServiceAccount:
        """The subject's credentials; the last few are kept, so that a second page or attempt needs no new token."""
        with self._lock:
            found = self._signed_in.pop(subject, None)
            if found is None:
                found = self._account.with_subject(subject) if subject else self._account  # type: ignore[no-untyped-call]
            self._signed_in[subject] = found
            if len(self._signed_in) > self._settings.mailboxes_signed_in:
                self._signed_in.popitem(last=False)
            return found


def service_account_of(key: Mapping[str, Any], scopes: tuple[str, ...], subject: str | None = None) -> ServiceAccount:
    """Credentials from a service account's key."""
    try:
        account: ServiceAccount = ServiceAccount.from_service_account_info(  # type: ignore[no-untyped-call]
            dict(key), scopes=list(scopes), subject=subject
        )
    except (ValueError, GoogleAuthError):
        raise Misconfigured("the key file is not a usable service account key; download a new JSON key") from None
    return account
