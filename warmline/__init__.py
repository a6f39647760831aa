"""Warmline: a call-routing telephony service for lines on which peers talk with whoever calls."""

import shifts  # noqa: F401 - chooses the zone data, before anything reads a zone

__version__ = "0.1.0"
