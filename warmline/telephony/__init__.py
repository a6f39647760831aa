"""TODO front page of warmline.telephony."""
