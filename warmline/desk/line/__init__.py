"""TODO front page of warmline.desk.line."""
