"""The commands by which people teach meetload: review, train, accept, rollback and rules."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from meetload.console import OUT, step
from meetload.options import StoreOption, existing
from store import clock
from store.errors import BadInput

if TYPE_CHECKING:
    from classify.candidates import Score
    from meetload.training import Switched, Trained
    from store.errors import Problem

ByOption = Annotated[str, typer.Option("--by", help="The name of whoever decides this; it is kept in the journal.")]
FileArgument = Annotated[Path, typer.Argument(help="A text file with the columns name, pattern, label, weight.")]

rules = typer.Typer(
    no_args_is_help=True,
    short_help="Your own rules: words that mean something in your organisation.",
    help=(
        "Your own rules: words that mean something in your organisation. A file has the columns name, pattern, label "
        "and weight, with a comma, semicolon or tab between them, e.g. `directieteam;DT;coordination;2.5`. A pattern "
        "is a word or phrase of the title; a word may begin or end with *; || stands between phrases. The weight, "
        "between -4 and 4, is added to the log-odds of the label, and the rule is named among the reasons."
    ),
)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (review, train, accept, rollback):
        app.command()(command)
    app.add_typer(rules, name="rules")


def review(
    store: StoreOption = None,
    by: Annotated[str | None, typer.Option("--by", help="Who reviews; by default your login name.")] = None,
    language: Annotated[str, typer.Option(help="Language of the reasons: nl or en.")] = "en",
    limit: Annotated[int, typer.Option(min=1, help="How many series at most.")] = 200,
    random: Annotated[
        bool, typer.Option("--random", help="A random sample by hours, to measure how right labels are.")
    ] = False,
) -> None:
    """Correct or confirm labels, those first where it changes most. Keys: d c e i o, s skip, u undo, q quit."""
    from meetload.reviewing import queued  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.reviewing import review as ask  # noqa: PLC0415 - as above

    path = existing(store)
    asked = queued(path, "nl" if language == "nl" else "en", limit, random=random)
    ask(path, asked, by or getpass.getuser(), random=random)


def train(
    store: StoreOption = None,
    out: Annotated[Path | None, typer.Option(help="The folder of the candidate; by default beside the store.")] = None,
) -> None:
    """Build a candidate from the corpus and your corrections, and show it beside the current model."""
    from meetload.training import train_candidate  # noqa: PLC0415 - a command pays only for its own imports

    path = existing(store)
    with step("training a candidate and comparing it"):
        trained = train_candidate(path, out, clock.now())
    _print_comparison(trained)
    OUT.print(f"the candidate {trained.version} is in {trained.folder}; nothing uses it yet")
    told = f" --candidate {out}" if out else ""
    OUT.print(f"to make it current: meetload accept --store {path}{told} --by NAME")


def accept(
    by: ByOption,
    store: StoreOption = None,
    candidate: Annotated[Path | None, typer.Option(help="The folder of a candidate; by default the last one.")] = None,
) -> None:
    """Make a candidate the store's current model, in your name; labels are made anew."""
    from meetload.training import accept as make_current  # noqa: PLC0415 - a command pays only for its own imports

    with step("accepting the candidate and classifying every meeting"):
        switched = make_current(existing(store), candidate, by, clock.now())
    _print_switch(switched)


def rollback(by: ByOption, store: StoreOption = None) -> None:
    """Go back to the model before the current one; labels are made anew."""
    from meetload.training import rollback as go_back  # noqa: PLC0415 - a command pays only for its own imports

    with step("going back and classifying every meeting"):
        switched = go_back(existing(store), by, clock.now())
    _print_switch(switched)


@rules.command()
def check(file: FileArgument) -> None:
    """Read a file of rules and say what is wrong with it; nothing is changed."""
    from classify.own_rules import read_rules  # noqa: PLC0415 - a command pays only for its own imports

    found, problems = read_rules(file)
    _print_problems(problems)
    for rule in found:
        OUT.print(f"{escape(rule.name)}: {escape(rule.pattern)} -> {rule.label} {rule.weight:+g}")
    OUT.print(f"{len(found)} rules can be used, {len(problems)} lines cannot")
    if problems:
        raise typer.Exit(BadInput.exit_code)


@rules.command()
def use(file: FileArgument, by: ByOption, store: StoreOption = None) -> None:
    """Make the rules of a file the store's own, in place of those before; labels are made anew."""
    from classify.own_rules import read_rules  # noqa: PLC0415 - a command pays only for its own imports
    from meetload.training import use_rules  # noqa: PLC0415 - as above

    found, problems = read_rules(file)
    _print_problems(problems)
    if problems:
        raise BadInput(f"{len(problems)} lines of {file} are no rules, so none were taken; mend them and try again")
    with step("taking the rules and classifying every meeting"):
        switched = use_rules(existing(store), found, by, clock.now())
    OUT.print(f"{len(found)} rules in use")
    _print_switch(switched)


def _print_comparison(trained: Trained) -> None:
    compared = trained.comparison
    table = Table(title="the same held-out questions")
    for column in ("questions", "model", "asked", "right", "macro-F1", "calibration error"):
        table.add_column(column)
    pairs = (
        ("corpus", compared.current, compared.candidate),
        ("reviewed here", compared.current_reviewed, compared.candidate_reviewed),
    )
    for questions, current, candidate in pairs:
        table.add_row(questions, f"current ({escape(trained.current)})", *_cells(current))
        table.add_row("", "candidate", *_cells(candidate))
    OUT.print(table)


def _cells(score: Score) -> tuple[str, ...]:
    return (
        f"{score.questions:,}",
        f"{score.right:,} ({score.right / score.questions:.0%})",
        f"{score.macro_f1:.3f}",
        f"{score.calibration_error:.3f}",
    )


def _print_switch(switched: Switched) -> None:
    OUT.print(
        f"current model: {escape(switched.version)}; "
        f"{switched.changed:,} of {switched.meetings:,} meetings got another label"
    )


def _print_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        OUT.print(f"  {escape(str(problem))}")
