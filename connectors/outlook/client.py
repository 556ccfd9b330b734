"""Questions to Microsoft Graph over one connection a thread; pages in order, and never half an answer."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from urllib.parse import urlsplit

import orjson
import requests
from requests.auth import AuthBase

from connectors.errors import Misconfigured, Trouble
from connectors.outlook.answers import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.outlook.settings import OutlookSettings

Page = dict[str, Any]
Read = TypeVar("Read")
_ATTEMPTS_TO_SIGN_IN = 3


class SignIn(Protocol):
    """Whoever can hand out a word of access to Graph."""

    def token(self, refused: str | None = None) -> str:
        """A word of access that should work now; another one than the one refused."""


class Bearer(AuthBase):
    """Puts the word of access on a request; as `auth` it keeps requests from looking for another one in .netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:  # noqa: D102 - as `AuthBase` says
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Graph:
    """Microsoft Graph as somebody signed in; safe to share between threads."""

    def __init__(
        self, settings: OutlookSettings, sign_in: SignIn, before_request: Callable[[], None] | None = None
    ) -> None:
        self.settings = settings
        self._sign_in = sign_in
        self._before_request = before_request
        self._local = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()
        # Whoever forgets to hang up leaves no connection behind.
        weakref.finalize(self, _hang_up, self._sessions)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Page:
        """One object, or one page."""
        return _body(_content(self._sent(self._address(path), params, self.settings.page_size), incremental=False))

    def pages(self, path: str, params: Mapping[str, str] | None = None, *, incremental: bool = False) -> Iterator[Page]:
        """Page after page, whatever is on them."""
        return self.read(path, params, _listed, incremental=incremental)

    def read(
        self,
        path: str,
        params: Mapping[str, str] | None,
        page_of: Callable[[bytes], tuple[Read, str | None]],
        *,
        incremental: bool = False,
    ) -> Iterator[Read]:
        """Page after page until none is named; a page that takes too long is asked for again in smaller ones.

        `page_of` reads a page and says where the next one is. `incremental` says that the path is a link of an earlier
        sync, which may be void by now.
        """
        url: str | None = self._address(path)
        size, seen = self.settings.page_size, set[str]()
        while url is not None:
            if url in seen:
                raise Trouble("Microsoft named the same page twice")
            answer = self._sent(url, params, size)
            if answer.status_code == 504 and size > self.settings.small_page:
                size = self.settings.small_page
                continue
            page, following = page_of(_content(answer, incremental=incremental))
            seen.add(url)
            yield page
            url, params = (self._address(following) if following else None), None

    def close(self) -> None:
        """Hang up every connection."""
        with self._lock:
            _hang_up(self._sessions)
        self._local = threading.local()

    def _address(self, path: str) -> str:
        """A path under the base address; a whole address only where it leads to the same place."""
        base = self.settings.graph.rstrip("/")
        if path.startswith("/"):
            return base + path
        if urlsplit(path)[:2] != urlsplit(base)[:2]:
            raise Trouble("Microsoft named a page at another address; the sign-in is not sent there")
        return path

    def _sent(self, url: str, params: Mapping[str, str] | None, size: int) -> requests.Response:
        token = self._sign_in.token()
        answer = self._asked(url, params, size, token)
        for _ in range(_ATTEMPTS_TO_SIGN_IN - 1):
            if answer.status_code != 401:
                break
            token = self._sign_in.token(refused=token)
            answer = self._asked(url, params, size, token)
        return answer

    def _asked(self, url: str, params: Mapping[str, str] | None, size: int, token: str) -> requests.Response:
        if self._before_request is not None:
            self._before_request()
        settings = self.settings
        try:
            return self._session().get(
                url,
                params=params,
                headers={"Prefer": _prefer(size), "Accept": "application/json"},
                auth=Bearer(token),
                timeout=(settings.connect_seconds, settings.read_seconds),
                allow_redirects=False,
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema):
            raise Misconfigured(f"{settings.graph} is not an address of Microsoft Graph") from None
        except requests.RequestException as error:
            # The original carries the whole address, and with it the link of a sync.
            raise Trouble(f"the connection to Microsoft broke ({type(error).__name__})") from None

    def _session(self) -> requests.Session:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            with self._lock:
                self._sessions.append(session)
        return cast("requests.Session", session)


def _hang_up(sessions: list[requests.Session]) -> None:
    for session in sessions:
        session.close()
    sessions.clear()


def _prefer(size: int) -> str:
    return f'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize={size}, outlook.body-content-type="text"'


def _content(answer: requests.Response, *, incremental: bool) -> bytes:
    if answer.status_code != 200:
        raise refusal(answer, incremental=incremental)
    content: bytes = answer.content
    return content


def _listed(content: bytes) -> tuple[Page, str | None]:
    page = _body(content)
    if not isinstance(page.get("value"), list):
        raise Trouble("Microsoft sent a page without a list")
    return page, page.get("@odata.nextLink")


def _body(content: bytes) -> Page:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Trouble("Microsoft's answer broke off") from None
    if not isinstance(body, dict):
        raise Trouble("Microsoft sent something that is no answer")
    return body
