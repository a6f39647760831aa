"""TODO front page of shifts.overrides."""
