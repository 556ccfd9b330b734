"""The pages in the order of the menu; adding one is a new file and a line here."""

from dashboard.pages import checks, coordination, dependence, time

MODULES = (time, coordination, dependence, checks)
PAGES = tuple(module.PAGE for module in MODULES)
