"""The formulas by step: thin doors from cells to the calculation and back.

A function is given what `udfs.values` describes: single values, or 2-D arrays of objects. Nothing
heavy is imported before the formula that needs it is asked.
"""
