"""A phone call from the caller's side, in the order in which it happens.

No waiting call ends without a question, and no note is kept of a call without the caller's own key.
Practice never costs anybody their place: the search goes on meanwhile.

In reading order:

waiting          hello, the promise, and waiting while a peer is looked for
saying           what is being said now; the same again when asked twice
questions        what a caller is asked when nobody could be found
nobody_free      why nobody is free, and whoever rests is asked
search_again     on with the search, and other places to call
talk             the caller in a talk: `*`, somebody else, goodbye
third_person     the caller's yes to a third person
outside_help     outside help was asked for: what can be done from their own phone
ask_call_back    asking to be called back
join_by_key      asking to join as a volunteer
practising       practice with a scripted partner
feedback         saying how it went
receipts_by_key  whether a call may be counted, and the number that erases it
"""
