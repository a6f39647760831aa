"""TODO front page of shifts.files."""
