"""TODO front page of warmline.database."""
