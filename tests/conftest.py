"""What pytest leaves alone: programs that are started by hand."""

collect_ignore = ["hostile/fuzz.py"]
