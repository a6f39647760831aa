"""The words that people text, the length of texts, and numbers that mean something to one person.

It reads and measures and never sends. A word counts only as the whole of a caller's message.

In reading order:

caller_words     the words of callers
volunteer_words  the words of volunteers
lengths          how long the line's own texts are
segments         where a long text of a talk is cut
list_numbers     numbers that were shown, and what each means
"""
