"""What a new workbook holds: nothing that nobody entered, or an example that is marked as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import xlwings as xw

from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import find_table, has_name, language, named_range, read_cells
from smarketing_xl.book.write import Write, as_left, commit
from smarketing_xl.example_names import ExampleName
from smarketing_xl.i18n import _, speaking
from smarketing_xl.sample.gallery import GALLERY, Example
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Table

_NOTHING = Example({}, (), (None,) * 4, (None,) * 5)


def begin(book: xw.Book, name: ExampleName | None = None, today: dt.date | None = None) -> None:
    """Leave in a workbook just made only what people need to begin, or an example's numbers.

    name: of the example; None for none. today: the year of an example's plan; now if left out.
    """
    example = GALLERY[name] if name else _NOTHING
    numbers: dict[str, Any] = dict(example.numbers)
    if name:
        year = (today or dt.date.today()).year
        numbers |= {"first_month": dt.datetime(year, 1, 1), "example": numbers["last_year_sales"]}
    with reading_once(), speaking(language(book)):
        for cell in named_cells.TO_ENTER:
            named_range(book, cell.name).value = numbers.get(cell.name)
        _write(book, tables.PERSONAS, _criteria(example), tables.PERSONAS.keys)
        _write(book, tables.GRADES, [[hours] for hours in example.hours], ["first_contact_hours"])
        _write(book, tables.FUNNEL, [[share] for share in example.stages], ["to_next"])


def shows_example(book: xw.Book) -> bool:
    """Whether the numbers of the goals are still those of an example."""
    names = ("example", "last_year_sales")
    if not has_name(book, names[0]):
        return False
    read = read_cells(book, [cell for cell in named_cells.GOALS if cell.name in names])
    return read["example"] is not None and read["example"] == read["last_year_sales"]


def _criteria(example: Example) -> list[list[object]]:
    lists = tables.PERSONAS["operator"].choices, tables.PERSONAS["required"].choices
    operators, yes_no = (choices.labels for choices in lists if choices)
    return [
        [
            _(persona),
            _(tables.LEADS[attribute].label),
            _(operators[operator]),
            _(value) if isinstance(value, str) else value,
            weight,
            _(yes_no["yes" if required else "no"]),
        ]
        for persona, attribute, operator, value, weight, required in example.rules
    ]


def _write(book: xw.Book, table: Table, rows: list[list[object]], keys: Sequence[str]) -> None:
    """Set some columns of a table to these rows; no rows leave one that is blank."""
    place = find_table(book, table)
    offsets = sorted(place.offsets[key] for key in keys)
    order = sorted(range(len(keys)), key=lambda at: place.offsets[keys[at]])
    height = max(1, len(rows))
    before = as_left(place, offsets, max(height, place.height - 1), ())
    after = np.full(before.shape, None, dtype=object)
    for at, row in enumerate(rows):
        after[at] = [row[column] for column in order]
    commit([Write(place, height, offsets, before, after)])
