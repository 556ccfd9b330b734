"""How people name their meetings: Dutch and English by purpose, varied and sloppy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.demo.dice import Dice

# Purposes share names on purpose: "overleg" or "quick call" can be anything.
GENERIC = {
    "nl": ("overleg", "afspraak", "even bijpraten", "bijpraten", "kort overleg", "bellen", "even bellen", "check"),
    "en": ("quick call", "catch up", "meeting", "sync", "call", "touch base"),
}
MAYBE_GENERIC = {"question": 0.16, "followup": 0.16, "escalation": 0.12, "talk": 0.3, "work": 0.1, "design": 0.06}

DUTCH: dict[str, tuple[str, ...]] = {
    "team": ("Teamoverleg {team}", "Werkoverleg {team}", "Wekelijks teamoverleg", "Weekstart {team}", "WO {team}"),
    "standup": ("Dagstart", "Dagstart {team}", "Stand-up {team}", "Daily", "Bordsessie {team}"),
    "bila": ("Bila {name}", "Bila {name} / {other}", "1-op-1 {name}", "Bilateraal", "Bijpraten {name}"),
    "bila_up": ("Bila {name} / {other}", "Bilateraal {name}", "Voortgang {name}", "Bila"),
    "department": ("Afdelings-MT {dept}", "TL-overleg {dept}", "Leidinggevendenoverleg {dept}", "Weekoverleg {dept}"),
    "mt": ("MT", "MT-overleg", "Managementteam"),
    "stream": ("Ketenoverleg {stream}", "Procesoverleg {stream}", "Wekelijks overleg keten {stream}"),
    "bridge": ("Afstemming {dept} - {dept2}", "Overleg {dept}/{dept2}", "Voortgang {topic}", "Tweewekelijks {topic}"),
    "project": ("Projectoverleg {project}", "Projectgroep {project}", "Voortgang {project}", "PO {project}"),
    "steering": ("Stuurgroep {project}", "SG {project}"),
    "council": ("OR-vergadering", "OR overleg", "Overlegvergadering OR"),
    "policy": ("Werkgroep beleid {stream}", "WG Beleidskaders", "Herijking beleid", "WG Architectuur en kaders"),
    "retro": ("Retro {team}", "Retrospective", "Terugblik en verbeteren {team}", "Retro"),
    "peer": ("Intervisie", "Intervisie leidinggevenden", "Intervisiegroep {n}"),
    "allhands": ("Alle hens", "Maandelijkse bijeenkomst organisatie", "Townhall", "Ontmoeting met de directie"),
    "question": (
        "{topic}",
        "vraag {topic}",
        "Afstemming {topic}",
        "{topic}: wie pakt dit op?",
        "Overleg {topic}",
        "Kort: {topic}",
        "{topic} bespreken",
        "Even over {topic}",
        "{topic} {dept}/{dept2}",
        "Stand van zaken {topic}",
    ),
    "followup": (
        "Vervolg {topic}",
        "{topic} (2)",
        "RE: {topic}",
        "Vervolgoverleg {topic}",
        "Voortgang {topic}",
        "{topic} vervolg",
        "Nogmaals {topic}",
        "{topic} deel {n}",
        "Afspraken nalopen {topic}",
    ),
    "escalation": (
        "Escalatie {topic}",
        "{topic}: knoop doorhakken",
        "Besluit nodig {topic}",
        "SPOED {topic}",
        "{topic} loopt vast",
        "Knelpunt {topic}",
        "{topic}, wie beslist?",
        "Uitzondering {topic}",
        "{topic} met {dept}",
    ),
    "mt_extra": ("MT – {topic}", "MT extra: {topic}", "Extra MT", "MT – escalatie {topic}", "Ingelast MT {topic}"),
    "design": (
        "Werkafspraken {topic}",
        "Ontwerpsessie {topic}",
        "Mandaat {topic}",
        "Rollen en mandaten {topic}",
        "Inrichting {topic}",
        "Kaders {topic}",
        "{topic}: hoe gaan we dit doen?",
        "Procesontwerp {topic}",
    ),
    "talk": (
        "Bijpraten {name}",
        "{name} / {other}",
        "Vraagje {name}",
        "Overleg {name}",
        "Even afstemmen",
        "Koffie {name}",
    ),
    "capacity": (
        "Verdeling werkvoorraad {team}",
        "Rooster {team}",
        "Planning {team}",
        "Bezetting vakantie",
        "Caseload verdelen",
        "Overdracht zaken {name}",
    ),
    "incident": (
        "P1 zaaksysteem",
        "Storing {system}",
        "Crisisoverleg {system}",
        "Calamiteit {system}",
        "{system} ligt eruit",
    ),
    "review": (
        "Evaluatie storing {system}",
        "Terugblik P1 {system}",
        "Incident review {system}",
        "Nabespreking storing",
    ),
    "casework": ("{topic}", "{topic} {n}", "Bespreking {topic}"),
    "client": ("Gesprek aanvrager", "Intakegesprek", "Keukentafelgesprek", "Afspraak burger", "Gesprek dhr. {last}"),
    "hearing": ("Hoorzitting", "Hoorzitting bezwaar {n}", "Zitting {n}", "Hoorzitting mw. {last}"),
    "visit": ("Controle {place}", "Huisbezoek", "Locatiebezoek {place}", "Schouw {place}", "Inspectie {place}"),
    "partner": (
        "Bestuurlijk overleg regio",
        "Kennismaking {last}",
        "Overleg gemeente {place}",
        "Werkbezoek {place}",
        "Gesprek {partner}",
        "Overleg {partner}",
        "{partner} periodiek",
        "{last} ({partner})",
        "Interview {place} Nieuws",
    ),
    "work": (
        "Werksessie {topic}",
        "Samen dossiers",
        "Schrijfsessie",
        "Dossiers wegwerken",
        "Testen {system}",
        "Leessessie",
    ),
    "training": ("Training {system}", "Cursus gesprekstechniek", "Webinar AVG", "Opfris wetgeving", "BHV-herhaling"),
    "interview": ("Sollicitatiegesprek", "Sollicitatie {function}", "Gesprek kandidaat", "Selectiegesprek {last}"),
    "drinks": ("Borrel", "Afscheid {name}", "Taart {name}", "Verjaardag {name}", "Lunch met het team", "Vrijmibo"),
    "personal": ("Tandarts", "Privé", "School", "Fysio", "Oudergesprek"),
    "focus": ("Focus", "Focustijd", "Concentratietijd", "Niet storen", "Schrijven", "Dossiertijd"),
    "travel": ("Reistijd", "Reizen", "Onderweg {place}", "Trein"),
    "hold": ("Reservering", "Blok", "Optie {topic}", "HOLD"),
    "lunch": ("Lunch", "Pauze", "Wandelen", "Lunchpauze"),
    "leave": ("Vakantie", "Verlof", "Vrij", "Afwezig", "Vakantie {first}", "Vrije dag"),
    "sick": ("Ziek", "Afwezig", "Ziekgemeld"),
}
ENGLISH: dict[str, tuple[str, ...]] = {
    "team": ("Team meeting {team}", "Weekly team meeting", "Weekly {team}", "Team weekly"),
    "standup": ("Daily stand-up", "Daily", "Standup {team}", "Daily {team}"),
    "bila": ("1:1 {name}", "1:1 {name} / {other}", "Weekly 1:1", "Catch-up {name}"),
    "bila_up": ("1:1 {name} / {other}", "1:1 {name}", "One-on-one"),
    "department": ("Leads meeting {dept}", "Department leads", "{dept} leads weekly"),
    "mt": ("MT", "Management team", "MT weekly"),
    "stream": ("Value stream {stream}", "Weekly {stream} chain sync", "{stream} flow meeting"),
    "bridge": ("Sync {dept} - {dept2}", "{topic} weekly", "Alignment {dept}/{dept2}", "{topic} check-in"),
    "project": ("Project {project}", "{project} weekly", "{project} progress", "{project} team sync"),
    "steering": ("Steering committee {project}", "SteerCo {project}"),
    "council": ("Works council", "Works council meeting"),
    "policy": ("Policy working group {stream}", "Architecture board", "Policy review"),
    "retro": ("Retrospective", "Retro {team}", "Team retro"),
    "peer": ("Peer coaching", "Peer learning group"),
    "allhands": ("All hands", "Town hall", "Monthly all-hands"),
    "question": (
        "{topic}",
        "{topic}?",
        "Quick question {topic}",
        "Align on {topic}",
        "Alignment {topic}",
        "{topic} - who owns this?",
        "Status {topic}",
        "Discuss {topic}",
    ),
    "followup": (
        "Follow-up {topic}",
        "FU {topic}",
        "RE: {topic}",
        "{topic} part {n}",
        "Next steps {topic}",
        "{topic} again",
    ),
    "escalation": (
        "Escalation {topic}",
        "Decision needed: {topic}",
        "{topic} blocked",
        "URGENT {topic}",
        "Blocker {topic}",
        "Exception request {topic}",
    ),
    "mt_extra": ("MT – {topic}", "MT extra session", "MT – escalation {topic}", "Extra MT {topic}"),
    "design": (
        "Working agreements {topic}",
        "Design session {topic}",
        "Roles and mandates {topic}",
        "Operating model {topic}",
        "Process design {topic}",
        "{topic}: how we will work",
    ),
    "talk": ("Catch up {name}", "{name} / {other}", "Quick chat", "Coffee {name}", "Quick one"),
    "capacity": ("Planning {team}", "Workload {team}", "Capacity next week", "Handover {name}", "Roster {team}"),
    "incident": ("P1 {system}", "Sev1 bridge {system}", "Outage {system}", "War room {system} down"),
    "review": ("Incident review {system}", "Post-mortem {system}", "Postmortem P1"),
    "casework": ("{topic}", "{topic} {n}"),
    "client": ("Client appointment", "Intake interview", "Applicant meeting"),
    "hearing": ("Hearing {n}", "Hearing objection"),
    "visit": ("Site visit {place}", "Inspection {place}", "Home visit"),
    "partner": (
        "Intro {last}",
        "Partner meeting {place}",
        "Visit delegation {place}",
        "Vendor call {last}",
        "Call {partner}",
        "{partner}",
    ),
    "work": ("Working session {topic}", "Pair writing", "File clean-up", "Testing {system}"),
    "training": ("Training {system}", "Workshop writing", "Webinar privacy", "E-learning hour"),
    "interview": ("Job interview", "Interview candidate {last}", "Interview {function}"),
    "drinks": ("Drinks", "Farewell {name}", "Cake {name}", "Team lunch"),
    "personal": ("Dentist", "Private", "Physio", "School run"),
    "focus": ("Focus time", "Focus", "Deep work", "No meetings please"),
    "travel": ("Travel", "Travel time", "Train to {place}"),
    "hold": ("HOLD", "Placeholder", "Block"),
    "lunch": ("Lunch", "Lunch break", "Walk"),
    "leave": ("Annual leave", "Out of office", "OOO", "Holiday", "Day off"),
    "sick": ("Sick", "OOO", "Sick leave"),
}
BODIES = {
    "nl": (
        "Graag vooraf even de stukken lezen.",
        "Zie bijlage.",
        "Hoi, kunnen we hier even naar kijken?",
        "Agenda volgt.",
        "Zoals zojuist besproken.",
        "Teams-link hieronder.",
        "Kan het niet eerder?",
    ),
    "en": ("Please read the attachment.", "Agenda to follow.", "As discussed.", "See below.", "Can we look at this?"),
}
SYSTEMS = ("zaaksysteem", "klantportaal", "telefonie", "DMS", "inlogvoorziening", "printstraat")
PLACES = ("Dijkhaven", "Molenwaard", "Oosterveen", "Kerkplein", "Industrieweg", "Lindehof", "Nieuw-Vaart")
PROJECTS = (
    "Zaaksysteem 2.0",
    "Digitaal Loket",
    "Archief op Orde",
    "Eén Aanvraag",
    "Data en Sturing",
    "Werkplek Hybride",
)
PARTNERS = (
    "woningcorporatie",
    "veiligheidsregio",
    "wijkteam",
    "ondernemersfonds",
    "waterschap",
    "GGD",
    "rechtbank",
    "leverancier",
    "accountant",
    "cliëntenraad",
    "buurgemeente",
    "brancheclub",
)
SURNAMES = ("Vermaat", "Oudshoorn", "Benali", "Kuiken", "Sturm", "Adeyemi", "Zonneveld", "Harsono", "Pietersz")
STREAMS = {
    "nl": {"permits": "vergunningen", "benefits": "uitkeringen", "objections": "bezwaar", "": "dienstverlening"},
    "en": {"permits": "permits", "benefits": "benefits", "objections": "objections", "": "service"},
}
_SHORT = (("overleg", "ovl"), ("Vervolg", "Verv."), ("Follow-up", "f/u"), ("Afstemming", "afst."), ("meeting", "mtg"))


class Titles:
    """Writes titles; the same dice write the same titles."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    def language(self, english: float = 0.25) -> str:
        """The language of somebody who writes in English this often."""
        return "en" if self.dice.chance(english) else "nl"

    def write(self, purpose: str, language: str, **words: str) -> str:
        """One title for a purpose; words fill the places that the chosen wording has."""
        dice = self.dice
        if dice.chance(MAYBE_GENERIC.get(purpose, 0.0)):
            return self.sloppy(dice.pick(GENERIC[language]))
        wording = dice.pick((ENGLISH if language == "en" else DUTCH)[purpose])
        return self.sloppy(wording.format(**{**self._chance_words(), **words}))

    def body(self, language: str) -> str | None:
        """Mostly nothing, sometimes a line."""
        return self.dice.pick(BODIES[language]) if self.dice.chance(0.12) else None

    def sloppy(self, title: str) -> str:
        """The title as somebody in a hurry would type it."""
        roll = self.dice.roll()
        if roll < 0.10:
            return title.lower()
        if roll < 0.16:
            return _shortened(title)
        if roll < 0.19:
            return f"{self.dice.pick(('FW: ', 'RE: ', 'Re: ', 'Fwd: '))}{title}"
        if roll < 0.22 and len(title) > 6:
            at = self.dice.between(1, len(title) - 3)
            return title[:at] + title[at + 1] + title[at] + title[at + 2 :]
        if roll < 0.24:
            return f"{title} "
        return title[:1].upper() + title[1:]

    def _chance_words(self) -> dict[str, str]:
        pick = self.dice.pick
        return {
            "n": str(self.dice.between(2, 9)),
            "system": pick(SYSTEMS),
            "place": pick(PLACES),
            "last": pick(SURNAMES),
            "partner": pick(PARTNERS),
        }


def _shortened(title: str) -> str:
    for word, short in _SHORT:
        title = title.replace(word, short)
    return title
