"""Everything that goes out: one guard, one sender, tries again, texts of talks.

It never rings or texts but past the guard, which says whom, when and on which phones. What the line
texts of its own accord has a purpose, which says when it may go; nothing later than it is of use.
Erasing at the provider is an effect like any other, tried for up to fifteen days.

In reading order:

guard            whether a ring or text may go out
on_shift         whether somebody is on, and in no call yet
texts            texts to volunteers, and answers
talk_texts       texts of a talk, one after the other
code_calls       the call that reads a sign-in code
call_back_calls  the call to whoever asked to be called back
retries          when an effect is tried again
effect_kinds     what differs between kinds of effects
outages          faults of the provider, said once
sender           does what the outbox wishes for
sweeping         what the provider still keeps is erased there
"""
