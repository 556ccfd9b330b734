"""Why meetings are read, who sees what, what is never done, which rights people have, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.paper.parts import Text
from dashboard.words import message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.pack.running import Running
    from dashboard.paper.parts import Part
    from dashboard.words import Words

PURPOSES = (
    message("To show how much time meetings take, and for what: designing, coordinating, escalations, incidents."),
    message("To show where the organisation leans on few people or forums, so that it can spread that."),
    message("To let people see their own time and what others can see about them."),
)
NOT_FOR = (
    message("It is not meant to judge, compare or rank people, and is not built for it."),
    message("Hours in meetings say nothing about value, knowledge or effort."),
)
NEVER = (
    message("It stores no text of a private or confidential entry."),
    message("It ranks no people, and gives nobody a list of people with scores."),
    message("It takes no decision about anybody, and starts no action by itself."),
    message("It does not look at moods, voices or pictures, and reads no mail, chat or documents."),
    message("It writes nothing into calendars."),
    message("It sends nothing to its makers; its pages ask no other site for anything."),
)
FOR_COUNCIL = (
    message("Does the council agree with the purposes above, and with nothing beyond them (WOR 27(1)(k) and (l))?"),
    message("Are the rules in force strict enough, and who may ask to loosen them?"),
    message("May a management team ever see names, and if so on which grounds?"),
    message("Who approves a release, and does the council get the audit every time?"),
    message("How are people told, in which words, and how long before the first release?"),
    message("When is this looked at again, and what makes it stop?"),
)
FOR_OFFICER = (
    message("What is the legal basis for reading calendars here (GDPR 6), and is it written down?"),
    message("Are there lighter means to the same end, and why are they not enough?"),
    message("Is this assessment needed, complete, and due for prior consultation (GDPR 35 and 36)?"),
    message("Are the times to keep data right for the purposes?"),
    message("Which part of this counts as high risk under the AI Act, and who keeps its file?"),
    message("Who answers requests and objections, and within which time?"),
    message("Where do the store, the release key and the backups stand, and who can read them?"),
)
RISKS = (
    (
        message("Somebody is worked out from the figures of a small group."),
        message(
            "Groups are merged up to the fewest people in the rules; every release is audited before it is written."
        ),
    ),
    (
        message("Somebody is worked out by comparing quarters, roles or exports."),
        message("The audit takes together all that was ever released from the store, for all roles."),
    ),
    (
        message("Titles tell of illness, conflicts or cases."),
        message("A scan drops titles in memory; groups never see one; private entries keep no text."),
    ),
    (
        message("The figures are used to judge people."),
        message("A card goes to the person alone, unless shared or names were agreed; views are written down."),
    ),
    (
        message("Labels are wrong, more often for some work than for other work."),
        message("The error is measured and corrected for; people can say what a meeting really was."),
    ),
    (
        message("Whoever holds the store reads more than a release tells."),
        message("Serve others from the release alone (`meetload serve --release`): that has no way to the store."),
    ),
)


def items(texts: Iterable[str], words: Words) -> tuple[Part, ...]:
    """Sentences as a list."""
    return tuple(Text(words(text), "item") for text in texts)


def why(_: Running, words: Words) -> tuple[Part, ...]:
    """The purposes, and what lies outside them."""
    return (*items(PURPOSES, words), *(Text(words(text)) for text in NOT_FOR))


def never(_: Running, words: Words) -> tuple[Part, ...]:
    """What the program does not do, whatever the settings."""
    return items(NEVER, words)


def who(running: Running, words: Words) -> tuple[Part, ...]:
    """Every role with what it sees under the rules in force."""
    policy = running.policy
    names = (
        message("The last release tells the management team of a unit names, on the grounds it was approved with.")
        if running.names
        else message("Names are told to nobody, but for people who share their own card.")
    )
    return (
        Text(words("A person: the own hours, trend and card, and what others can see about them."), "item"),
        Text(
            words(
                "A management team: released figures of its own unit and of the whole, in groups of at least {people} "
                "people; counts of people from {counted} people on.",
                people=words.count(policy.k_mt_unit),
                counted=words.count(policy.k_count_mt),
            ),
            "item",
        ),
        Text(
            words(
                "HR: released figures of all groups of at least {people} people, counts of people from {counted} "
                "people on; never a name or a card.",
                people=words.count(policy.k_hr),
                counted=words.count(policy.k_count_hr),
            ),
            "item",
        ),
        Text(words("Whoever runs the scan: the store. Nobody else needs it."), "item"),
        Text(words(names)),
    )


def rights(running: Running, words: Words) -> tuple[Part, ...]:
    """What people can ask for, and the page or command that does it."""
    shared = words(
        "Share the own card with the management team for {days} days, or stop that at once: page About me. Who stopped "
        "and who never shared look the same.",
        days=words.count(running.shared_for.days),
    )
    return (
        Text(words("See what others can see: page About me (`/mine`)."), "item"),
        Text(words("Get everything the store knows of oneself: `meetload mydata --person P --out FILE.zip`."), "item"),
        Text(words("Object, and take that back: page About me, or `meetload objection --person P`."), "item"),
        Text(words("Be forgotten, with proof: `meetload forget P`."), "item"),
        Text(words("Correct the label of an own meeting: page Labels."), "item"),
        Text(shared, "item"),
    )


def council(_: Running, words: Words) -> tuple[Part, ...]:
    """What the works council has to answer."""
    return items(FOR_COUNCIL, words)


def officer(_: Running, words: Words) -> tuple[Part, ...]:
    """What the data-protection officer has to answer."""
    return items(FOR_OFFICER, words)


def risks(_: Running, words: Words) -> tuple[Part, ...]:
    """Each risk to people with what is done about it."""
    return tuple(Text(f"{words(risk)} {words(measure)}", "item") for risk, measure in RISKS)
