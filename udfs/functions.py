"""Every formula of the workbook, step by step."""

from udfs.formulas import feedback, goals, personas, sla

__all__ = ["feedback", "goals", "personas", "sla"]
