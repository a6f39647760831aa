"""The pages of the desk: for coordinators, volunteers and the public; one module a page.

A page is a function from a visit to an answer, within one transaction. No page shows who called.
Templates, words and static files lie beside the modules.

In reading order:

wording    how the desk says things in one language
security   headers of every answer, and forms from our own pages alone
visit      one visit: who comes, with what, and what may be answered
slips      what a browser holds between asking for a code and entering it
forms      forms as they come over the wire
rendering  templates, and what each may use
charts     charts as plain SVG
live       the board, sent anew when something has changed
door       who comes, one transaction for each visit
people     people, what takes two yeses, what is decided together
roster     the roster by week, day, month and hour
planning   what repeats, and what is planned ahead
line       the line's settings, words, numbers and today's board
public     what anybody may open, and signing in
mine       a volunteer's own page
"""
