"""What whoever runs the machine needs at a terminal, beside the line itself.

It never decides anything about a call, and holds nothing about people.

In reading order: `questions` (what `init` asks at a terminal), `trace` (what is written of a fault
that nobody foresaw).
"""
