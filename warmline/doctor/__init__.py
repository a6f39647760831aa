"""What `warmline doctor` looks at, one finding after the other: well, or what to do.

It changes nothing but one short-lived note in the database (health/instance.py), asks nobody but
the provider and WARMLINE_PUBLIC_URL, and never says who is on the roster or who called.

In reading order: `findings` (what a finding is, and how each is looked for without ever hanging or
breaking off the rest), `machine` (files, disk, zone data), `line` (promise, clock, effects,
backup), `chain` (the public address, the certificate, this very instance, a signed request),
`clocks`, `provider`, and `examination`, which puts them in order: to add one is a line there.
"""

from warmline.doctor.examination import examine
from warmline.doctor.findings import Finding

__all__ = ["Finding", "examine"]
