"""The worksheet functions of ours that a host can call, handed to it from above.

A door registers them before it opens a workbook; they are loaded only where a workbook calls one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class WorksheetFunction(Protocol):
    """A formula that people type, such as REQUIRED_LEADS."""

    def call(self, *cells: Any, language: Any = None) -> Any:
        """The answer to cells and ranges of cells, as a cell or rows of cells."""


Functions = Mapping[str, WorksheetFunction]

_loaders: list[Callable[[], Functions]] = []


def register(load: Callable[[], Functions]) -> None:
    """Give hosts the functions by name. load: called when a workbook first needs one."""
    _loaders[:] = [load]


def registered() -> Functions:
    """The functions by name; none where no door has registered any."""
    return _loaders[0]() if _loaders else {}
