"""TODO front page of warmline.simulator.webhooks."""
