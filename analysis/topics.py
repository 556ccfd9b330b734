"""Meetings about the same subject: titles stripped of the words that only say what kind of meeting it is."""

from __future__ import annotations

import re
import unicodedata

# Words that say which kind or stage of meeting it is, not what it is about.
_STAGE = """
    re fw fwd antw vervolg followup follow up deel part sessie session extra spoed urgent kort korte even snel quick
    overleg afstemming afstemmen bespreken bespreking doorspreken bijpraten bila bilateraal sync meeting call alignment
    align catch check checkin vergadering werkoverleg teamoverleg update status stand van zaken voortgang planning
    escalatie escalation besluit decision knoop doorhakken review retro evaluatie vraag question probleem issue
    de het een en of in op aan van voor met over bij naar door om te wie wat hoe waar waarom the a an and or on at to
    for of with about by who what how where why is are we ons onze our
"""
STAGE_WORDS = frozenset(_STAGE.split())
GENERIC = ""


def topic_of(title: str | None) -> str:
    """The subject words of a title in a fixed order, or "" where the title names no subject.

    >>> topic_of("RE: Achterstand intake, wie beslist?")
    'achterstand beslist intake'
    >>> topic_of("Overleg")
    ''
    """
    if not title:
        return GENERIC
    plain = unicodedata.normalize("NFKC", title).lower()
    words = re.findall(r"[^\W\d_]{2,}", plain)
    return " ".join(sorted({word for word in words if word not in STAGE_WORDS}))
