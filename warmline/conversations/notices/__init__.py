"""TODO front page of warmline.conversations.notices."""
