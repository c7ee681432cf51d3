"""Statistics that several domains use: intervals, association, competing risks."""
