"""TODO front page of warmline.sending."""
