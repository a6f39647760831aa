"""The words that people text, the length of texts, and numbers that mean something to one person.

It reads and measures and never sends. A word counts only as the whole of a caller's message.

In reading order:

spelling         a message without emoji, signatures and kind words
volunteer_words  the words of volunteers
whole_words      whether a word is the whole of what is asked
plain_speech     what people write who do not know our words
machines         what a phone writes by itself
caller_words     the words of callers
lengths          how long the line's own texts are
segments         where a long text of a talk is cut
list_numbers     numbers that were shown, and what each means
"""
