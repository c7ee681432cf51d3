"""Tables and named cells of an open workbook: read, written in place, undone, checked, repaired."""
