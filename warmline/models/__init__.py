"""Every table that is not the roster's, one module a subject; columns' states stand beside them.

Rows are described here and nothing is asked of them: whoever reads or writes them is elsewhere.
Importing this package fills the metadata with every table there is, the roster's too.

In reading order: line (the line and its words), promise, people, calls, talks, texts, outbox,
date_polls, sign_in, privacy (notes, boundaries, how it went), counts, operations.
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
