"""Papers people sign and read: the agreement and the monthly review, as PDF and xlsx."""
