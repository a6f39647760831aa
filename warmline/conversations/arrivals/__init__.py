"""TODO front page of warmline.conversations.arrivals."""
