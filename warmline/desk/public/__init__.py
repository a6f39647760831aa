"""What anybody may open: the public page, practice, saying how it went, signing in.

No page here needs an account, and practice keeps nothing. A phone that is on nobody's roster is
answered just as one that is, so nobody learns who volunteers.

In reading order:

front          the line's public page
check          what the line holds itself to, for anybody to see
feedback       saying how it went, unnamed
guide          the guide for peers
papers         the papers at /help, of their Markdown in docs/
learn          practice for anybody
start          the first page, while there is no line
asked_codes    codes sent to somebody's phone, and entered
printed_codes  printed codes, a test ring
sign_in        signing in: number, code, printed code, out
"""
