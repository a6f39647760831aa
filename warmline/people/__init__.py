"""TODO front page of warmline.people."""
