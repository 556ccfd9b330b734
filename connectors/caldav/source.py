"""A CalDAV account as a source: one calendar is one mailbox."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import available_timezones

from connectors.caldav.marks import Mark, question
from connectors.contract import Pull
from connectors.ics import read_calendars
from connectors.ics.limits import FIRST_YEAR, LAST_YEAR
from connectors.identity import address
from store.errors import BadInput
from store.frames import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connectors.caldav.discovery import Calendar
    from connectors.caldav.reading import Resource
    from connectors.caldav.server import Server
    from connectors.caldav.transport import Limits
    from connectors.contract import Window
    from store.errors import Problem

# Days have no zone of their own: a server may place them up to fourteen hours away from where we do.
_MARGIN = timedelta(days=1)
_FIRST, _LAST = datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR + 1, 1, 1)  # noqa: DTZ001 - windows are naive UTC


class CalDavSource:
    """The calendars of one user of a CalDAV server.

    `me` lists the user's addresses, the first of which is who they are; `home` is the zone for times without one.
    `calendars` names the calendars to read, by name or address; without it all of the user's own are, and none that
    somebody else shares. `allow_local` lifts the refusal of addresses in the local network and of plain HTTP.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        *,
        me: Sequence[str],
        home: str,
        allow_local: bool = False,
        calendars: Sequence[str] | None = None,
        before_request: Callable[[], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._me = tuple(dict.fromkeys(address(each) for each in me if each.strip()))
        if not self._me:
            raise BadInput("say whose calendar it is: give at least one e-mail address")
        if home not in available_timezones():
            raise BadInput(f"{home} is not a time zone; name one as in Europe/Amsterdam")
        self._url = _checked(url, allow_local=allow_local)
        self._username, self._password = username, password
        self._home, self._allow_local = home, allow_local
        self._calendars = tuple(calendars) if calendars is not None else None
        self._before_request, self._limits = before_request, limits

    def __repr__(self) -> str:
        return f"CalDavSource({self._url!r})"

    @property
    def name(self) -> str:
        """The word for this source."""
        return "caldav"

    def mailboxes(self) -> Iterator[str]:
        """The user's calendars by their addresses: paths alone may be the same on two servers."""
        with self._server() as server:
            from connectors.caldav.discovery import calendars  # noqa: PLC0415 - there only with the library

            found = calendars(server)
        yield from (each.url for each in self._chosen(found))

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:
        """Everything one calendar holds in the window, or only a new token where nothing changed since the last."""
        url = urljoin(self._url, mailbox)
        mark = Mark.read(token) if token else None
        span = _span(window)
        if span is None:
            return self._rows(mailbox, window, [])
        asked = question(url, window, self._me, self._home)
        with self._server() as server:
            if mark is not None and mark.asked == asked:
                value = _unchanged(server, url, mark, span)
                if value is not None:
                    return Pull(
                        Batch().tidied(), owner=self._me[0], token=replace(mark, value=value).written(), complete=False
                    )
            new, resources = _whole(server, url, asked, span)
        return replace(self._rows(mailbox, window, resources), token=new.written() if new else None)

    def _server(self) -> Server:
        try:
            from connectors.caldav.server import Server  # noqa: PLC0415 - there only with the library
            from connectors.caldav.transport import Transport  # noqa: PLC0415
        except ImportError:
            raise BadInput("CalDAV needs an extra library; install it with `pip install meetload[caldav]`") from None
        transport = Transport(
            self._url,
            self._username,
            self._password,
            allow_local=self._allow_local,
            before_request=self._before_request,
            limits=self._limits,
        )
        return Server(self._url, transport)

    def _chosen(self, found: list[Calendar]) -> list[Calendar]:
        if self._calendars is None:
            return [each for each in found if each.own]
        chosen: dict[str, Calendar] = {}
        for wanted in self._calendars:
            fitting = [each for each in found if wanted.strip().casefold() in self._names_of(each)]
            if not fitting:
                there = ", ".join(each.name or each.url for each in found) or "none"
                raise BadInput(f"there is no calendar {wanted}; the server has: {there}")
            chosen.update((each.url, each) for each in fitting)
        return list(chosen.values())

    def _names_of(self, calendar: Calendar) -> set[str]:
        path = urlsplit(calendar.url).path
        names = (calendar.name, calendar.url, path, path.rstrip("/"), unquote(path.rstrip("/").rpartition("/")[2]))
        return {each.strip().casefold() for each in names if each.strip()}

    def _rows(self, mailbox: str, window: Window, resources: list[Resource]) -> Pull:
        texts = [each.text.strip("\ufeff \r\n\t").replace("\r\n", "\n") + "\n" for each in resources]
        text = "".join(texts) or "BEGIN:VCALENDAR\nEND:VCALENDAR\n"
        pull = read_calendars(text.encode("utf-8", "replace"), mailbox, self._me, self._home, window, self.name)
        begins = list(accumulate((each.count("\n") for each in texts), initial=1))
        problems = tuple(_at_home(each, resources, begins) for each in pull.problems)
        return replace(pull, problems=problems)


def _span(window: Window) -> tuple[datetime, datetime] | None:
    """What to ask the server for: the window with a margin, in years that servers know; None where nothing is left."""
    if window.start >= window.end:
        return None
    start = max(window.start, _FIRST + _MARGIN) - _MARGIN
    end = min(window.end, _LAST - _MARGIN) + _MARGIN
    return (start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)) if start < end else None


def _unchanged(server: Server, url: str, mark: Mark, span: tuple[datetime, datetime]) -> str | None:
    """What to remember instead when nothing changed since the mark; None when something did."""
    from connectors.caldav import reading  # noqa: PLC0415 - there only with the library

    if mark.kind == "sync":
        return reading.unchanged_since(server, url, mark.value)
    return mark.value if reading.versions(server, url, *span) == mark.value else None


def _whole(server: Server, url: str, asked: str, span: tuple[datetime, datetime]) -> tuple[Mark | None, list[Resource]]:
    from connectors.caldav import reading  # noqa: PLC0415 - there only with the library

    # The mark comes first: what changes while we read is then seen again by the next pull, not missed.
    token = reading.sync_token(server, url)
    resources = reading.read(server, url, *span)
    if token is not None:
        return Mark("sync", token, asked), resources
    versions = reading.digest((each.path, each.etag) for each in resources)
    return (Mark("etags", versions, asked) if versions else None), resources


def _at_home(problem: Problem, resources: list[Resource], begins: list[int]) -> Problem:
    """A problem with the file of the calendar that it is about, and its line there."""
    if problem.line is None or not resources:
        return problem
    at = min(bisect_right(begins, problem.line) - 1, len(resources) - 1)
    return replace(problem, file=resources[at].path, line=problem.line - begins[at] + 1)


def _checked(url: str, *, allow_local: bool) -> str:
    """The address to ask, without anything that does not belong in one."""
    given = url.strip() if "://" in url else f"https://{url.strip()}"
    try:
        parts = urlsplit(given)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not host or any(each.isspace() for each in given):
        raise BadInput("the CalDAV address is not one; it looks like https://cloud.example.org/remote.php/dav")
    if parts.username is not None or parts.password is not None:
        raise BadInput(f"leave user name and password out of the address of {host}; they are asked for separately")
    if parts.scheme != "https" and not (parts.scheme == "http" and allow_local):
        raise BadInput(f"the address of {host} must begin with https://, or the password could be read on its way")
    return parts._replace(query="", fragment="").geturl()
