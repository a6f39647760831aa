"""TODO front page of warmline.simulator.legs."""
