from connectors.chart.chart import Chart, chart_of
from connectors.chart.entry import Entry, entries_of
from connectors.chart.history import merge_history
from connectors.chart.pseudonymous import pseudonymous_chart
from connectors.chart.table import read_chart

__all__ = ["Chart", "Entry", "chart_of", "entries_of", "merge_history", "pseudonymous_chart", "read_chart"]
