"""Cells, areas and formulas as A1 writes them; knows no host."""
