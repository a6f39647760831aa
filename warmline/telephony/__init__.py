"""The way to the telephone network: webhooks in, the port out, and the words of a reply.

The port is the only way to the network: ring, text, move, hang up, erase. Nothing of a request's
number goes into an address, a log or an error. A step that cannot be done is answered by 503, so
the provider asks again, and its fallback leads back to where the call stood: nobody is hung up on.
Form, signature and TwiML are our own, for speed; tests hold each to the library's answers.

In reading order:

words         what a reply may contain: eight small words
facts         what the network says in a request, in our own words
conversation  a conversation is a table of named steps
twiml         words to TwiML
signature     whether a webhook was signed, and its form
tries         how often something was tried of late
failed_steps  what is answered when a step could not be done
webhook       every webhook, from signature to effects
abilities     what a provider can erase
port          the few verbs by which the network is asked to act
http          how requests reach the provider: no traces
twilio        the port over the provider's REST API
provision     the line's numbers are pointed here
"""
