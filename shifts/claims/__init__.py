"""TODO front page of shifts.claims."""
