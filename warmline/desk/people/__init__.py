"""TODO front page of warmline.desk.people."""
