"""What a source says when a mailbox cannot be pulled, so that the caller can wait, ask anew or give up.

    MailboxError             something about one mailbox; the others go on
    ├── Permanent            asking again in this run cannot help; `state` is its word in `syncs`
    │   ├── NoMailbox        the account has no mailbox               (no_mailbox)
    │   ├── NoCalendar       the account has no calendar              (no_calendar)
    │   ├── Denied           this mailbox is closed to us             (denied)
    │   └── Gone             the mailbox existed once                 (gone)
    ├── Throttled            asked too fast; wait, and ask again      (throttled)
    ├── Trouble              the other side or the network failed; ask again  (failed, when it never got better)
    └── TokenExpired         the sync token is void; ask for the whole window instead
    Misconfigured            nothing will work: stop the run          (exit code 2)

Every one carries a sentence for the reader: no title, no token, no secret in it.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from store.errors import BadInput, Unreachable

State = Literal["waiting", "ok", "no_mailbox", "no_calendar", "denied", "gone", "throttled", "failed"]


class MailboxError(Unreachable):
    """One mailbox could not be pulled; `state` is what the queue remembers if it stays so."""

    state: ClassVar[State] = "failed"


class Permanent(MailboxError):  # noqa: N818 - read aloud, as its parent
    """Asking this mailbox again in the same run cannot help."""


class NoMailbox(Permanent):
    """The account has no mailbox."""

    state: ClassVar[State] = "no_mailbox"


class NoCalendar(Permanent):
    """The account has no calendar."""

    state: ClassVar[State] = "no_calendar"


class Denied(Permanent):
    """This mailbox is closed to us."""

    state: ClassVar[State] = "denied"


class Gone(Permanent):
    """The mailbox existed once and does so no longer."""

    state: ClassVar[State] = "gone"


class Throttled(MailboxError):  # noqa: N818 - read aloud, as its parent
    """We asked too fast; `retry_after` is the number of seconds the other side wants us to wait, if it said."""

    state: ClassVar[State] = "throttled"

    def __init__(self, message: str = "asked too fast", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Trouble(MailboxError):  # noqa: N818 - read aloud, as its parent
    """The other side failed, the connection dropped or the time ran out; the same question may well work later.

    `retry_after` is the number of seconds the other side asked us to wait, if it said (a 503 may).
    """

    def __init__(self, message: str = "the other side did not answer", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TokenExpired(MailboxError):  # noqa: N818 - read aloud, as its parent
    """The sync token is void; pull the whole window without it."""


class Misconfigured(BadInput):
    """The set-up is wrong for every mailbox alike (a switched-off service, a missing consent): stop the run."""
