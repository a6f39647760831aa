"""TODO front page of warmline.routing."""
