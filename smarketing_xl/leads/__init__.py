"""Leads: duplicates, merging them, whom to call first."""
