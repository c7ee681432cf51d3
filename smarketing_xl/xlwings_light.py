"""xlwings without Polars: what may be the first to import xlwings imports this module instead.

xlwings imports Polars wherever it is installed, for converters of Polars' data frames; nothing here
hands it one. That import is a seventh of the time until a formula's first value. What works with
Polars (imports of files, duplicates, scoring) imports it when it does.
"""

from __future__ import annotations

import sys

if "xlwings" in sys.modules or "polars" in sys.modules:
    import xlwings
else:
    sys.modules["polars"] = None  # type: ignore[assignment]  # "not installed", to whoever asks now
    try:
        import xlwings
    finally:
        del sys.modules["polars"]

__all__ = ["xlwings"]
