"""Where calls and texts come in, and where each leg of a call is found again.

Who calls is looked at and never written down with the call. Nobody is refused: in a flood of calls
a key or a wait slows them, and after a fault of ours a leg is led back to where its call stood.

In reading order:

arrivals     a call or text comes in: who it is, and what comes first
other_doors  somebody writes by WhatsApp or RCS, and is told to text
many_calls   many calls at once: slowed, never refused
called_back  the call to whoever asked to be called back
code_call    the call that reads a sign-in code
led_back     after a fault, back to where the call stood
lost_legs    legs not heard of for too long are looked up and closed
clock_set_back  the machine's clock was set back, and nothing waits for the hour
went_without  what went without the database is made good
"""
