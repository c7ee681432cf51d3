"""How the workbook looks: one module a subject, all drawing on the same Canvas."""
