"""TODO front page of warmline.line."""
