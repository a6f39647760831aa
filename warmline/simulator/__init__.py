"""A telephone network in memory that behaves as the provider does, over HTTP and TwiML only."""

from warmline.simulator.exchange import Exchange
from warmline.simulator.phone import Phone, Ring

__all__ = ["Exchange", "Phone", "Ring"]
