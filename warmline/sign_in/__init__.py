"""TODO front page of warmline.sign_in."""
