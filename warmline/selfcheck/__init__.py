"""TODO front page of warmline.selfcheck."""
