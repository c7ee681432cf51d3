"""What became of every lead, deal and customer: the one account that all others read."""
