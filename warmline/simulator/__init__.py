"""A telephone network in memory that behaves as the provider does, over HTTP and TwiML only.

It never knows the line but through HTTP, so that a mistake of ours is not repeated on the other
side. No phone is ever rung, and time is virtual.

In reading order:

webhooks  documents and webhooks: fetched, read, refused as the provider would
network   rooms, queues, texts and records
legs      one leg of a call, verb by verb
rest      the provider's REST API
script    what a phone's owner will do
phone     a phone in the hand
exchange  all of it behind one face
"""

from warmline.simulator.exchange import Exchange
from warmline.simulator.phone import Phone, Ring

__all__ = ["Exchange", "Phone", "Ring"]
