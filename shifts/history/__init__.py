"""TODO front page of shifts.history."""
