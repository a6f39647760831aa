"""The provider's REST API, answered by the simulated network.

It refuses what the provider refuses, with the provider's own codes, and never shows the account's
token.

In reading order:

requests   a request, a reply, a refusal
resources  records as the API shows them
numbers    the account and its numbers
calls      make, look up, list, change, delete calls
texts      send, look up, redact, delete messages
server     the API on a loopback port
"""
