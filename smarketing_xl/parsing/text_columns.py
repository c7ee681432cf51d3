"""Text made fit for a cell: tidy, and never a formula."""

from __future__ import annotations

import polars as pl

_LOOK = 10_000  # cells that tell whether a column repeats itself
# what no cell needs: control characters, marks of direction and width that nobody sees
_UNSEEN = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u{ad}"
    r"\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2064}\u{feff}]"
)
_UNTIDY = rf"{_UNSEEN}|\t|^\s|\s$"
# = + - @ and their full-width, small and raised forms
_FORMULA = (
    r"^[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}\u{fe66}\u{fe62}\u{fe63}\u{fe6b}"
    r"\u{207a}-\u{207c}\u{208a}-\u{208c}\u{2212}]"
)
# what makes a cell more than plain text: the above, several entries, nothing at all
_SPECIAL = rf"{_UNTIDY}|{_FORMULA}|[;|]|^$"
# a telephone or a number: nothing in it can be called
_HARMLESS = r"^[+\-−][0-9\s().,/]*%?$"


def distinct(cells: pl.Series) -> pl.Series:
    """What to look at to know a whole column: its different cells, where they come back often."""
    some = cells.head(_LOOK)
    return cells.unique(maintain_order=True) if some.n_unique() * 4 < len(some) else cells


def ordinary(cells: pl.Series) -> bool:
    """Whether nothing in a column must be tidied, made harmless or taken apart."""
    return not cells.str.contains(_SPECIAL).any()


def tidy(cells: pl.Series) -> pl.Series:
    """Without control characters and blanks around; blank text becomes null.

    >>> tidy(pl.Series([" Ana\\u200b ", "", "a\\tb"])).to_list()
    ['Ana', None, 'a b']
    """
    if cells.str.contains(_UNTIDY).any():
        cells = cells.str.replace_all(r"[\t\r\u{85}]+", " ").str.replace_all(_UNSEEN, "")
        cells = cells.str.strip_chars()
    if cells.str.len_bytes().min() == 0:
        cells = cells.set((cells == "").fill_null(False), None)
    return cells


def harmless(cells: pl.Series) -> tuple[pl.Series, int]:
    """Tidy text with an apostrophe before whatever begins like a formula, and how many did.

    Telephone numbers (+34 …) and negative numbers stay as they are. The apostrophe is part of the
    text, so that it is text still when the sheet is saved as CSV and opened once more.

    >>> harmless(pl.Series(["=1+1", "＝HYPERLINK()", "+34 600", "@SUM(A1)", "a=b"]))[0].to_list()
    ["'=1+1", "'＝HYPERLINK()", '+34 600', "'@SUM(A1)", 'a=b']
    """
    begins = cells.str.contains(_FORMULA)
    if not begins.any():
        return cells, 0
    meant = (begins & ~cells.str.contains(_HARMLESS)).fill_null(False)
    return cells.zip_with(~meant, "'" + cells), int(meant.sum())


def folded_words(cells: pl.Series) -> pl.Series:
    """`text.fold_words` of a whole column; blank is null.

    >>> folded_words(pl.Series(["Peña & Hijos, S.L."])).to_list()
    ['pena hijos s l']
    """
    text = cells.cast(pl.String).str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    text = (
        text.str.to_lowercase()
        .str.replace_all("ß", "ss", literal=True)
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )
    return text.set((text == "").fill_null(False), None)
