"""TODO front page of shifts.hours."""
