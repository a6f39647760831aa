"""TODO front page of shifts.ical."""
