"""TODO front page of warmline.calls."""
