"""TODO front page of shifts.editing."""
