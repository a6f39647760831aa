"""TODO front page of warmline.health."""
