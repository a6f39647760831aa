"""TODO front page of warmline.outbox."""
