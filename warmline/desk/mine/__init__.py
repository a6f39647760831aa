"""TODO front page of warmline.desk.mine."""
