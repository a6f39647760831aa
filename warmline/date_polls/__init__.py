"""TODO front page of warmline.date_polls."""
