"""The object model of xlwings over a file."""
