"""The terminal: `smarketing COMMAND`."""
