"""HTTP for the `caldav` library: to the one server it was given, in public, encrypted, within limits of size and time.

The library keeps the protocol; what goes over the wire, and where to, is decided here. It never sees the password.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from lxml import etree  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from connectors.caldav.addresses import public_addresses
from connectors.errors import Misconfigured, Trouble

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

REDIRECTS = (301, 302, 303, 307, 308)


class TooMuchError(Trouble):
    """An answer larger than the limit; asking for a shorter span may help."""


@dataclass(frozen=True)
class Limits:
    """How long one request may take, in seconds, and how much it may bring, in bytes once unpacked."""

    connect: float = 15.0
    silence: float = 60.0
    whole: float = 300.0
    size: int = 200_000_000
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What came back, as the library reads it."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    reason: str
    url: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")


class _PublicConnection(HTTPSConnection):
    """A connection that looks a name up once, judges what it found, and connects to exactly that."""

    def _new_conn(self) -> socket.socket:
        name: str = self.host
        try:
            *others, last = public_addresses(name, self.port or 443)
            for each in others:
                try:
                    return self._connected(each)
                except (NewConnectionError, ConnectTimeoutError):
                    continue
            return self._connected(last)
        except OSError:
            raise NewConnectionError(self, f"{name} has no address") from None
        finally:
            self._dns_host = name

    def _connected(self, address: str) -> socket.socket:
        self._dns_host = address
        connection: socket.socket = super()._new_conn()
        return connection


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicAdapter(HTTPAdapter):
    """Encrypted connections to public addresses; there is nothing for plain HTTP."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        pools: dict[str, type[HTTPConnectionPool]] = {"https": _PublicPool}
        self.poolmanager.pool_classes_by_scheme = pools


class Transport:
    """Stands where the library expects a session of `requests`."""

    def __init__(
        self,
        home: str,
        username: str,
        password: str,
        *,
        allow_local: bool = False,
        before_request: Callable[[], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._home = urlsplit(home)
        self._login = (username, password)
        self._auth: requests.auth.AuthBase = HTTPBasicAuth(username.encode(), password.encode())
        self._before_request = before_request
        self._limits = limits or Limits()
        self._session = _session(allow_local=allow_local)
        self.reached = home

    def request(
        self, method: str, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> Answer:
        """One question and its answer, redirects followed with the same question as CalDAV wants it."""
        for _hop in range(self._limits.redirects + 1):
            answer = self._once(method, url, data, headers)
            location = answer.headers.get("Location")
            if answer.status_code in REDIRECTS and location:
                url = urljoin(url, location)
            elif self._wants_digest(answer):
                self._auth = HTTPDigestAuth(*self._login)
            else:
                self.reached = answer.url
                return answer
        raise Trouble(f"{self._home.hostname} redirects in circles")

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _wants_digest(self, answer: Answer) -> bool:
        if answer.status_code != 401 or isinstance(self._auth, HTTPDigestAuth):
            return False
        offered = answer.headers.get("WWW-Authenticate", "").lower()
        return "digest" in offered and "basic" not in offered

    def _once(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str] | None) -> Answer:
        self._check(url)
        if self._before_request is not None:
            self._before_request()
        begun = time.monotonic()
        limits = self._limits
        with self._session.request(
            method,
            url,
            data=data,
            headers=dict(headers or {}),
            auth=self._auth,
            timeout=(limits.connect, limits.silence),
            stream=True,
            allow_redirects=False,
        ) as response:
            content = self._body(response, begun + limits.whole)
            return Answer(response.status_code, response.headers, _xml(content), response.reason or "", url)

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(65536):
            size += len(part)
            if size > self._limits.size:
                raise TooMuchError(f"{self._home.hostname} answers with more than {self._limits.size:,} bytes")
            if time.monotonic() > deadline:
                raise Trouble(f"{self._home.hostname} takes longer than {self._limits.whole:g} seconds for one answer")
            parts.append(part)
        return b"".join(parts)

    def _check(self, url: str) -> None:
        """The password goes to the server it was given for, and to no other one."""
        asked = urlsplit(url)
        if asked.scheme != "https" and not (asked.scheme == "http" and self._home.scheme == "http"):
            raise Misconfigured(f"{self._home.hostname} leads to an address that is not encrypted (no https)")
        if not _same_family(self._home.hostname or "", asked.hostname or "") or _port(asked) not in (
            443,
            _port(self._home),
        ):
            raise Misconfigured(
                f"{self._home.hostname} leads to another server, {asked.hostname}; if that is right, give its address"
            )


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _same_family(home: str, other: str) -> bool:
    """Whether two hosts are one server's: the same, one below the other, or siblings as iCloud's are.

    >>> _same_family("caldav.icloud.com", "p34-caldav.icloud.com"), _same_family("example.org", "dav.example.org")
    (True, True)
    >>> _same_family("example.org", "example.com"), _same_family("10.0.0.1", "9.0.0.1")
    (False, False)
    """
    if home == other or other.endswith("." + home):
        return True
    parent = home.partition(".")[2]
    return "." in parent and not parent.rpartition(".")[2].isdigit() and other.endswith("." + parent)


def _xml(content: bytes) -> bytes:
    """The content if it is XML, else nothing: the library would write what it cannot read into a log."""
    try:
        etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return b""
    return content


def _session(*, allow_local: bool) -> requests.Session:
    session = requests.Session()
    # Neither proxies nor a .netrc of the environment: an address is judged where the connection is made.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
    if not allow_local:
        session.adapters.clear()
        session.mount("https://", _PublicAdapter())
    return session
