"""TODO front page of warmline.counts."""
