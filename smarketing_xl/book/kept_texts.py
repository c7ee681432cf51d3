"""Texts that travel inside the workbook, on its hidden journal: they need no folder and no path.

They stand beside what undo keeps, under a fill of 0, and no fill or undo touches them.
"""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.book import read
from smarketing_xl.book.write import Rows, commit, plan_writes
from smarketing_xl.schema import tables

FILL = 0
MARK = "text:"
PART = 32_000  # characters; a cell holds 32,767


def kept_text(book: xw.Book, name: str) -> str | None:
    """A text by its name; None where none is kept."""
    journal = read.read_table(book, tables.JOURNAL)
    parts = journal[(journal["fill"] == FILL) & (journal["what"] == name)].sort_values("part")
    if parts.empty:
        return None
    return base64.b64decode("".join(parts["data"]).removeprefix(MARK)).decode("utf-8")


def kept_names(book: xw.Book) -> list[str]:
    """The names of all texts that are kept, in their order."""
    journal = read.read_table(book, tables.JOURNAL)
    return journal.loc[journal["fill"] == FILL, "what"].drop_duplicates().tolist()


def forget_text(book: xw.Book, name: str) -> None:
    """Keep a text no longer."""
    if kept_text(book, name) is not None:
        commit(plan_writes(book, [Rows(tables.JOURNAL, _without(book, name))]))


def _without(book: xw.Book, name: str) -> pd.DataFrame:
    journal = read.read_table(book, tables.JOURNAL)[["fill", "part", "what", "data"]]
    return journal[(journal["fill"] != FILL) | (journal["what"] != name)]


def keep_text(book: xw.Book, name: str, text: str) -> None:
    """Keep a text under a name, in place of the one that was."""
    if kept_text(book, name) == text:
        return
    journal = _without(book, name)
    taken = journal.loc[journal["fill"] == FILL, "part"].max()
    first = 1 if pd.isna(taken) else int(taken) + 1
    packed = MARK + base64.b64encode(text.encode("utf-8")).decode()  # a cell keeps no blank ends
    parts = [packed[at : at + PART] for at in range(0, len(packed), PART)]
    kept = pd.DataFrame(
        {
            "fill": float(FILL),
            "part": np.arange(float(first), first + len(parts)),
            "what": name,
            "data": parts,
        }
    )
    whole = pd.concat([kept, journal], ignore_index=True)
    commit(plan_writes(book, [Rows(tables.JOURNAL, whole)]))
