"""Calls as the provider runs them: each leg follows its documents, verb by verb.

A leg knows words, keys and rooms, and never the line's rules.

In reading order:

leg       one leg: state, program, whom it reaches
speech    how long words take, and how much was heard
speaking  Say, Play, Pause, Gather, Redirect, Hangup, Reject
waiting   what is heard while waiting, and what follows
queueing  Enqueue and Leave
dialling  Dial: into a conference, or to a queue's front
life      the whole program of a leg
trunk     calls in and out, one a second
"""
