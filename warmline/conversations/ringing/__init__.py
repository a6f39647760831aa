"""TODO front page of warmline.conversations.ringing."""
