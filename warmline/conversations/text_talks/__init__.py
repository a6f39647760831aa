"""TODO front page of warmline.conversations.text_talks."""
