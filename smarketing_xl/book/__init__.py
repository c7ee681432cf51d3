"""Tables and named cells of an open workbook: read, written in place, undone, checked, repaired."""

import smarketing_xl.xlwings_light  # noqa: F401  before a module imports xlwings by itself
