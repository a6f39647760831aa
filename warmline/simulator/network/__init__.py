"""TODO front page of warmline.simulator.network."""
