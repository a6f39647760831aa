"""TODO front page of warmline.conversations.both_sides."""
