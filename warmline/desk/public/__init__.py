"""TODO front page of warmline.desk.public."""
