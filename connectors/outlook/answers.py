"""What Graph says when it does not give what was asked, in the words every source shares."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import orjson

from connectors.errors import (
    Denied,
    Gone,
    MailboxError,
    Misconfigured,
    NoCalendar,
    NoMailbox,
    Throttled,
    TokenExpired,
    Trouble,
)

if TYPE_CHECKING:
    from requests import Response

_TOO_FAST = {"applicationthrottled", "toomanyrequests", "mailboxconcurrency", "errorserverbusy", "activitylimitreached"}
_NO_MAILBOX = {
    "mailboxnotenabledforrestapi",
    "mailboxnotsupportedforrestapi",
    "errornonexistentmailbox",
    "resourcenotfound",
}
_NO_CALENDAR = {"errorfoldernotfound", "errorcalendarfoldernotfound", "errordefaultfoldernotfound"}


def refusal(answer: Response, *, incremental: bool = False) -> MailboxError | Misconfigured:
    """The error an answer stands for; rates come first, since Graph uses one number for many things."""
    status, code, text = answer.status_code, *_said(answer)
    wait = retry_after(answer)
    if status == 429 or code in _TOO_FAST or (status in (503, 504) and wait is not None):
        return Throttled(f"Microsoft asks to go slower ({status})", wait)
    if status >= 500 or status < 400:
        return Trouble(f"Microsoft had trouble answering ({status})")
    if incremental and (status == 410 or "syncstatenotfound" in code + text or "resyncrequired" in code + text):
        return TokenExpired("Microsoft has forgotten the last sync; the whole window is read again")
    if status == 401:
        return Misconfigured(
            "Microsoft does not accept the sign-in (401); sign in again, or run `meetload doctor outlook`"
        )
    return _about_mailbox(status, code, text)


def _about_mailbox(status: int, code: str, text: str) -> MailboxError:
    if code in _NO_MAILBOX or "mailboxnotenabledforrestapi" in text:
        return NoMailbox("the account has no mailbox in Exchange Online")
    if code in _NO_CALENDAR:
        return NoCalendar("the mailbox has no calendar")
    if status == 403:
        disabled = "access to odata is disabled" in text
        return Denied(
            "access to this mailbox is switched off" if disabled else "this mailbox is closed to the app (403)"
        )
    if status == 404:
        return Gone("Microsoft knows no such mailbox (404)")
    return Trouble(f"Microsoft did not understand the question ({status})")


def error_code(answer: Response) -> str:
    """The word Graph gives for what went wrong, in lower case; empty where it gives none."""
    return _said(answer)[0]


def retry_after(answer: Response) -> float | None:
    """The seconds we are asked to wait, given as a number or as a moment."""
    given = answer.headers.get("Retry-After", "").strip()
    if not given:
        return None
    if given.replace(".", "", 1).isdigit():
        return float(given)
    try:
        until, now = parsedate_to_datetime(given), parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _said(answer: Response) -> tuple[str, str]:
    """The code and the message of an error, in lower case; both are read and neither is ever passed on."""
    try:
        error = orjson.loads(answer.content).get("error")
        return str(error.get("code") or "").lower(), str(error.get("message") or "").lower()
    except (orjson.JSONDecodeError, AttributeError):
        return "", ""
