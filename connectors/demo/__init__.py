"""An invented public-service agency, for whoever has no calendar at hand."""

from connectors.demo.source import DemoSource
from connectors.demo.truth import phases, truth

__all__ = ["DemoSource", "phases", "truth"]
