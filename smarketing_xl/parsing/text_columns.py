"""Whole columns of text: tidied, folded, looked at for what a spreadsheet could calculate."""

from __future__ import annotations

import polars as pl

_LOOK = 10_000  # cells that tell whether a column repeats itself
# what no cell needs: control characters, marks of direction and width that nobody sees
_UNSEEN = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u{ad}"
    r"\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2064}\u{feff}]"
)
_UNTIDY = rf"{_UNSEEN}|\t|^\s|\s$"
# = + - @ and their full-width, small and raised forms, before what a spreadsheet could calculate
_SIGNS = (
    r"[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}\u{fe66}\u{fe62}\u{fe63}\u{fe6b}"
    r"\u{207a}-\u{207c}\u{208a}-\u{208c}\u{2212}]"
)
_FORMULA = rf"^(?:[=\u{{ff1d}}]\s*\S|{_SIGNS}+[^\s]*(?:\(.*\)|\||!))"
# what makes a cell more than plain text: the above, several entries, nothing at all
_SPECIAL = rf"{_UNTIDY}|^{_SIGNS}|[;|]|^$"


def distinct(cells: pl.Series) -> pl.Series:
    """What to look at to know a whole column: its different cells, where they come back often."""
    some = cells.head(_LOOK)
    return cells.unique(maintain_order=True) if some.n_unique() * 4 < len(some) else cells


def ordinary(cells: pl.Series) -> bool:
    """Whether nothing in a column must be tidied, looked at or taken apart."""
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


def formula_like(cells: pl.Series) -> int:
    """How many texts a spreadsheet could take for a formula, were they typed.

    They are written as text and look as they are: every host marks the cell, not the text.
    A telephone, a dash or a handle is none.

    >>> formula_like(pl.Series(["=1+1", "＝HYPERLINK()", "+34 600", "@SUM(A1)", "- call", "@vip"]))
    3
    """
    return int(cells.str.contains(_FORMULA).sum())


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
