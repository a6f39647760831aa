"""Read by every Python that a test starts: on another day its clock is moved as the test's is."""

import os
import time

AHEAD = os.environ.get("TESTS_SECONDS_AHEAD")
"""How far the test's clock is ahead of the machine's; tests/other_days.py says so."""

if AHEAD:
    try:
        import time_machine
    except ModuleNotFoundError:
        # A bare environment, made by a test of the package: it lives by the machine's clock.
        pass
    else:
        time_machine.travel(time.time() + float(AHEAD)).start()
