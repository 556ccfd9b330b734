"""Google's refusals as typed errors: which of them a wait can mend, and which it cannot.

Rate errors are told apart before configuration errors: both come as 403. Nothing that Google wrote is repeated in a
sentence but its short word for the reason.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import orjson

from connectors.errors import (
    Denied,
    Gone,
    MailboxError,
    Misconfigured,
    NoCalendar,
    NoMailbox,
    Permanent,
    Throttled,
    TokenExpired,
    Trouble,
)

if TYPE_CHECKING:
    from google.auth.exceptions import GoogleAuthError

_RATES = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_QUOTAS = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg", "variableTermExpiredDailyExceeded"}
_SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED", "accountDisabled", "CONSUMER_INVALID"}
_TOO_NARROW = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
_CLOSED: dict[int, tuple[type[Permanent], str]] = {
    401: (Denied, "Google does not accept the sign-in for this mailbox"),
    404: (NoCalendar, "there is no such calendar"),
    410: (Gone, "the calendar is gone"),
}
_WORD = re.compile(r"[A-Za-z_]{1,60}")
_PASSING = {"internal_failure", "server_error", "temporarily_unavailable"}
_UNKNOWN_KEY = {"invalid_client", "deleted_client", "disabled_client", "invalid_scope"}


def failure(
    status: int, body: bytes, retry_after: str | None = None, *, with_token: bool = False, quota_rest: float = 1800.0
) -> MailboxError | Misconfigured:
    """What an answer other than 200 means; `with_token` says that a sync token was sent."""
    reasons = _reasons(body)
    word = f"{status} {reasons[0]}" if reasons else str(status)
    wait = seconds(retry_after)
    if status == 429 or _RATES & set(reasons):
        return Throttled(f"Google asks to slow down ({word})", wait)
    if _QUOTAS & set(reasons):
        return Throttled(f"a Google quota is spent ({word})", wait or quota_rest)
    if status >= 500 or status == 408:
        return Trouble(f"Google failed ({word})", wait)
    return _refusal(status, set(reasons), word, with_token=with_token)


def _refusal(status: int, reasons: set[str], word: str, *, with_token: bool) -> MailboxError | Misconfigured:
    if _SWITCHED_OFF & reasons:
        return Misconfigured(
            f"the API is not switched on in the Google Cloud project ({word}); enable it, see docs/connect-google.md"
        )
    if _TOO_NARROW & reasons:
        return Misconfigured(f"the permission given to meetload does not cover this ({word}); grant the scope it needs")
    if with_token and status in {400, 410}:
        return TokenExpired(f"the sync token is void ({word})")
    if "notACalendarUser" in reasons:
        return NoCalendar(f"the account has no Google calendar ({word})")
    error, sentence = _CLOSED.get(status, (Denied, "Google refuses to show this calendar"))
    return error(f"{sentence} ({word})")


def sign_in_failure(error: GoogleAuthError, *, delegated: bool) -> MailboxError | Misconfigured:
    """What it means that no access token was given out."""
    details = _details(error)
    if details is None:
        return Trouble("Google's sign-in service did not answer")
    code, description = details
    word = code if _WORD.fullmatch(code) else "no reason given"
    if code == "rate_limit_exceeded":
        return Throttled("Google asks to slow down signing in")
    if getattr(error, "retryable", False) or code in _PASSING:
        return Trouble(f"Google's sign-in service failed ({word})")
    if code in _UNKNOWN_KEY:
        return Misconfigured(f"Google does not know this client or key ({word}); make a new one in the Cloud project")
    return (
        _delegation_failure(code, description, word)
        if delegated
        else Denied(f"the sign-in is no longer valid ({word}); sign in again")
    )


def _delegation_failure(code: str, description: str, word: str) -> MailboxError | Misconfigured:
    if code != "invalid_grant":
        return Denied(f"the service account may not act for this mailbox ({word}); see domain-wide delegation")
    if "jwt" in description.lower():
        return Misconfigured(
            f"Google refuses the service account's signature ({word}): check this machine's clock and that the key "
            "still exists"
        )
    return NoMailbox(f"the account does not exist or is suspended ({word})")


def seconds(retry_after: str | None) -> float | None:
    """How long a Retry-After header asks to wait; it holds seconds or a date.

    >>> seconds("7"), seconds("soon"), seconds(None)
    (7.0, None, None)
    """
    if not retry_after:
        return None
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _reasons(body: bytes) -> list[str]:
    """Google's short words for what is wrong, the older form first, then the newer."""
    try:
        error = orjson.loads(body)["error"]
        found = [each.get("reason") for each in (*error.get("errors", ()), *error.get("details", ()))]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return []
    return [word for word in found if isinstance(word, str) and _WORD.fullmatch(word)]


def _details(error: GoogleAuthError) -> tuple[str, str] | None:
    """The token service's error code and its explanation; None where it did not answer as itself."""
    answer: Any = next((each for each in error.args if isinstance(each, dict)), None)
    if answer is None:
        return None
    code = answer.get("error", "")
    if isinstance(code, dict):
        code = code.get("status", "")
    return str(code), str(answer.get("error_description", ""))
