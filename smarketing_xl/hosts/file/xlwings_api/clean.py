"""Cells on their way to the caller: dates, numbers and errors as asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from smarketing_xl.errors import CellError
from smarketing_xl.hosts.file.parts.cell_xml import ERROR_TEXTS


def cleaned(
    data: list[list[Any]],
    datetime_builder: Callable[..., Any],
    empty_as: Any,
    number_builder: Callable[[float], Any] | None,
    err_to_str: bool,
) -> list[list[Any]]:
    """xlwings' options `dates`, `empty`, `numbers` and `err_to_str`, applied."""

    def clean(cell: Any) -> Any:
        kind = type(cell)
        if cell is None or cell == "":
            return empty_as
        if kind is dt.datetime:
            return cell if datetime_builder is dt.datetime else _built(cell, datetime_builder)
        if kind is float or kind is int:
            return number_builder(float(cell)) if number_builder else float(cell)
        if kind is CellError or (kind is str and cell in ERROR_TEXTS):
            return str(cell) if err_to_str else empty_as
        return cell

    if (datetime_builder, empty_as, number_builder) == (dt.datetime, None, None):
        return [
            row
            if _AS_THEY_ARE.issuperset(map(type, row)) and _MARKS.isdisjoint(row)
            else [clean(cell) for cell in row]
            for row in data
        ]
    return [[clean(cell) for cell in row] for row in data]


_AS_THEY_ARE = {type(None), bool, float, str, dt.datetime}
_MARKS = {"", *ERROR_TEXTS}


def _built(moment: dt.datetime, builder: Callable[..., Any]) -> Any:
    return builder(
        year=moment.year, month=moment.month, day=moment.day,
        hour=moment.hour, minute=moment.minute, second=moment.second,
        microsecond=moment.microsecond, tzinfo=None,
    )  # fmt: skip
