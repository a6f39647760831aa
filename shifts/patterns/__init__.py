"""Rules in the line's local time that repeat, and become places ahead of time.

Each occurrence becomes a place once, whoever runs it and how often; a place that somebody gave up
or moved is never made again. What a change of a rule would do is said first, and what people agreed
to is kept or asked anew.

In reading order:

rule          on which days, from when to when, and who
rule_json     a rule as it is stored
rotation      who has the turn when
occurrences   what a rule comes to between two instants
seats         who gets which seat, so that nobody is on twice
pattern_rows  patterns as they are kept, and a yes to a whole one
materialise   patterns become places ahead
comparing     two rules side by side
changing      another rule from an instant on, looked at before
"""
