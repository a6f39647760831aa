"""Practice: the line's own steps with a scripted partner, on a database in memory of its own.

Each page brings its moves along and plays them anew, so nothing is remembered between two pages and
nobody is known by a cookie. No phone is rung and no text is sent. One is played at a time in a
process.

In reading order:

seen            what a visitor sees, and can do now
line_in_memory  the line of a practice
effects         what the line wishes for, done to nobody
legs            a phone in a practice
by_voice        a practice by voice
by_text         a practice by text
"""
