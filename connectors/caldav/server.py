"""One CalDAV server: our questions through the `caldav` library, its answers checked, its failures in our words."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urljoin, urlsplit

import requests
from caldav.davclient import DAVClient
from caldav.elements import dav
from caldav.lib import error

from connectors.errors import Denied, Gone, Misconfigured, NoCalendar, Throttled, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from connectors.caldav.transport import Transport

# The library can be told by an environment variable to write every request, password and all, into files under /tmp,
# and it warns about odd answers with a piece of them, which may hold a title.
error.debug_dump_communication = False
logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)

_PATH = "/~:@!$&'()*+,;="


@dataclass(frozen=True)
class Reply:
    """A multi-status answer and the address that gave it, for what it names relative to itself."""

    answer: Any
    url: str

    @property
    def is_cut(self) -> bool:
        """Whether the server says that it left part of the answer out for want of room."""
        return any(" 507 " in f"{each.text} " for each in self.answer.tree.iter(dav.Status.tag))

    def properties(self) -> list[Any]:
        """What a PROPFIND was answered: `href` and `properties` of each resource."""
        found: list[Any] = self._parsed(self.answer.parse_propfind)
        return found

    def resources(self) -> list[Any]:
        """What a query or multiget was answered: `href`, `etag`, `calendar_data` and `status` of each resource."""
        found: list[Any] = self._parsed(self.answer.parse_calendar_query)
        return found

    def changes(self) -> Any:
        """What a sync was answered: `changed`, `deleted`, `truncated` and the next `sync_token`."""
        return self._parsed(self.answer.parse_sync_collection)

    def _parsed(self, parse: Callable[[], Any]) -> Any:
        try:
            return parse()
        except error.DAVError:
            raise Trouble(f"{urlsplit(self.url).hostname} could only answer in part") from None

    def url_of(self, href: str) -> str:
        """The whole address of something the answer names by its decoded path."""
        return urljoin(self.url, quote(href, safe=_PATH))


class NoDavError(Trouble):
    """Something answered, but not a CalDAV server: a login page, or the page of a hotel's network."""


class RefusedError(Denied):
    """The server does not do what was asked; `reasons` are the conditions it names (RFC 4918, 16)."""

    def __init__(self, host: str, status: int, reasons: list[str]) -> None:
        super().__init__(f"{host} refuses to answer this about the calendar (status {status})")
        self.status = status
        self.reasons = [reason.rpartition("}")[2] for reason in reasons]


class Server:
    """Asks PROPFIND and REPORT questions; use it in a `with` block."""

    def __init__(self, url: str, transport: Transport) -> None:
        self.url = url
        self.host = urlsplit(url).hostname or url
        self._transport = transport
        self._client = DAVClient(url=url, enable_rfc6764=False)
        self._client.session.close()
        self._client.session = transport  # type: ignore[assignment, unused-ignore]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def properties(self, url: str, names: list[str], depth: int = 0) -> Reply:
        """Properties of a resource, with depth 1 also of what is in it."""
        with self._in_our_words():
            return self._checked(self._client.propfind(url, props=names, depth=depth))

    def report(self, url: str, question: str, depth: int | None) -> Reply:
        """The answer to a report; `RefusedError` where the server names a condition that is not met."""
        with self._in_our_words():
            return self._checked(self._client.report(url, question, depth=depth))

    def _checked(self, answer: Any) -> Reply:
        """Only a multi-status answer is one: a web page must not look like an empty calendar."""
        status = int(answer.status)
        if status == 404:
            raise NoCalendar(f"{self.host} has no calendar at this address")
        if status == 410 and not error.parse_preconditions(answer.raw):
            raise Gone(f"this calendar of {self.host} exists no longer")
        if 400 <= status < 500 or status in {501, 507}:
            raise RefusedError(self.host, status, error.parse_preconditions(answer.raw))
        if status >= 500:
            raise Trouble(f"{self.host} answered with status {status}")
        if status != 207 or answer.tree is None or answer.tree.tag != dav.MultiStatus.tag:
            raise NoDavError(f"{self.host} answered with something that is no CalDAV")
        return Reply(answer, self._transport.reached)

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        """Failures of the library and the network; what they carry (addresses, bodies) stays behind."""
        try:
            yield
        except error.RateLimitError as limit:
            raise self._slower(limit.status, limit.retry_after_seconds) from None
        except error.AuthorizationError as refusal:
            raise self._refusal(refusal.status, refusal.preconditions) from None
        except error.DAVError:
            raise Trouble(f"{self.host} answered with something that cannot be read") from None
        except requests.exceptions.SSLError:
            raise Misconfigured(f"the certificate of {self.host} is not one this computer trusts") from None
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError):
            raise Misconfigured(f"the address at {self.host} is not one that can be asked") from None
        except requests.exceptions.Timeout:
            raise Trouble(f"{self.host} did not answer in time") from None
        except requests.exceptions.RequestException:
            raise Trouble(f"the connection to {self.host} failed or was cut off") from None

    def _slower(self, status: int | None, seconds: float | None) -> Throttled | Trouble:
        if status == 429:
            return Throttled(f"{self.host} asks for fewer requests", seconds)
        return Trouble(f"{self.host} cannot answer at the moment", seconds)

    def _refusal(self, status: int | None, reasons: list[str]) -> Exception:
        if status == 401:
            return Misconfigured(
                f"{self.host} does not accept this user name and password; most servers want an app password "
                "(docs/connect-caldav.md says where to make one)"
            )
        if reasons:
            return RefusedError(self.host, 403, reasons)
        return Denied(f"{self.host} does not let this user read the calendar")
