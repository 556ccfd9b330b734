from connectors.ics.source import IcsSource, read_calendars

__all__ = ["IcsSource", "read_calendars"]
