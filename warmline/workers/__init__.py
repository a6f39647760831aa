"""A small parent holds the listening sockets; workers behind it answer the web, one by default.

A worker that is killed, or crashes, is replaced at once by one that stands ready; new code and
settings come in with new workers (SIGHUP), and the old ones go once those answer. Whoever connects
meanwhile waits in the kernel's queue: a restart refuses no connection. It never answers anything
itself, and knows neither the database nor the line.

The web server beneath has a supervisor of its own (uvicorn.supervisors.Multiprocess), which was
looked at and does less: a worker that dies is found within half a second and begins from nothing,
one that dies again and again is started again and again, workers outlive a parent that is killed
and keep its address taken, and a bad setting has no status of its own. gunicorn's parent ends the
old workers before the new ones answer.

In reading order:

lifeline  what a parent and its worker say to each other, and how each learns that the other is gone
worker    one worker as its parent sees it
parent    so many workers, whatever happens to them
"""
