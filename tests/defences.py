"""`make test-defences`: every defence is taken away once, and then a test must fail.

This is a plug-in for pytest and the program that runs it. With a defence's name in the variable below the plug-in
exchanges the code of that defence before any test is collected, for what `switches.py` holds. Nothing of this is in the
program itself: a user can switch no defence off.

    python tests/defences.py                    all of them, after seeing that the tests pass with everything on
    python tests/defences.py rounding gate      some of them
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import switches
from switches import Defence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "MEETLOAD_TEST_DEFENCE_OFF"
PASSED, FAILED = 0, 1

RELEASE, FILE = "tests/privacy/test_release.py::", "tests/privacy/test_release_file.py::"
LITERAL, SIGNIN = "tests/privacy/test_release_literal.py::", "tests/dashboard/test_signin.py::"
GUARD, CALDAV = "tests/dashboard/test_guard.py::", "tests/connectors/test_caldav_addresses.py::"
COUNTED = "tests/privacy/test_release_counted.py::"
STATEMENTS = "tests/privacy/test_release_statements.py::"
RELEASED_PAGES = "tests/end_to_end/test_release_store.py::"
ZONE, PSEUDONYMS = "tests/meetload/test_scan_zone.py::", "tests/connectors/test_scan_pseudonyms.py::"
KEPT = "tests/store/test_kept.py::"
REGISTRY, ICS = "tests/privacy/test_registry.py::", "tests/connectors/test_ics_recurrence.py::"

DEFENCES = (
    Defence(
        "group minimum",
        "privacy.policy:Policy.smallest_group",
        switches.all_people,
        (LITERAL + "test_nobody_stands_in_a_group_of_fewer_than_ten",),
    ),
    Defence(
        "merging small groups",
        "privacy.groups:_merged",
        switches.unmerged,
        (LITERAL + "test_nobody_stands_in_a_group_of_fewer_than_ten",),
    ),
    Defence(
        "dominance",
        "privacy.release.rules:tellable",
        switches.every_column,
        (RELEASE + "test_what_one_or_two_people_make_up_is_not_told",),
    ),
    Defence(
        "rounding",
        "privacy.release.rows:rounded",
        switches.exact,
        (LITERAL + "test_hours_are_told_in_steps_that_hide_five_hours_of_anybody",),
    ),
    Defence(
        "audit by adding and subtracting",
        "privacy.release.span:small_sets",
        switches.empty,
        (
            RELEASE + "test_a_chain_of_three_groups_far_apart_is_seen",
            RELEASE + "test_a_leak_in_the_plan_stops_the_release",
        ),
    ),
    Defence(
        "audit of what is told besides hours",
        "privacy.release.statements:leaks",
        switches.empty,
        (
            STATEMENTS + "test_the_rest_of_the_organisation_is_a_group_as_well",
            STATEMENTS + "test_a_release_with_a_leaky_row_is_refused",
        ),
    ),
    Defence(
        "bounds by linear programming",
        "privacy.release.openness:is_open",
        switches.yes,
        (
            RELEASE + "test_no_set_under_ten_that_groups_tell_apart_lies_open_to_two_colluders",
            RELEASE + "test_a_set_told_outright_is_close_and_one_that_another_hides_is_not",
        ),
    ),
    Defence(
        "files from a release name it and the reader",
        "dashboard.marking:marks",
        switches.empty,
        (RELEASED_PAGES + "test_a_file_names_the_release_and_who_took_it",),
    ),
    Defence(
        "what counts towards a release",
        "privacy.release.cohort:countable",
        switches.same,
        (
            COUNTED + "test_a_private_meeting_is_in_no_release",
            COUNTED + "test_an_invitation_from_outside_counts_when_accepted",
        ),
    ),
    Defence(
        "most hours that count",
        "privacy.release.cohort:_capped",
        switches.same,
        (COUNTED + "test_nobody_counts_for_more_than_the_cap",),
    ),
    Defence(
        "signature of a release",
        "privacy.release.file:_check_signature",
        switches.nothing,
        (FILE + "test_a_changed_byte_is_found",),
    ),
    Defence(
        "floors of the policy",
        "privacy.policy:FLOORS",
        {},
        (FILE + "test_floors_hold_whoever_consents",),
    ),
    Defence(
        "looser only by consent",
        "privacy.policy:loosened",
        switches.no_names,
        (FILE + "test_settings_get_stricter_at_once_and_looser_by_consent_from_the_next_quarter",),
    ),
    Defence(
        "rows by role",
        "privacy.access:can",
        switches.yes,
        (FILE + "test_who_may_see_which_row",),
    ),
    Defence(
        "views by right",
        "privacy.identity:can_look",
        switches.yes,
        (
            "tests/privacy/test_identity.py::test_nobody_may_look_by_default",
            SIGNIN + "test_everybody_sees_what_was_given_to_them_and_nothing_else",
        ),
    ),
    Defence(
        "views that a store allows",
        "privacy.door:Door.may",
        switches.yes,
        ("tests/privacy/test_door.py::test_only_the_demo_lets_anybody_look_as_anybody",),
    ),
    Defence(
        "gate",
        "dashboard.signin:_Keeper.check",
        switches.nothing,
        (SIGNIN + "test_every_route_is_closed_to_strangers",),
    ),
    Defence(
        "origin check",
        "dashboard.signin:_from_here",
        switches.yes,
        (SIGNIN + "test_another_site_cannot_act_for_somebody_signed_in",),
    ),
    Defence(
        "end of a session",
        "dashboard.sessions:Sessions._over",
        switches.nothing,
        (SIGNIN + "test_a_session_ends_when_idle_and_after_a_working_day",),
    ),
    Defence(
        "content security policy",
        "dashboard.guard:policy",
        switches.no_text,
        (GUARD + "test_every_answer_carries_the_headers",),
    ),
    Defence(
        "known hosts only",
        "dashboard.guard:hostname",
        switches.localhost,
        (GUARD + "test_another_name_for_this_machine_is_refused",),
    ),
    Defence(
        "formulas in files",
        "store.spreadsheet:FORMULA",
        (),
        ("tests/dashboard/test_sheets.py::test_no_text_becomes_a_formula",),
    ),
    Defence(
        "text on paper stays text",
        "dashboard.paper.web:escape",
        switches.same,
        ("tests/dashboard/test_report.py::test_hostile_titles_are_only_text",),
    ),
    Defence(
        "no view without a line in the log",
        "dashboard.viewing:keep_views",
        switches.nothing,
        ("tests/dashboard/test_viewing.py::test_without_a_line_there_is_no_answer",),
    ),
    Defence(
        "titles of private meetings",
        "store.frames:without_private_text",
        switches.same,
        ("tests/store/test_database.py::test_a_private_meeting_never_keeps_its_text",),
    ),
    Defence(
        "kept answers go when the store changes",
        "store.kept:discard_kept",
        switches.nothing,
        (KEPT + "test_whoever_writes_deletes_what_was_kept",),
    ),
    Defence(
        "seal of kept answers",
        "store.kept:Kept._is_sealed",
        switches.yes,
        (KEPT + "test_what_somebody_changed_is_not_believed", KEPT + "test_one_answer_is_not_taken_for_another"),
    ),
    Defence(
        "titles of a scan",
        "connectors.scan.attempt:Attempts._taken",
        switches.with_text,
        ("tests/connectors/test_scan_text.py::test_text_that_was_not_dropped_is_not_written",),
    ),
    Defence(
        "chain of the journal",
        "store.chain:faults",
        switches.empty,
        ("tests/store/test_journal.py::test_a_changed_row_is_found_and_named",),
    ),
    Defence(
        "pseudonyms in journal and register",
        "store.subjects:ref",
        switches.person_id,
        (REGISTRY + "test_the_register_and_the_journal_name_nobody",),
    ),
    Defence(
        "objections at import",
        "privacy.registry:objecting",
        switches.nobody,
        (REGISTRY + "test_an_objection_still_holds_when_an_import_brings_the_rows_again",),
    ),
    Defence(
        "secrets are the owner's alone",
        "connectors.secrets.file:_refuse_if_open",
        switches.nothing,
        ("tests/connectors/test_secrets.py::test_a_file_that_others_can_read_is_refused",),
    ),
    Defence(
        "secrets in sentences",
        "connectors.secrets.redaction:without_secrets",
        switches.same,
        ("tests/connectors/test_secrets_redaction.py::test_what_looks_like_a_secret_is_hidden",),
    ),
    Defence(
        "local network",
        "connectors.caldav.addresses:is_public",
        switches.yes,
        (CALDAV + "test_local_addresses", CALDAV + "test_a_name_is_refused_when_any_of_its_addresses_is_local"),
    ),
    Defence(
        "work that a file may ask for",
        "connectors.ics.effort:Effort.spend",
        switches.nothing,
        (ICS + "test_a_file_cannot_ask_for_endless_work",),
    ),
    Defence(
        "repeats a day",
        "connectors.ics.limits:A_DAY",
        10**9,
        (ICS + "test_pitfall_32_rules_within_the_day_are_refused",),
    ),
    Defence(
        "zip bombs",
        "dashboard.uploads:RATIO",
        10**9,
        ("tests/dashboard/test_uploads.py::test_a_bomb_is_refused_before_it_goes_off",),
    ),
    Defence(
        "models that were changed",
        "classify.persist:checked",
        switches.no_text,
        ("tests/classify/test_persist.py::test_a_tampered_model_file_is_refused",),
    ),
    Defence(
        "pseudonyms of a scan",
        "store.pseudonyms:Pseudonyms._of",
        switches.as_it_stands,
        (
            ZONE + "test_no_name_address_title_or_id_of_the_source_is_in_any_file",
            PSEUDONYMS + "test_another_key_gives_other_pseudonyms_and_the_same_lasting_names",
        ),
    ),
    Defence(
        "ids of meetings in a scan",
        "store.pseudonyms:Pseudonyms.meeting",
        switches.as_it_stands,
        (
            ZONE + "test_no_name_address_title_or_id_of_the_source_is_in_any_file",
            PSEUDONYMS + "test_another_key_gives_other_pseudonyms_and_the_same_lasting_names",
        ),
    ),
    Defence(
        "tokens of a scan are sealed",
        "store.pseudonyms:Pseudonyms.sealed",
        switches.as_it_stands,
        (PSEUDONYMS + "test_tokens_are_sealed_and_opened_for_the_source_only",),
    ),
    Defence(
        "a key for each scan",
        "meetload.scankey:fresh_key",
        switches.always_the_same_key,
        (ZONE + "test_the_next_scan_has_a_new_key_and_nothing_of_the_one_before",),
    ),
    Defence(
        "destroying a scan's key",
        "meetload.scankey:_forget",
        switches.nothing,
        (ZONE + "test_a_destroyed_key_takes_everybody_out_of_reach_and_is_in_the_journal",),
    ),
    Defence(
        "zones do not mix",
        "meetload.scankey:refuse_scan",
        switches.nothing,
        (ZONE + "test_calendars_and_scans_do_not_mix",),
    ),
    Defence(
        "people from outside as categories",
        "connectors.scan.outsiders:category",
        switches.same,
        (PSEUDONYMS + "test_outsiders_are_a_category_each_and_counted",),
    ),
    Defence(
        "sensitive words",
        "classify.sensitive:is_sensitive",
        switches.nothing,
        (
            "tests/classify/test_sensitive.py::test_sensitive_subjects_are_found",
            ZONE + "test_a_sensitive_meeting_keeps_its_hours_and_nothing_else",
        ),
    ),
    Defence(
        "files closed to who serves a release",
        "meetload.sealing:seal",
        switches.yes,
        ("tests/meetload/test_sealing.py::test_stores_queues_and_keys_cannot_be_opened_any_more",),
    ),
    Defence(
        "names to one unit's management only",
        "privacy.naming:may_see_names",
        switches.yes,
        ("tests/privacy/test_naming.py::test_only_one_units_management_may_ever_see_names",),
    ),
    Defence(
        "who joined alone waits",
        "privacy.release.compiling:waited",
        switches.everybody,
        (RELEASE + "test_who_joins_a_department_alone_waits",),
    ),
    Defence(
        "counts of people as bands",
        "privacy.groups:band",
        switches.counted,
        ("tests/privacy/test_door.py::test_bands_hide_the_few",),
    ),
)


def pytest_configure() -> None:
    """Take away the defence that the environment names, before tests are collected."""
    wanted = os.environ.get(VARIABLE)
    if wanted:
        by_name()[wanted].take_away()


def by_name() -> dict[str, Defence]:
    """Every defence under its name."""
    return {each.name: each for each in DEFENCES}


def run(tests: Sequence[str], off: str = "") -> subprocess.CompletedProcess[str]:
    """Run some tests in a process of their own, with one defence off where it is named."""
    environment = {**os.environ, VARIABLE: off, "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "defences", "-p", "no:cacheprovider", "--tb=line", *tests]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def noticed(defence: Defence) -> dict[str, bool]:
    """For each test of a defence whether it failed, and did not merely break, once the defence was off."""
    found = run(defence.tests, defence.name)
    lines = found.stdout.splitlines() if found.returncode == FAILED else []
    return {test: any(line.startswith(f"FAILED {test}") for line in lines) for test in defence.tests}


def main(names: Sequence[str], say: Callable[[str], object] = print) -> int:
    """Try the named defences, or all; 1 where a test did not notice."""
    chosen = [by_name()[name] for name in names] if names else list(DEFENCES)
    with_all = run(sorted({test for each in chosen for test in each.tests}))
    if with_all.returncode != PASSED:
        say(f"with every defence on these tests must pass:\n{with_all.stdout[-3000:]}{with_all.stderr[-1000:]}")
        return 1
    missed = []
    for defence in chosen:
        found = noticed(defence)
        missed += [test for test, failed in found.items() if not failed]
        say(f"{'noticed' if all(found.values()) else 'MISSED '}  {defence.name}  ({defence.place})")
    say(f"{len(chosen)} defences taken away one by one; tests that noticed nothing: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
