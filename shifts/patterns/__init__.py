"""TODO front page of shifts.patterns."""
