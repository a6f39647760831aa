"""TODO front page of warmline.conversations.membership."""
