"""A workbook file in memory, from opening to saving."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from pathlib import Path

from smarketing_xl.a1.areas import Area, Place
from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import Stamp, check_unchanged, replace_file
from smarketing_xl.hosts.file.model.references import Spelt
from smarketing_xl.hosts.file.model.render import render_sheet
from smarketing_xl.hosts.file.model.sheet import Sheet
from smarketing_xl.hosts.file.model.table import Table
from smarketing_xl.hosts.file.parts.cell_values import Grid, read_values
from smarketing_xl.hosts.file.parts.cell_xml import EPOCH, EPOCH_1904
from smarketing_xl.hosts.file.parts.package import (
    MAIN,
    Package,
    Part,
    packed,
    parse,
    reading,
    serialise,
)
from smarketing_xl.hosts.file.parts.shared_texts import SharedTexts
from smarketing_xl.hosts.file.parts.styles import Styles
from smarketing_xl.hosts.file.parts.workbook_xml import WorkbookXml
from smarketing_xl.hosts.locks import check_free
from smarketing_xl.i18n import _


class Document:
    """One open workbook. Nothing reaches the disk before `save`."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        if not path.exists():
            raise WorkbookError(
                _("{name} is not there").format(name=path.name), _("Check the name and the folder")
            )
        self.path = path.resolve()
        self.now: dt.datetime | None = None  # what TODAY and NOW answer; else the computer's clock
        self.read_only = read_only
        if not read_only:
            check_free(self.path)
        self._load()
        self.sheets = [Sheet(self, entry) for entry in self.workbook.sheets]

    def _load(self) -> None:
        for name in ("styles", "_tables", "tables", "_shared_texts"):
            self.__dict__.pop(name, None)
        self.patched: dict[str, bytes] = {}
        self._written: list[tuple[str, Area]] = []
        self._spellings: dict[tuple[str, Place, str, bool], Spelt] = {}
        self._spelt_with: object = None
        self.stamp = Stamp.of(self.path)
        self.package = Package.read_file(self.path)
        with reading(self.path.name, "workbook.xml"):
            self.workbook = WorkbookXml(self.package)

    def part(self, name: str) -> bytes:
        """A part as it is to be written."""
        return self.patched.get(name) or self.package.read(name)

    # --- parts --------------------------------------------------------------------------------

    @cached_property
    def styles(self) -> Styles:
        """The styles of all cells."""
        with reading(self.path.name, "styles.xml"):
            return Styles(self.package.read(self._styles_part), self.path.name)

    @property
    def _styles_part(self) -> str:
        parts = self.package.related(self.workbook.part, "styles")
        return next(iter(parts.values()))

    @cached_property
    def _tables(self) -> dict[str, list[Table]]:
        return {
            sheet.entry.part: [
                self._table(sheet, part)
                for part in self.package.related(sheet.entry.part, "table").values()
            ]
            for sheet in self.sheets
        }

    def _table(self, sheet: Sheet, part: str) -> Table:
        with reading(self.path.name, part):
            return Table(sheet, part)

    def tables_of(self, sheet: Sheet) -> list[Table]:
        """The tables that stand on a sheet."""
        return self._tables[sheet.entry.part]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table of the workbook by its name in lower case."""
        return {table.name.lower(): table for some in self._tables.values() for table in some}

    def forget_names(self) -> None:
        """Have `tables` look up names anew; to be called when a table was given another name."""
        self.__dict__.pop("tables", None)

    def sheet(self, name: str) -> Sheet:
        """A sheet by its name; KeyError where there is none."""
        for sheet in self.sheets:
            if sheet.name.lower() == name.lower():
                return sheet
        raise KeyError(name)

    def spellings(self) -> dict[tuple[str, Place, str, bool], Spelt]:
        """Formulas spelt out so far: sheet, place, text, whether it is an array formula → spelling.

        Empty again whenever a name or a table has come to stand for something else.
        """
        tables = [
            (table.name, table.sheet.name, table.area, table.body, tuple(table.columns))
            for table in self.tables.values()
        ]
        names = [
            (entry.get("name"), entry.get("localSheetId"), entry.text)
            for entry in self.workbook.names()
        ]
        if self._spelt_with != (tables, names):
            self._spellings, self._spelt_with = {}, (tables, names)
        return self._spellings

    # --- values -------------------------------------------------------------------------------

    @cached_property
    def _shared_texts(self) -> SharedTexts:
        parts = self.package.related(self.workbook.part, "sharedStrings").values()
        return SharedTexts(
            self.package, next((part for part in parts if part in self.package), None)
        )

    @property
    def epoch(self) -> dt.datetime:
        """The day from which the workbook counts days."""
        return EPOCH_1904 if self.workbook.date_1904 else EPOCH

    def values(self, sheet: Sheet) -> Grid:
        """All values of a sheet as the file has them."""
        sheet.xml.check_size()
        styles = self.styles if self.package.related(self.workbook.part, "styles") else None
        with reading(self.path.name, sheet.entry.part):
            return read_values(sheet.xml, self._shared_texts, styles, self.epoch)

    def calculated(self, sheet: Sheet, area: Area) -> Grid:
        """What an area holds now, formulas calculated: a file's own answers are not relied on."""
        if sheet.calculates(area):
            self.calculate()
            self._settle(sheet)
        return sheet.values(area)

    def _settle(self, sheet: Sheet) -> None:
        """Calculate the formulas of a sheet once: who saved the file may not have done so."""
        if sheet.settled:
            return
        from smarketing_xl.hosts.file.model.calculate import settle

        sheet.settled = True
        settle(self, sheet)

    def calculate(self) -> None:
        """Bring the values of formulas up to date."""
        if not self._written:
            return
        from smarketing_xl.hosts.file.model.calculate import calculate

        written, self._written = self._written, []
        if not calculate(self, written):
            self.workbook.recalculate_on_opening()

    def note_written(self, sheet: Sheet, area: Area) -> None:
        """Remember that cells were written: formulas that read them are out of date."""
        self._written.append((sheet.name, area))

    @property
    def language(self) -> str | None:
        """The language the workbook says it is in."""
        entry = self.workbook.name("smarketing_language")
        return None if entry is None else (entry.text or "").strip('="')

    # --- saving -------------------------------------------------------------------------------

    def save(self, path: Path | None = None) -> None:
        """Write what changed, in one step; everything else keeps its bytes.

        path: another file of the same kind; None saves in place. WorkbookError where the file is
        open elsewhere, was changed meanwhile, or cannot be written; the old file is then as it was.
        """
        target = (path or self.path).resolve()
        self._check_target(target)
        self.calculate()
        parts = self._replaced()
        in_place = target == self.path
        if parts or not in_place:
            unchanged = self._check_unchanged if in_place else _nothing
            unchanged()
            replace_file(target, lambda out: self.package.write(out, parts), before=unchanged)
        self.path = target
        self.read_only = False
        self._load()
        for sheet in self.sheets:
            sheet.forget()

    def _check_target(self, target: Path) -> None:
        if self.read_only and target == self.path:
            raise WorkbookError(
                _("{name} was opened for reading only").format(name=target.name),
                _("Open it for writing, or save under another name"),
            )
        if target.suffix.lower() != self.path.suffix.lower():
            raise WorkbookError(
                _("{name} would be another kind of workbook").format(name=target.name),
                _("Give it the ending {ending}").format(ending=self.path.suffix),
            )
        check_free(target)

    def _check_unchanged(self) -> None:
        check_unchanged(self.path, self.stamp)

    def _replaced(self) -> dict[str, Part]:
        """Every part that must be written anew."""
        parts: dict[str, Part] = {
            sheet.entry.part: packed(render_sheet(sheet), self.package.size(sheet.entry.part))
            for sheet in self.sheets
            if sheet.changed
        }
        for some in self._tables.values() if parts else ():
            parts |= {table.part: table.xml() for table in some if table.changed}
        if "styles" in self.__dict__ and self.styles.changed:
            parts[self._styles_part] = self.styles.xml()
        parts |= self.patched
        if self.workbook.changed:
            parts[self.workbook.part] = self.workbook.xml()
        return parts | self._calculation_order()

    def _calculation_order(self) -> dict[str, bytes]:
        """The calculation chain without the formulas that are gone (Excel would 'repair' it)."""
        gone = {
            (sheet.entry.number, f"{place}") for sheet in self.sheets for place in sheet.vanished()
        }
        for part in self.package.related(self.workbook.part, "calcChain").values() if gone else ():
            root = parse(self.package.read(part), self.path.name)
            number = "0"
            dropped = False
            for entry in list(root.iter(f"{{{MAIN}}}c")):
                number = entry.get("i", number)
                if (number, entry.get("r")) in gone:
                    root.remove(entry)
                    dropped = True
                else:
                    entry.set("i", number)
            if dropped and len(root):
                return {part: serialise(root)}
        return {}


def _nothing() -> None:
    """No further check."""
