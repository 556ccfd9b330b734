"""People from outside an organisation: what kind of address they have, and nothing more."""

from __future__ import annotations

import re

PREFIX = "outside:"
GOVERNMENT, OTHER, UNKNOWN = f"{PREFIX}government", f"{PREFIX}other", f"{PREFIX}unknown"
# Domains of governments: of the world by their own label, Dutch ones by how their bodies are called.
_PUBLIC = re.compile(
    r"(^|\.)(gov|gouv|gob|gub|mil|europa|overheid|rijksoverheid|politie|om|rechtspraak|belastingdienst|uwv|svb|duo|rivm|"
    r"min(az|buza|bzk|def|ez|ezk|fin|ienw|jenv|kgg|lnv|lvvn|ocw|szw|vro|vws)|gemeente[a-z-]*|provincie[a-z-]*|waterschap[a-z-]*|ggd[a-z-]*|vng)\.[a-z]{2,3}(\.[a-z]{2})?$|\.(gov|int)$"
)


def category(address: str) -> str:
    """The kind of a person from outside: of a government, other, or unknown where there is no domain.

    >>> category("j.bos@gemeentebuitenveld.nl"), category("sales@acme.com"), category("/o=old/cn=bos")
    ('outside:government', 'outside:other', 'outside:unknown')
    """
    _, at, domain = address.rpartition("@")
    if not at or "." not in domain:
        return UNKNOWN
    return GOVERNMENT if _PUBLIC.search(domain.lower()) else OTHER
