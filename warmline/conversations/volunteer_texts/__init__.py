"""What volunteers text about their shifts: take, drop, swap, come on, be away, answer.

`listeners` is the order in which a text is heard, `words_table` the table from word to function.
A word changes only what is the writer's own, or what two have agreed to; what it did is read
back, and nobody is ever asked why. A shift that
somebody would just give away stays theirs until it is taken, so a no or silence costs nobody a
shift.

In reading order:

listeners     whom a text is for: STOP, a talk, an invitation, a word, dates, anything else
words_table   each word, and the function that does it
when          dates and times in their own words
claims        TAKE, DROP, OFFER, SICK, UNDO
presence      IN, OUT, DUTY, PAUSE, BACK, WHO, AWAY
answers       OK and NO, by the number of what was asked
asked_shifts  shifts they are asked for, and those entered as theirs
swaps         SWAP: two change shifts
date_polls    which dates somebody could take
wishes        QUIET, REMIND, LATE, LAST, STANDBY, SLOW, MORE, LESS
shared_words  SHARE: words about themselves
own_page      HOURS, MOST, BREAK, BLOCK, WHY: what is theirs alone
openings      plain speech without our words, and words within a sentence
"""
