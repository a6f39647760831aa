"""TODO front page of warmline.desk.planning."""
