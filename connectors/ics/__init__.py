from connectors.ics.source import IcsSource

__all__ = ["IcsSource"]
