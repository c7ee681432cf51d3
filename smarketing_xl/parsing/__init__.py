"""The only readers of numbers, dates, texts and ranges.

Imports, criteria, check and repair, and formulas share them.
"""
