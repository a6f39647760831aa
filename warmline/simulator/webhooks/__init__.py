"""How the network asks the service: webhooks sent, documents fetched, read and performed.

Everything goes over HTTP, signed; a document that the provider would not take is never performed.
Faults on the way can be switched on.

In reading order:

clock         virtual time
faults        what can go wrong on the way
journal       what happened on the network
courier       webhooks with the provider's signature and retries
grammar       which TwiML is accepted
twiml         a TwiML document, read
text_answers  what is answered to a text
sounds        recordings, fetched and kept
strand        a program of a leg, run step by step
documents     documents fetched and performed
"""
