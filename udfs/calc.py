"""Where the extension's formulas and buttons come in, inside LibreOffice's own Python or beside it.

Only plain values pass: numbers, texts, rows of them, and documents as LibreOffice has them.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smarketing_xl.errors import CellError, SmarketingError
from smarketing_xl.i18n import _, language_of, speaking
from udfs.functions import FORMULAS
from udfs.values import to_serial

Cell = float | str
Rows = tuple[tuple[Cell, ...], ...]

CODES = {CellError.VALUE: 519, CellError.NUM: 503, CellError.DIV0: 532, CellError.NA: 32767}


def _error(code: int) -> float:
    """Calc keeps an error as a number that is none, with the error's code in its low half."""
    number: float = struct.unpack("<d", struct.pack("<II", code, 0x7FF80000))[0]
    return number


ERRORS = {error: _error(code) for error, code in CODES.items()}


def answer(name: str, cells: Sequence[Any], locale: str = "en") -> Rows:
    """What a formula answers, as rows of cells: errors, dates and truth values as numbers."""
    while cells and cells[-1] is None:
        cells = cells[:-1]
    result = FORMULAS[name].call(*cells, language=language_of(locale))
    if type(result) is float:  # most cells
        return ((result,),)
    if not isinstance(result, np.ndarray):
        return ((_cell(result),),)
    return tuple(tuple(map(_cell, row)) for row in result.tolist())


def press(name: str, document: Any, given: Sequence[str] = (), escape: Any = None) -> str:
    """Do what a button does, in a document; answers what was said to the user.

    given: the answers to what the button asks; people are asked for them where they are missing. A
    last "ok" says yes to what it would ask before it writes, for where there is no window.
    escape: its attribute `pressed` says whether the user has pressed Escape meanwhile.
    All that it changes is one step of Calc's own Undo; after a final one there is nothing to undo.
    """
    from smarketing_xl.book.read import language
    from smarketing_xl.hosts import calc
    from smarketing_xl.hosts.calc.windows import forget_step, one_step
    from udfs import calc_dialogs
    from udfs.buttons import TAB, run
    from udfs.macros import BUTTONS

    book = calc.here(document)
    button = BUTTONS[name]
    office = book.app.impl.office
    office.shown, office.escape = "", escape
    office.agreed = tuple(given[-1:]) == ("ok",)
    given = given[:-1] if office.agreed else given
    with speaking(language(book)):
        try:
            answers = list(given) or calc_dialogs.ask(button, book)
        except SmarketingError as error:
            book.app.alert(str(error), title=_(TAB), mode="critical")
            return str(office.shown)
        if button.asks and not answers:
            return ""
        label = _(button.label)
    with one_step(document, label):
        run(name, book, *(text.encode("utf-16-be").hex() for text in answers))
    if button.final:
        forget_step(document, label)
    return str(office.shown)


def saving(document: str, path: str) -> None:
    """A document with our formulas is about to be saved; path: the file it was read from."""
    from smarketing_xl.hosts.calc.repair_saved_xlsx import remembered

    _before[document] = remembered(Path(path) if path else None)


def saved(document: str, path: str, locale: str = "en") -> str:
    """It was saved by hand: put right what Calc spoiled in the file; answers what to warn of."""
    from smarketing_xl.hosts.calc.repair_saved_xlsx import repair

    file = Path(path)
    repair(file, _before.pop(document, None))
    if file.suffix.lower() == ".xlsm":
        return ""
    with speaking(language_of(locale)):
        return _(
            "A workbook saved as {suffix} has no macros and no buttons in Excel. "
            "Save it as .xlsm too if somebody opens it there"
        ).format(suffix=file.suffix)


_before: dict[str, bytes | None] = {}


def _cell(value: Any) -> Cell:
    kind = type(value)
    if kind is float or kind is str:
        return value  # type: ignore[no-any-return]
    if value is None:
        return ""
    if kind is CellError:
        return ERRORS[value]
    if isinstance(value, dt.date):
        return to_serial(value)
    return str(value) if isinstance(value, str) else float(value)
