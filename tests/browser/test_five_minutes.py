"""Somebody who knows nothing of it finds four answers in the demo by what is on the screen; docs/five-minutes.md tells how."""

from __future__ import annotations

import re

import pytest
from browsing import violations

QUESTIONS = {
    "en": (
        "The story",
        "6. Now you",
        "Where did the department manager's time go?",
        "By how much did coordination rise, since when, and is it the holidays?",
        "On whom does the permit chain depend, and why?",
        "What waits for me, with the evidence",
        "What may HR see, and what not?",
    ),
    "nl": (
        "Het verhaal",
        "6. Nu jij",
        "Waar ging de tijd van de afdelingsmanager heen?",
        "Hoeveel steeg coördinatie, sinds wanneer, en komt het door de vakanties?",
        "Van wie hangt de vergunningenketen af, en waarom?",
        "Wat er op mij wacht, met het bewijs",
        "Wat mag HR zien, en wat niet?",
    ),
}
ANSWERS = {
    "en": {
        "time": r"You spend [\d.]+ hours a week in meetings, \d+% of your working time\.",
        "rise": r"[\d.]+%",
        "since": r"If it changed all at once|no week can be named",
        "holidays": r"Public holidays: .*explain",
        "chain": r"wait",
        "why": r"an agreement is missing",
        "evidence": r"You were away|too little|away too",
        "hr": r"HR never sees a title, a name or one person's calendar",
    },
    "nl": {
        "time": r"[\d,]+ uur per week .* \d+% van je werktijd",
        "rise": r"[\d,]+%",
        "since": r"in één keer|week is niet te noemen",
        "holidays": r"Feestdagen: .*verklaart",
        "chain": r"wacht",
        "why": r"een afspraak ontbreekt",
        "evidence": r"Je was|te weinig|te kort",
        "hr": r"HR ziet nooit een titel, een naam of de agenda van één mens",
    },
}
ANOTHER = "before => ![undefined, before].includes(document.getElementById('headline')?.innerText)"


@pytest.mark.parametrize(("scheme", "language", "width"), [("light", "en", 1280), ("dark", "nl", 390)])
def test_four_answers_are_found_by_clicking(readers, scheme, language, width):
    story, last, time, rise, chain, own, hr = QUESTIONS[language]
    answers, reader = ANSWERS[language], readers[scheme]
    reader.errors.clear()
    page, clicks = reader.page, 0
    reader.open(f"/?lang={language}", width)

    def click(name: str) -> None:
        nonlocal clicks
        clicks += 1
        before = page.locator("#headline").inner_text()
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_function(ANOTHER, arg=before)
        page.locator("#waiting").wait_for(state="detached")
        reader.settled()

    def says(*kinds: str) -> None:
        text = " ".join(page.locator("main").inner_text().split())
        for kind in kinds:
            assert re.search(answers[kind], text), (kind, text)
        assert violations(page) == []

    def back_to_the_questions() -> None:
        page.go_back()
        page.get_by_role("link", name=time, exact=True).wait_for()

    click(story)
    click(last)
    click(time)
    says("time")
    back_to_the_questions()
    click(rise)
    says("rise", "since", "holidays")
    back_to_the_questions()
    click(chain)
    says("chain", "why")
    click(own)
    says("evidence")
    page.go_back()
    back_to_the_questions()
    click(hr)
    says("hr")
    assert clicks == 7
    assert (reader.errors, reader.outside) == ([], [])
