"""How blanks compare, decided once, the same on every data-frame backend.

A blank is a missing value, a not-a-number, or a text of nothing but spaces. What is not known
neither meets nor misses a comparison: every comparison with a blank is false, also the negative
ones ("is not Spain" does not hold for a lead whose country nobody knows). Only "is blank" holds.

Backends disagree here (on pandas' default types a comparison with a blank is false and its
negation true; on Polars and in SQL both are unknown), so tests go through `holds`.

>>> import narwhals as nw, pandas as pd
>>> leads = nw.from_native(pd.DataFrame({"city": ["Lugo", " ", None]}))
>>> leads.select(holds(nw.col("city") != "Vigo", "city", nw.String()))["city"].to_list()
[True, False, False]
"""

from __future__ import annotations

import narwhals as nw
from narwhals.dtypes import DType

SPACES = "[ \t\r\n\x0b\x0c\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
_NOT_SPACES = SPACES.replace("[", "[^", 1)


def blank(name: str, dtype: DType) -> nw.Expr:
    """Where a column holds nothing; never unknown itself."""
    column = nw.col(name)
    if dtype == nw.String:
        return column.is_null() | ~column.str.contains(_NOT_SPACES)
    if dtype.is_float():
        return column.is_null() | column.is_nan()
    return column.is_null()


def holds(test: nw.Expr, name: str, dtype: DType) -> nw.Expr:
    """A comparison of a column, false where the column is blank; never unknown itself."""
    return test & ~blank(name, dtype)
