"""A workbook of a file as sheets, tables and formulas that can be changed in place."""
