"""TODO front page of warmline.simulator.rest."""
