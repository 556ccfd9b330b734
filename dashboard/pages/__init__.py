"""The pages in the order of the menu; adding one is a new file and a line here."""

from dashboard.pages import checks, coordination, dependence, labels, time

MODULES = (time, coordination, dependence, labels, checks)
PAGES = tuple(module.PAGE for module in MODULES)
