"""TODO front page of warmline.conversations.volunteer_texts."""
