"""A workbook in IronCalc, another engine: what its cells show for formulas that people type."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import ironcalc
from pytest import approx
from xlsxwriter.utility import xl_range

ERRORS = {  # formulas that answer an error
    "#N/A": "=NA()",
    "#DIV/0!": "=1/0",
    "#NUM!": "=SQRT(-1)",
    "#VALUE!": '=1+"a"',
    "#REF!": "=#REF!",
}
FAR = 60  # a column right of all arguments


class Book:
    """A workbook of a file, with a new sheet to try formulas on."""

    def __init__(self, file: Path) -> None:
        self.model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
        self.model.add_sheet("Trial")
        self.sheet = len(self.model.get_worksheets_properties()) - 1

    def answers(self, name: str, cases: list[tuple[Any, ...]]) -> list[list[list[Any]]]:
        """What a formula answers to each case, its arguments standing in cells; a blank is None."""
        row, places = 1, []
        for cells in cases:
            column, areas, tall = 1, [], 1
            for cell in cells:
                rows = cell if isinstance(cell, tuple) else ((cell,),)
                height, width = len(rows), len(rows[0])
                for down, line in enumerate(rows):
                    for across, value in enumerate(line):
                        self._put(row + down, column + across, value)
                first = row - 1, column - 1
                areas.append(xl_range(*first, first[0] + height - 1, first[1] + width - 1))
                column, tall = column + width, max(tall, height)
            self.model.set_user_input(
                self.sheet, row, FAR, f"={name}({','.join(f'Trial!{area}' for area in areas)})"
            )
            places.append(row)
            row += max(tall, 16)
        self.model.evaluate()
        return [self._shown(at) for at in places]

    def ask(self, formula: str) -> Any:
        """What one formula without cells answers in its own cell."""
        self.model.set_user_input(self.sheet, 1, FAR + 40, formula)
        self.model.evaluate()
        return self.model.get_cell_value(self.sheet, 1, FAR + 40)

    def _put(self, row: int, column: int, value: Any) -> None:
        place = self.sheet, row, column
        if value is None:
            return
        if isinstance(value, str):
            text = ERRORS.get(value) or ('=""' if value == "" else "")
            if text:
                self.model.set_user_input(*place, text)
            else:
                self.model.update_cell_with_text(*place, str(value))
        elif isinstance(value, bool):
            self.model.update_cell_with_bool(*place, value)
        else:
            self.model.update_cell_with_number(*place, float(value))

    def _shown(self, row: int) -> list[list[Any]]:
        """The cells of the answer that stands in a row, and those that it spills into."""
        cells = [
            [
                self.model.get_cell_value(self.sheet, row + down, FAR + across)
                for across in range(16)
            ]
            for down in range(16)
        ]
        wide = max(
            (at for line in cells for at, cell in enumerate(line) if cell is not None), default=0
        )
        tall = max(
            (at for at, line in enumerate(cells) if any(c is not None for c in line)), default=0
        )
        return [line[: wide + 1] for line in cells[: tall + 1]]


def same(shown: list[list[Any]], expected: list[list[Any]]) -> bool:
    """Whether cells show what they should: numbers to nine digits; a blank text may be no cell."""
    rows, columns = len(expected), len(expected[0])
    if len(shown) > rows or len(shown[0]) > columns:
        return False
    return all(
        _same(_cell(shown, row, column), expected[row][column])
        for row in range(rows)
        for column in range(columns)
    )


def _cell(cells: list[list[Any]], row: int, column: int) -> Any:
    try:
        return cells[row][column]
    except IndexError:
        return None


def _same(shown: Any, wanted: Any) -> bool:
    if wanted in ("", None):
        return shown in ("", None)
    if isinstance(wanted, int | float):
        return isinstance(shown, int | float) and shown == approx(wanted, rel=1e-9)
    return str(shown) == str(wanted)


def parameters(text: str) -> list[str]:
    """The names that a stored text binds, without their prefixes."""
    return re.findall(r"_xl[op][pm]\.(\w+)", text)
