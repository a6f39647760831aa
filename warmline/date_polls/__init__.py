"""Asks who could take which dates, reads the answers, and makes a fair draft of them.

An answer is never a yes to a shift: whoever could is asked for it as usual. Of those who could not
only how many is told.

In reading order:

polls         askings and answers as rows
answer_words  the words with which people answer
answers       which days an answer means
candidates    what people have already around those dates
poll_draft    a draft from the answers
"""
