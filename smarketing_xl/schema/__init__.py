"""What the workbook holds, declared once.

Tables, columns, lists, named cells, and the conversion of their values.
"""
