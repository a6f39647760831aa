"""What all legs and texts share: rooms, queues, phones, records, status callbacks.

It keeps records until it is told to delete them, as the provider does, and never sends a webhook
under its lock.

In reading order:

switchboard  time, post, rooms, queues, phones and records
rooms        where legs talk, and queues where they wait
callbacks    what is reported of a call, and what can go wrong
texts        text messages, in and out; STOP, START and HELP
"""
