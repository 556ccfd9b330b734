"""The pages in the order of the menu; adding one is a new file and a line here."""

from dashboard.pages import (
    checks,
    coordination,
    dependence,
    escalations,
    forums,
    labels,
    mine,
    returning,
    roles,
    scan,
    stopping,
    story,
    ties,
    time,
)

MODULES = (
    time,
    roles,
    returning,
    stopping,
    scan,
    coordination,
    escalations,
    forums,
    ties,
    dependence,
    labels,
    mine,
    checks,
    story,
)
PAGES = tuple(module.PAGE for module in MODULES)
