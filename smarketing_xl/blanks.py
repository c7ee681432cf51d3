"""How blanks compare, decided once, the same on every data-frame backend.

A blank is a missing value, a not-a-number, a text of nothing but spaces, or one of the words with
which systems export nothing: NULL, (empty), N/A, None. What is not known neither meets nor misses a
comparison: every comparison with a blank is false, also the negative ones ("is not Spain" does not
hold for a lead whose country nobody knows). Only "is blank" holds.

Backends disagree here (on pandas' default types a comparison with a blank is false and its
negation true; on Polars and in SQL both are unknown), so tests go through `holds`.

>>> import narwhals as nw, pandas as pd
>>> leads = nw.from_native(pd.DataFrame({"city": ["Lugo", " ", None]}))
>>> leads.select(holds(nw.col("city") != "Vigo", "city", nw.String()))["city"].to_list()
[True, False, False]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import narwhals as nw
    from narwhals.dtypes import DType

SPACES = "[ \t\r\n\x0b\x0c\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
# what exports write where nothing is, in lower case; one dash is a blank where a number or a date
# should stand, and text elsewhere
WORDS = (
    "null", "(null)", "<null>", "[null]", "\\n", "nan", "nat", "none", "nil", "undefined",
    "(undefined)", "(empty)", "(blank)", "empty cell", "n/a", "(n/a)", "#n/a", "#n/d", "n.a.",
    "n/d", "n.d.", "not available", "(no value)", "no value", "(vacío)", "(vacio)", "(vacía)",
    "(en blanco)", "(sin valor)", "sin valor", "(ninguno)", "—", "(not set)", "(sin definir)",
)  # fmt: skip
DASHES = ("-", "--", "---", "–", "—", "− ", "−")
_WORD = "|".join(re.escape(word).replace("\\ ", " ") for word in WORDS)
BLANK = f"^{SPACES}*(?:(?i:{_WORD}){SPACES}*)?$"
_BLANK = re.compile(BLANK)


def is_blank(cell: object) -> bool:
    """Nothing, not-a-number, not-a-time, only spaces, or a word that stands for nothing.

    >>> [is_blank(cell) for cell in (None, float("nan"), " ", "NULL", "(no value)", "-", 0)]
    [True, True, True, True, True, False, False]
    """
    if isinstance(cell, str):
        return bool(_BLANK.match(cell))
    if isinstance(cell, float):
        return cell != cell
    return cell is None or type(cell).__name__ in ("NAType", "NaTType")


def is_dash_or_blank(cell: object) -> bool:
    """A blank where a number or a date should stand: a dash is one, too."""
    return is_blank(cell) or (isinstance(cell, str) and cell.strip() in DASHES)


def blank(name: str, dtype: DType) -> nw.Expr:
    """Where a column holds nothing; never unknown itself."""
    import narwhals as nw

    column = nw.col(name)
    if dtype == nw.String:
        return column.is_null() | column.str.contains(BLANK)
    if dtype.is_float():
        return column.is_null() | column.is_nan()
    return column.is_null()


def holds(test: nw.Expr, name: str, dtype: DType) -> nw.Expr:
    """A comparison of a column, false where the column is blank; never unknown itself."""
    return test & ~blank(name, dtype)
