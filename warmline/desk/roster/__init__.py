"""TODO front page of warmline.desk.roster."""
