from __future__ import annotations

import pytest

from classify.rules import ALL, fired
from classify.text import read


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Wie beslist over inhuur?", "asks-who-decides"),
        ("who may sign leases", "asks-who-decides"),
        ("Approvals above € 50k", "threshold"),
        ("offer €12.000 extra", "money"),
        ("call carrier before noon", "time-pressure"),
        ("vrieskist op 14 graden", "measured"),
        ("All core call #212", "numbered"),
        ("Sanne / Koen", "pair-of-names"),
        ("Hanneke", "name-only"),
        ("MT", "generic"),
        ("weekly team sync", "generic"),
        ("lift defect ALARM", "shouted"),
        ("FW: budget", "forwarded"),
        ("\u200b", "empty"),
        ("A of B laten vallen?", "choice"),
        ("Kennismaking met de notaris", "meets-somebody"),
        ("Hearing on bees", "talks-about"),
        ("Storage working group 3 May 2024", "ends-with-a-group"),
        ("Herziening inkoopbeleid", "ends-with-a-design"),
        ("weekly 2 jan 2025", "generic"),
        ("notes 2 jan 2025", "dated"),
        ("lee: triage", "person-and-task"),
        ("overleg vervalt", "cancelled"),
    ],
)
def test_a_rule_fires(title, name):
    assert name in fired(read(title))


@pytest.mark.parametrize(
    ("title", "name"), [("Hanneke belt", "name-only"), ("weekly pizza", "generic"), ("wie komt", "asks-who-decides")]
)
def test_a_rule_does_not_fire(title, name):
    assert name not in fired(read(title))


def test_every_rule_reads_in_both_languages():
    assert all(rule.nl and rule.en and rule.nl != rule.en for rule in ALL.values())
