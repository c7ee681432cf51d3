"""Excel tables: found by name, grown and shrunk with all that belongs to their rows."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from smarketing_xl.a1.areas import LAST_ROW, Area, Place, letters
from smarketing_xl.a1.formulas import moved
from smarketing_xl.errors import Fault, WorkbookError
from smarketing_xl.hosts.file.model.table_references import follow
from smarketing_xl.hosts.file.parts.cell_xml import escape, plain
from smarketing_xl.hosts.file.parts.package import MAIN, serialise
from smarketing_xl.hosts.file.parts.sheet_xml import HIDDEN, Formula, Stamp
from smarketing_xl.i18n import _, format_number

if TYPE_CHECKING:
    from smarketing_xl.hosts.file.model.sheet import Sheet

_HEIGHT = re.compile(r' (?:ht|customHeight)="[^"]*"')
_RELATIVE = re.compile(r"(?<![\w.$\[#])\$?[A-Za-z]{1,3}[1-9]\d*(?![\w(\[.])")


class Table:
    """A table of a sheet, over the part of the file that declares it.

    Raises ValueError where the part does not fit the cells that it names.
    """

    def __init__(self, sheet: Sheet, part: str) -> None:
        self.sheet = sheet
        self.part = part
        self.root = sheet.document.package.xml(part)
        self.changed = False
        if self.body.bottom < self.body.top or len(self.columns) != self.area.shape[1]:
            raise ValueError(f"table {self.name} does not fit its cells")

    def xml(self) -> bytes:
        """The part that declares the table, as bytes to write."""
        return serialise(self.root)

    @property
    def name(self) -> str:
        """The table's name, as formulas use it."""
        return self.root.get("displayName", "") or self.root.get("name", "")

    @cached_property
    def area(self) -> Area:
        """The table's cells, header and totals row included."""
        return Area.parse(self.root.get("ref", ""))

    @property
    def header_rows(self) -> int:
        """1, or 0 where the header is switched off."""
        return int(self.root.get("headerRowCount", "1"))

    @property
    def totals_rows(self) -> int:
        """1 where the totals row is shown."""
        return int(self.root.get("totalsRowCount", "0"))

    @cached_property
    def body(self) -> Area:
        """The cells between the header and the totals row."""
        area = self.area
        return Area(
            area.top + self.header_rows, area.left, area.bottom - self.totals_rows, area.right
        )

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, as formulas use them."""
        return [plain(entry.get("name", "")) for entry in self._columns]

    @cached_property
    def places(self) -> dict[str, int]:
        """The name of a column in lower case → its column on the sheet."""
        return {name.lower(): self.area.left + at for at, name in enumerate(self.columns)}

    @property
    def _columns(self) -> list[etree._Element]:
        return list(self.root.iter(f"{{{MAIN}}}tableColumn"))

    @property
    def has_filter(self) -> bool:
        """Whether the filter buttons are shown."""
        return self.root.find(f"{{{MAIN}}}autoFilter") is not None

    @property
    def style(self) -> str:
        """The name of its table style."""
        info = self.root.find(f"{{{MAIN}}}tableStyleInfo")
        return "" if info is None else info.get("name", "")

    @cached_property
    def calculated(self) -> dict[int, str]:
        """Column of the sheet → the formula that every row of it has."""
        formulas = {}
        for offset, entry in enumerate(self._columns):
            formula = entry.find(f"{{{MAIN}}}calculatedColumnFormula")
            if formula is not None and formula.text:
                formulas[self.area.left + offset] = formula.text
        return formulas

    def set_name(self, name: str) -> None:
        """Call it otherwise; formulas are `renaming`'s."""
        self.root.set("displayName", name)
        self.root.set("name", name)
        self.changed = self.sheet.reshaped = True

    def set_title(self, offset: int, title: str) -> None:
        """Call a column otherwise; its header and formulas are `renaming`'s."""
        self._columns[offset].set("name", title.replace("\n", "_x000a_"))
        self._forget_columns()
        self.changed = True

    def respell(self, entry: etree._Element, text: str) -> None:
        """Write the formula of a column another way that means the same."""
        entry.text = text
        self._forget_columns()
        self.changed = self.sheet.reshaped = True

    def resize(self, new: Area) -> None:
        """Give the table other rows or columns; all that its rows carry comes along.

        Columns it gains are named by the cells that stand in its header row; those it loses stay
        as plain cells. Rows it gains take styles, heights, calculated columns, validation and
        conditional formats of its last row, and keep what stands in them, as in Excel; rows it
        loses are cleared. WorkbookError where a table or a merged cell stands in the way.
        """
        old = self.area
        if new == old:
            return
        if (new.top, new.left) != (old.top, old.left):
            raise NotImplementedError(_("In a file a table keeps its first cell"))
        if new.bottom - self.totals_rows < new.top + self.header_rows or new.bottom > LAST_ROW:
            raise WorkbookError(
                Fault(
                    _("Table {table} needs at least one row").format(table=self.name),
                    _("Keep one row of data"),
                    self.sheet.name,
                    old.top,
                )
            )
        self.sheet.check_writable(self.area)
        titles = self._titles(new.right)
        last = self.body.bottom
        if new.bottom > old.bottom:
            self._check_room(Area(old.bottom + 1, old.left, new.bottom, new.right))
        if titles:
            self._widen(titles)
        elif new.right < old.right:
            self._narrow(new.right)
        totals = self._lift_totals()
        if new.bottom > old.bottom:
            self._add_rows(last, new.bottom - self.totals_rows)
        elif new.bottom < old.bottom:
            self._drop_rows(new.bottom + 1 - self.totals_rows, old.bottom)
        self._set_area(new)
        self._put_totals(totals)
        follow(self.sheet, self.area, self.body.top, last, self.body.bottom)
        self.changed = True
        self.sheet.reshaped = True
        for area in (old, new):
            self.sheet.document.note_written(self.sheet, area)

    # --- rows ---------------------------------------------------------------------------------

    def _check_room(self, below: Area) -> None:
        row = self.sheet.first_filled_row(below) if self.totals_rows else None
        for other in self.sheet.document.tables_of(self.sheet):
            if other is not self and other.area.meets(below):
                row = max(other.area.top, below.top)
        if row is None:
            for merged in merged_areas(self.sheet):
                if merged.meets(below):
                    row = max(merged.top, below.top)
        if row is not None:
            raise WorkbookError(
                Fault(
                    _("Table {table} cannot grow: something stands below it").format(
                        table=self.name
                    ),
                    _("Move it away, or insert {count} rows above it").format(
                        count=format_number(below.bottom - row + 1)
                    ),
                    self.sheet.name,
                    row,
                )
            )

    def _add_rows(self, last: int, new_last: int) -> None:
        xml, sheet = self.sheet.xml, self.sheet
        area = self.area
        columns = range(area.left, area.right + 1)
        look = Stamp({column: sheet.style(last, column) for column in columns})
        heights = "".join(_HEIGHT.findall(xml.row_attributes(last)))
        for row in range(last + 1, new_last + 1):
            known = xml.rows.get(row)
            if known is None:
                known = xml.add_row(row, heights)
            elif heights and not _HEIGHT.search(xml.row_attributes(row)):
                xml.set_row_attributes(row, xml.row_attributes(row) + heights)
            known.stamps += (look,)
        for column in columns:
            self._add_formulas(column, last, new_last)

    def _add_formulas(self, column: int, last: int, new_last: int) -> None:
        above = self.sheet.formulas.get((last, column))
        text = self.calculated.get(column)
        if text is None or (_RELATIVE.search(text) and above is None):
            return
        relative = _RELATIVE.search(text) is not None
        array = above is not None and above.area is not None
        shared = Formula(text, f"<f>{escape(text)}</f>")
        for row in range(last + 1, new_last + 1):
            if self.sheet.value(row, column) is not None or (row, column) in self.sheet.formulas:
                continue
            formula = shared
            if above is not None and (relative or array):
                new = moved(above.text, (last, column), (row, column))
                formula = _like(above, new, (row, column))
            self.sheet.formulas[row, column] = formula
            self.sheet.refresh(row, column, None)

    def _drop_rows(self, first: int, last: int) -> None:
        area = self.area
        self.sheet.wipe(Area(first, area.left, last, area.right))
        if self.filtered:
            for row in range(first, last + 1):
                attributes = self.sheet.xml.row_attributes(row)
                if HIDDEN.search(attributes):
                    self.sheet.xml.set_row_attributes(row, HIDDEN.sub("", attributes))

    @property
    def filtered(self) -> bool:
        """Whether rows are hidden by what its filter buttons are set to."""
        return self.root.find(f".//{{{MAIN}}}filterColumn") is not None

    # --- columns ------------------------------------------------------------------------------

    def _titles(self, right: int) -> list[str]:
        """The names of columns about to be taken in: what stands in the header row beside."""
        area = self.area
        taken = set(self.places)
        titles = []
        for column in range(area.right + 1, right + 1):
            title = str(self.sheet.value(area.top, column) or "").strip()
            if not title or title.lower() in taken:
                raise WorkbookError(
                    Fault(
                        _("A new column of table {table} needs a name of its own").format(
                            table=self.name
                        ),
                        _("Write its header beside the last one first"),
                        self.sheet.name,
                        area.top,
                        letters(column),
                    )
                )
            taken.add(title.lower())
            titles.append(title)
        beside = Area(area.top, area.right + 1, area.bottom, right)
        for other in self.sheet.document.tables_of(self.sheet):
            if other is not self and other.area.meets(beside):
                raise WorkbookError(
                    Fault(
                        _(
                            "Table {table} cannot take in more columns: another table stands there"
                        ).format(table=self.name),
                        _("Move the other table away"),
                        self.sheet.name,
                        area.top,
                    )
                )
        return titles

    def _widen(self, titles: list[str]) -> None:
        area, entries = self.area, self._columns
        number = max(int(entry.get("id", "0")) for entry in entries)
        look = self.sheet.style(area.top, area.right)
        last = entries[-1]
        for at, title in enumerate(titles, 1):
            entry = etree.Element(f"{{{MAIN}}}tableColumn", id=str(number + at))
            entry.set("name", title.replace("\n", "_x000a_"))
            last.addnext(entry)
            last = entry
            self.sheet.restyle((area.top, area.right + at), look)
        for holder in self.root.iter(f"{{{MAIN}}}tableColumns"):
            holder.set("count", str(len(self._columns)))
        self._forget_columns()
        self._set_area(Area(area.top, area.left, area.bottom, area.right + len(titles)))

    def _narrow(self, right: int) -> None:
        area = self.area
        for entry in self._columns[right - area.right :]:
            _remove(entry)
        for holder in self.root.iter(f"{{{MAIN}}}tableColumns"):
            holder.set("count", str(len(self._columns)))
        for condition in list(self.root.iter(f"{{{MAIN}}}filterColumn")):
            if int(condition.get("colId", "0")) > right - area.left:
                _remove(condition)
        self._forget_columns()
        self._set_area(Area(area.top, area.left, area.bottom, right))

    def _forget_columns(self) -> None:
        for known in ("columns", "places", "calculated"):
            self.__dict__.pop(known, None)

    # --- the totals row -----------------------------------------------------------------------

    def _lift_totals(self) -> list[tuple[int, int, Formula | None, object]]:
        """Take the totals row out of the sheet: column, style, formula, value."""
        if not self.totals_rows:
            return []
        area, sheet = self.area, self.sheet
        totals = []
        for column in range(area.left, area.right + 1):
            place = area.bottom, column
            value = sheet.value(*place)
            totals.append((column, sheet.style(*place), sheet.formulas.get(place), value))
        sheet.wipe(Area(area.bottom, area.left, area.bottom, area.right))
        return totals

    def _put_totals(self, totals: list[tuple[int, int, Formula | None, object]]) -> None:
        row = self.area.bottom
        for column, style, formula, value in totals:
            if formula is not None:
                self.sheet.write_formula(row, column, formula.text)
            else:
                self.sheet.write(Area(row, column, row, column), [[value]])
            self.sheet.restyle((row, column), style)

    # --- the part -----------------------------------------------------------------------------

    def _set_area(self, new: Area) -> None:
        old = self.area
        self.root.set("ref", str(new))
        self.__dict__.pop("area", None)
        self.__dict__.pop("body", None)
        body_end = new.bottom - self.totals_rows
        for entry in self.root.iter(
            f"{{{MAIN}}}autoFilter", f"{{{MAIN}}}sortState", f"{{{MAIN}}}sortCondition"
        ):
            known = Area.parse(entry.get("ref", str(old)))
            right = new.right if known.right == old.right else known.right
            entry.set("ref", str(Area(known.top, known.left, body_end, right)))


def _like(formula: Formula, text: str, place: Place) -> Formula:
    """A formula for one cell, of the same kind as another: plain, or an array formula."""
    if formula.area is None:
        return Formula(text, f"<f>{escape(text)}</f>")
    area = Area(*place, *place)
    return Formula(
        text, f'<f t="array" ref="{area}">{escape(text)}</f>', area=area, marks=formula.marks
    )


def _remove(entry: etree._Element) -> None:
    parent = entry.getparent()
    assert parent is not None
    parent.remove(entry)


def merged_areas(sheet: Sheet) -> list[Area]:
    """The merged cells of a sheet."""
    refs = re.findall(rf'<{re.escape(sheet.xml.prefix)}mergeCell ref="([^"]*)"', sheet.xml.tail)
    return [Area.parse(ref) for ref in refs]
