"""Every formula of the workbook, step by step."""

from udfs.formulas import goals, personas

__all__ = ["goals", "personas"]
