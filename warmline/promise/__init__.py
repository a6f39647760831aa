"""TODO front page of warmline.promise."""
