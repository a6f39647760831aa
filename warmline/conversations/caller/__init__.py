"""TODO front page of warmline.conversations.caller."""
