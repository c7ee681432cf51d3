"""Around a write of a block of cells: what Calc would lose, and what it would not undo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from smarketing_xl.a1.areas import Area
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc.office import enum
from smarketing_xl.hosts.calc.values import CONTENTS
from smarketing_xl.i18n import _

if TYPE_CHECKING:
    from smarketing_xl.hosts.calc.books import Sheet
    from smarketing_xl.hosts.calc.ranges import Range


@contextmanager
def written(target: Range, blanks: bool) -> Iterator[Any]:
    """The range as Calc's object, to be written: its notes stay, and Calc can undo all of it.

    blanks: whether cells will be emptied. Raises WorkbookError where cells may not be written.
    """
    sheet, cells = target.sheet, target.api
    kept = _notes(sheet, target.area)
    try:
        if blanks:  # or else they are not blank any more after Undo and Redo
            cells.clearContents(CONTENTS)
        _let_undo_empty(cells)
        yield cells
    except Exception as error:
        if not sheet.api.isProtected():
            raise
        raise WorkbookError(
            _("The sheet {sheet} is protected").format(sheet=sheet.name),
            _("Take its protection off (Tools, Protect Sheet), and repeat the step"),
        ) from error
    for place, text, shown in kept:
        sheet.api.getAnnotations().insertNew(place, text)
        if shown:
            cell = sheet.api.getCellByPosition(place.Column, place.Row)
            cell.getAnnotation().setIsVisible(True)


def _notes(sheet: Sheet, area: Area) -> list[tuple[Any, str, bool]]:
    """The notes in an area, which Calc deletes with what it writes: place, text, whether shown."""
    notes = sheet.api.getAnnotations()
    kept = []
    for at in range(notes.getCount()):
        note = notes.getByIndex(at)
        place = note.getPosition()
        if (place.Row + 1, place.Column + 1) in area:
            kept.append((place, note.getString(), note.getIsVisible()))
    return kept


def _let_undo_empty(cells: Any) -> None:
    """Let Calc's Undo empty what is blank now: that of a block leaves what was filled there.

    A series that is past its end before it begins fills nothing; undoing it, after the block's own
    undo, puts the whole range back as it was.
    """
    if cells.queryEmptyCells().getCount():
        down = enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
        linear = enum("com.sun.star.sheet.FillMode", "LINEAR")
        days = enum("com.sun.star.sheet.FillDateMode", "FILL_DATE_DAY")
        cells.fillSeries(down, linear, days, 1.0, -1e300)
