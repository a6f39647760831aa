"""TODO front page of warmline.schema."""
