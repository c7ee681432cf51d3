"""The workbook part: its sheets, its names, and how it wants to be calculated."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from smarketing_xl.a1.areas import Area
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file.parts.package import (
    DOC_RELS,
    MAIN,
    Package,
    serialise,
)
from smarketing_xl.i18n import _

_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
STATES: dict[str, bool | str] = {"visible": True, "hidden": False, "veryHidden": "veryHidden"}


@dataclass(frozen=True)
class SheetEntry:
    """A worksheet as the workbook lists it."""

    name: str
    number: str
    part: str


class WorkbookXml:
    """The part of the file that lists its sheets and names, and says how it is calculated."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.part = _main_part(package)
        self.root = package.xml(self.part)
        self.changed = False
        self.sheets = self._worksheets()

    def xml(self) -> bytes:
        """The workbook's part, as bytes to write."""
        return serialise(self.root)

    @property
    def date_1904(self) -> bool:
        """Whether days are counted from 1904."""
        settings = self.root.find(_tag("workbookPr"))
        return settings is not None and settings.get("date1904") in ("1", "true")

    @property
    def active(self) -> int:
        """The position of the sheet on top, from 0."""
        view = self.root.find(f"{_tag('bookViews')}/{_tag('workbookView')}")
        return 0 if view is None else int(view.get("activeTab", "0"))

    def _worksheets(self) -> list[SheetEntry]:
        parts = self._package.related(self.part, "worksheet")
        sheets = []
        for entry in self._entries():
            part = parts.get(entry.get(f"{{{DOC_RELS}}}id", ""))
            if part:
                sheets.append(SheetEntry(entry.get("name", ""), entry.get("sheetId", ""), part))
        if not sheets:
            if self._package.holds(self.part, _STRICT):
                raise WorkbookError(
                    _("{name} is saved as Strict Open XML, which we do not write").format(
                        name=self._package.name
                    ),
                    _("Save it as a plain Excel workbook: Save As, Excel Workbook (.xlsx)"),
                )
            raise WorkbookError(
                _("{name} holds no worksheet").format(name=self._package.name),
                _("Choose another workbook"),
            )
        return sheets

    def _entries(self) -> list[etree._Element]:
        sheets = self.root.find(_tag("sheets"))
        return [] if sheets is None else list(sheets)

    # --- visibility ---------------------------------------------------------------------------

    def visible(self, sheet: str) -> bool | str:
        """True, False, or 'veryHidden'."""
        return STATES.get(self._entry(sheet).get("state", "visible"), True)

    def set_visible(self, sheet: str, state: bool | str) -> None:
        """Show or hide a sheet; the last visible one cannot be hidden."""
        entry = self._entry(sheet)
        wanted = next(word for word, value in STATES.items() if value == state)
        others = [e for e in self._entries() if e is not entry]
        if wanted != "visible" and all(e.get("state", "visible") != "visible" for e in others):
            raise WorkbookError(
                _("The last visible sheet cannot be hidden"), _("Show another sheet first")
            )
        if wanted == "visible":
            entry.attrib.pop("state", "")
        else:
            entry.set("state", wanted)
        self.changed = True

    def _entry(self, sheet: str) -> etree._Element:
        return next(entry for entry in self._entries() if entry.get("name") == sheet)

    # --- names --------------------------------------------------------------------------------

    def names(self) -> list[etree._Element]:
        """The defined names, hidden ones of Excel's own left out."""
        return [
            entry
            for entry in self.root.iter(_tag("definedName"))
            if not entry.get("name", "").startswith("_xlnm.")
        ]

    def built_in_names(self) -> list[etree._Element]:
        """Print areas and titles, filters."""
        return [
            entry
            for entry in self.root.iter(_tag("definedName"))
            if entry.get("name", "").startswith("_xlnm.")
        ]

    def scope(self, entry: etree._Element) -> str | None:
        """The sheet that a name belongs to; None: the workbook."""
        local = entry.get("localSheetId")
        return None if local is None else self._entries()[int(local)].get("name", "")

    def name(self, name: str, sheet: str | None = None) -> etree._Element | None:
        """The entry of a name: that of the sheet, else that of the workbook."""
        alike = [e for e in self.names() if e.get("name", "").lower() == name.lower()]
        for scope in (sheet, None):
            for entry in alike:
                if self.scope(entry) == scope:
                    return entry
        return None

    def add_name(self, name: str, refers_to: str, sheet: str | None = None) -> etree._Element:
        """Define a name, or redefine it, and give its entry.

        refers_to: a formula, with or without its "=". sheet: where the name is that sheet's alone.
        """
        entry = self.name(name, sheet)
        if entry is None or self.scope(entry) != sheet:
            parent = self.root.find(_tag("definedNames"))
            if parent is None:
                parent = etree.Element(_tag("definedNames"))
                before = self.root.find(_tag("calcPr"))
                if before is None:
                    before = self.root.find(_tag("sheets"))
                    assert before is not None
                    before.addnext(parent)
                else:
                    before.addprevious(parent)
            entry = etree.SubElement(parent, _tag("definedName"), name=name)
            if sheet is not None:
                at = next(i for i, e in enumerate(self._entries()) if e.get("name") == sheet)
                entry.set("localSheetId", str(at))
            parent[:] = sorted(parent, key=lambda e: e.get("name", "").lower())
        self.redefine(entry, refers_to)
        return entry

    def redefine(self, entry: etree._Element, refers_to: str) -> None:
        """Have a name stand for something else. refers_to: a formula, with or without its "="."""
        entry.text = refers_to.removeprefix("=")
        self.changed = True

    def drop_name(self, entry: etree._Element) -> None:
        """Take a defined name out of the workbook. entry: one of its names (see `name`)."""
        parent = entry.getparent()
        assert parent is not None
        parent.remove(entry)
        if not len(parent):
            self.root.remove(parent)
        self.changed = True

    # --- calculation --------------------------------------------------------------------------

    def recalculate_on_opening(self) -> None:
        """Ask the office suite to calculate everything when it opens the file."""
        settings = self.root.find(_tag("calcPr"))
        if settings is None:
            settings = etree.Element(_tag("calcPr"))
            after = self.root.find(_tag("definedNames"))
            if after is None:
                after = self.root.find(_tag("sheets"))
            assert after is not None
            after.addnext(settings)
        if settings.get("fullCalcOnLoad") not in ("1", "true"):
            settings.set("fullCalcOnLoad", "1")
            self.changed = True


def split_reference(text: str) -> tuple[str | None, str]:
    """A reference → its sheet, and the rest.

    >>> split_reference("'My sheet'!$A$1"), split_reference("B2:C3")
    (('My sheet', '$A$1'), (None, 'B2:C3'))
    """
    sheet, mark, rest = text.strip().removeprefix("=").rpartition("!")
    if not mark:
        return None, rest
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, rest


def area_of(text: str) -> tuple[str | None, Area] | None:
    """The sheet and area of a plain reference; None where it is anything else."""
    sheet, rest = split_reference(text)
    try:
        return sheet, Area.parse(rest)
    except ValueError:
        return None


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _main_part(package: Package) -> str:
    for part in package.related("", "officeDocument").values():
        return part
    raise WorkbookError(
        _("{name} holds no workbook").format(name=package.name), _("Choose another file")
    )
