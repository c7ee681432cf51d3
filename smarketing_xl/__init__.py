"""Smarketing XL: marketing and sales on one set of numbers, in a spreadsheet."""

__version__ = "0.2.0"
