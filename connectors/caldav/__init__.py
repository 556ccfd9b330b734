from connectors.caldav.source import CalDavSource

__all__ = ["CalDavSource"]
