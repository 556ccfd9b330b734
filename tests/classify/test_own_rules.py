from __future__ import annotations

import pandas as pd
import pytest

from classify.own_rules import OwnRule, RuledClassifier, from_text, read_rules, to_text
from classify.reasons import explain
from classify.text import read
from store.errors import BadInput
from store.schema import LABELS

DT = OwnRule("directieteam", "DT", "coordination", 2.5)
RULES = (DT, OwnRule("bestuur", "college* || ter besluitvorming", "escalation", 1.5), OwnRule("geen", "x", "other", -1))
ROW = pd.DataFrame({"title": ["RE: DT collegebesluit"], "level_span": [2]})


@pytest.mark.parametrize(
    ("pattern", "title", "holds"),
    [
        ("DT", "dt 14 maart", True),
        ("DT", "DTP-cursus", False),
        ("college*", "Collegebesluit", True),
        ("*besluit", "Collegebesluit", True),
        ("*gebes*", "Collegebesluit", True),
        ("coördinatie", "Coordinatie wijk", True),
        ("ter besluitvorming", "ter info en besluitvorming", False),
        ("ter besluit*", "stuk ter besluitvorming", True),
        ("MT || DT", "weekstart dt", True),
        ("1-op-1", "1 op 1 met Jan", True),
        ("dt", "", False),
    ],
)
def test_a_pattern_is_words_not_letters(pattern, title, holds):
    assert OwnRule("r", pattern, "other", 1).holds(read(title)) is holds


def test_no_pattern_is_slow():
    """Every word is looked at once for every place; a pattern of a backtracking engine's worst case just ends."""
    rule = OwnRule("r", " ".join(["*a*"] * 40) + " b", "other", 1)
    assert not rule.holds(read("a" * 10_000))
    assert not rule.holds(read("a " * 150 + "c"))


@pytest.mark.parametrize("label", LABELS)
def test_an_own_rule_shows_in_the_reasons_and_sums(shipped, label):
    ruled = RuledClassifier(shipped, RULES)
    found = explain(ruled, ROW, label, "nl")
    assert found.base + sum(reason.value for reason in found.reasons) == pytest.approx(found.log_odds, abs=1e-9)
    assert found.log_odds == pytest.approx(ruled.scores(ROW)[0, LABELS.index(label)], abs=1e-9)
    values = {reason.sentence: reason.value for reason in found.reasons}
    assert values["eigen regel 'directieteam'"] == pytest.approx(2.0 if label == "coordination" else -0.5)
    assert "eigen regel 'geen'" not in values


def test_a_rule_moves_a_label_against_the_others_by_its_weight(shipped):
    before, after = shipped.scores(ROW)[0], RuledClassifier(shipped, (DT,)).scores(ROW)[0]
    gained = after - before
    assert gained[LABELS.index("coordination")] - gained[LABELS.index("design")] == pytest.approx(2.5)
    assert gained.sum() == pytest.approx(0)


def test_probabilities_follow_and_the_version_says_which_rules(shipped):
    ruled = RuledClassifier(shipped, (OwnRule("dt", "dt", "escalation", 4),))
    plain = pd.DataFrame({"title": ["dt"]})
    assert ruled.label(plain)["p_escalation"].iloc[0] > shipped.label(plain)["p_escalation"].iloc[0]
    assert ruled.version.startswith(f"{shipped.version}+rules-")
    assert ruled.version != RuledClassifier(shipped, RULES).version


def test_a_file_of_rules(tmp_path):
    file = tmp_path / "rules.csv"
    file.write_text(
        "name;pattern;label;weight\n"
        "directieteam;DT;coordination;2,5\n"
        "# a remark;;;\n"
        "bestuur;college* || ter besluitvorming;escalation;1.5\n"
        "geen;x;other;-1\n",
        encoding="utf-8",
    )
    rules, problems = read_rules(file)
    assert (rules, problems) == (RULES, ())
    assert from_text(to_text(rules)) == rules


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",DT,other,1", "name", "needs a name"),
        ("first,DT,other,1", "name", "has this name already"),
        ("a,*,other,1", "pattern", "no word"),
        ("a,b ||,other,1", "pattern", "no word"),
        ("a,pro*ject,other,1", "pattern", "beginning or the end"),
        ("a,(a+)+$ *b*c,other,1", "pattern", "beginning or the end"),
        ("a,DT,overleg,1", "label", "design, coordination"),
        ("a,DT,other,much", "weight", "not a number"),
        ("a,DT,other,inf", "weight", "not a number"),
        ("a,DT,other,0", "weight", "says nothing"),
        ("a,DT,other,40", "weight", "between -4 and 4"),
        ("a,DT,other", None, ""),
    ],
)
def test_a_bad_line_is_a_problem_with_file_line_and_reason(tmp_path, line, column, reason):
    file = tmp_path / "rules.csv"
    file.write_text(f"name,pattern,label,weight\nfirst,MT,coordination,1\n{line}\n", encoding="utf-8")
    rules, problems = read_rules(file)
    assert [rule.name for rule in rules] == ["first"]
    (problem,) = problems
    assert str(problem).startswith("rules.csv") or str(file) in str(problem)
    assert (problem.line, problem.column) == (3, column)
    assert reason in problem.reason


def test_a_file_without_the_columns_is_refused(tmp_path):
    (tmp_path / "rules.csv").write_text("name,label\na,other\n")
    with pytest.raises(BadInput, match="no column pattern"):
        read_rules(tmp_path / "rules.csv")
    with pytest.raises(BadInput, match="there is no file"):
        read_rules(tmp_path / "none.csv")
