"""Dutch or English, by small words and calendar words that only one of the two uses, and else by how words look."""

from __future__ import annotations

import re

_DUTCH = """
    de het een en van voor met op naar bij uit over tot tussen niet geen ook nog maar wie wat hoe waarom welke als dan
    onze jullie hun zijn wordt moet kunnen gaan nieuwe oude eerste tweede deze dit die weer verder samen vanaf rond
    overleg vergadering afspraak gesprek bespreking bespreken afstemming afstemmen voortgang werkoverleg bijeenkomst
    besluit knoop vraag storing verzoek concept aanpak inrichting beleid kennismaking terugkoppeling jaarplan begroting
    maandag dinsdag woensdag donderdag vrijdag januari februari maart mei juni juli augustus oktober
    bila bilateraal bijpraten bellen even dagstart weekstart
"""
_ENGLISH = """
    the and for with from about into your our their this that these when how why what who which not are will should
    can new first second next last between against without after before again together toward via per
    meeting call discussion discuss weekly monthly daily catch kickoff review update request issue question decision
    approval outage handover hiring interview training budget strategy plan steering board committee working group
    monday tuesday wednesday thursday friday january february march may june july august october
    chat quick appointment home visit
"""
DUTCH = frozenset(_DUTCH.split()) - frozenset(_ENGLISH.split())
ENGLISH = frozenset(_ENGLISH.split()) - frozenset(_DUTCH.split())
_WORD = re.compile(r"[^\W\d_]+")


_DUTCH_LOOK = re.compile(r"aa|uu|ij|oe|sch|(?:overleg|overl|gesprek|sessie|start|zoek|atie|iteit|heid|dering|ten|ken)$")
_ENGLISH_LOOK = re.compile(r"th|sh|wh|ght|ck|ew|(?:tion|sion|ness|ment|able|ful|ly|ed|ty|ay)$")


def language_of(title: str) -> str:
    """`nl`, `en`, or an empty text where a title does not say.

    >>> language_of("Voortgang met de gemeente"), language_of("Discuss the next steps"), language_of("MT")
    ('nl', 'en', '')
    >>> language_of("Dossiers wegwerken"), language_of("Quick chat")
    ('nl', 'en')
    """
    words = _WORD.findall(title.lower())
    known = _more(sum(word in DUTCH for word in words), sum(word in ENGLISH for word in words))
    if known:
        return known
    dutch, english = (sum(bool(look.search(word)) for word in words) for look in (_DUTCH_LOOK, _ENGLISH_LOOK))
    return _more(dutch, english)


def _more(dutch: int, english: int) -> str:
    if dutch == english:
        return ""
    return "nl" if dutch > english else "en"
