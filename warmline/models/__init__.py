"""Every table that is not the roster's, one module a subject; columns' states stand beside them.

Rows are described here and nothing is asked of them: whoever reads or writes them is elsewhere, and
no rule stands here. Importing this package fills the metadata with every table there is, the
roster's too.

In reading order:

line        the line, its rules, own words, recordings, notes of days
promise     the promise, proposals, votes, open books
people      volunteers, shared words, joining, pauses
calls       calls, rings, third persons, calls back
talks       talks by text
texts       texts in and out, shown numbers, what was told
outbox      effects that wait, and how fast they may be
date_polls  date polls and their answers
sign_in     roles, codes, sessions, passkeys, calendar addresses
privacy     notes, boundaries, how it went, what was erased, self-checks
counts      counts by day and by hour of the week
operations  when jobs ran, sums, the last backup
"""

import shifts.models
import shifts.planning_models  # noqa: F401 - fills the metadata
from warmline.models import (  # noqa: F401 - fills the metadata
    calls,
    counts,
    date_polls,
    line,
    operations,
    outbox,
    people,
    privacy,
    promise,
    sign_in,
    talks,
    texts,
)
