"""Learning a persona from the sales history, and finding out whether it works."""
