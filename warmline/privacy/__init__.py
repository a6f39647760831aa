"""What may be kept, and how: sealed while it must be there at all."""
