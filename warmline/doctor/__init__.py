"""What `warmline doctor` looks at, one finding after the other: well, or what to do.

It changes nothing but one short-lived note in the database (health/instance.py), asks nobody but
the provider and WARMLINE_PUBLIC_URL, and never says who is on the roster or who called. To add a
look is a line in `examination`.

In reading order:

findings     what a finding is; a look that neither hangs nor raises
web          one bounded request
machine      files, disk, zone data
line         promise, clock, effects, backup
clocks       whether this machine's clock is right
chain        public address, certificate, this very web, signatures
provider     the provider's account and numbers
examination  all of them, in the order in which they are told
"""

from warmline.doctor.examination import examine
from warmline.doctor.findings import Finding

__all__ = ["Finding", "examine"]
