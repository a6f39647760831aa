"""Warmline: a call-routing telephony service for lines on which peers talk with whoever calls."""
