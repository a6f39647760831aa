"""TODO front page of warmline.texting."""
