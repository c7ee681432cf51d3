"""`smarketing edition`: a workbook with macros turned into one without, and back, in its place.

The two editions are one workbook: what differs is the VBA project and the ribbon, or else the
functions in defined names (udfs/lambdas). Never both, as a name stands against a VBA function of
the same name. Every sheet, and with it the log and what undo needs, keeps its very bytes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lxml import etree

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import replace_file
from smarketing_xl.hosts.file.parts.package import MAIN, PKG_RELS, Package, serialise
from smarketing_xl.hosts.locks import check_free
from smarketing_xl.i18n import LANGUAGES, Language, _
from smarketing_xl.schema.tables import HOLIDAYS

MACROS, NO_MACROS = ".xlsm", ".xlsx"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES_PART = "[Content_Types].xml"
_MAIN_TYPES = {
    MACROS: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    NO_MACROS: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_VBA_TYPE = "application/vnd.ms-office.vbaProject"
_VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_OURS = b"Smarketing_"  # what our ribbon's buttons call
_FUNCTION = "_xlfn.LAMBDA("
_PROJECT = "xl/vbaProject.bin"
_LANGUAGE = "smarketing_language"


class Function(Protocol):
    """A function of a defined name: what it refers to, and its help."""

    @property
    def text(self) -> str: ...
    @property
    def comment(self) -> str: ...


Functions = Mapping[str, Function]


def is_without_macros(path: Path) -> bool:
    """Whether a workbook is the edition without macros: its defined names are functions."""
    if path.suffix.lower() != NO_MACROS:
        return False
    return any(_is_function(entry) for entry in _Edit(Package.read_file(path)).names())


def language_of(package: Package) -> Language:
    """The language that a workbook of ours says in its name `smarketing_language`."""
    texts = [entry.text for entry in _Edit(package).names() if entry.get("name") == _LANGUAGE]
    for language in LANGUAGES:
        if f'"{language}"' in texts:
            return language
    raise WorkbookError(
        _("{name} is no workbook of Smarketing").format(name=package.name),
        _("Make one: smarketing new {name}").format(name=package.name),
    )


def holiday_headers(package: Package) -> dict[str, str]:
    """The headers of the table Holidays by the keys of its columns; none where there is no such
    table, or one without those columns."""
    for part in package.parts:
        if part.startswith("xl/tables/"):
            table = package.xml(part)
            if table.get("displayName") == HOLIDAYS.name:
                titles = [c.get("name", "") for c in table.iter(f"{{{MAIN}}}tableColumn")]
                known = HOLIDAYS.headers()
                headers = {known[t.lower()]: t for t in titles if t.lower() in known}
                return headers if headers.keys() == set(HOLIDAYS.keys) else {}
    return {}


def without_macros(path: Path, functions: Functions) -> Path:
    """The same workbook as an .xlsx whose formulas are functions of its own; the .xlsm goes.

    An .xlsx gets the functions that it lacks, or that a program without LAMBDA has damaged.
    Raises WorkbookError, and then nothing was changed: where it holds macros of others, names that
    are taken, is open elsewhere, or where an .xlsx of that name stands.
    """
    if path.suffix.lower() == NO_MACROS:
        return _put_back(path, functions)
    target = _target(path, NO_MACROS)
    package = Package.read_file(path)
    _refuse_macros_of_others(path, package)
    edit = _Edit(package)
    edit.remove_macros()
    edit.add_functions(functions)
    return _replace(path, target, edit)


def with_macros(path: Path, template: Path, functions: Functions) -> Path:
    """The same workbook as an .xlsm with the macros of a template of its language; the .xlsx goes.

    Raises WorkbookError as `without_macros` does.
    """
    target = _target(path, MACROS)
    edit = _Edit(Package.read_file(path))
    edit.remove_functions(functions)
    edit.add_macros(Package.read_file(template))
    return _replace(path, target, edit)


def copy_without_macros(template: Path, target: Path, functions: Functions) -> None:
    """A new workbook without macros, made from the one with them."""
    edit = _Edit(Package.read_file(template))
    edit.remove_macros()
    edit.add_functions(functions)
    replace_file(target, lambda out: edit.package.write(out, edit.parts(), edit.left_out))


def check_there(path: Path) -> None:
    """WorkbookError where there is no such workbook."""
    if not path.exists():
        raise WorkbookError(
            _("There is no workbook {path}").format(path=path),
            _("Make one: smarketing new {name}").format(name=path.name),
        )


def _target(path: Path, suffix: str) -> Path:
    check_there(path)
    if path.suffix.lower() == suffix:
        raise _already(path)
    target = path.with_suffix(suffix)
    if target.exists():
        raise WorkbookError(
            _("{path} already exists").format(path=target),
            _("Choose another name, or move it away first"),
        )
    check_free(path)
    check_free(target)
    return target


def _put_back(path: Path, functions: Functions) -> Path:
    check_there(path)
    check_free(path)
    edit = _Edit(Package.read_file(path))
    edit.remove_damaged(functions)
    there = {entry.get("name", "").upper() for entry in edit.names() if _is_function(entry)}
    lacking = {name: it for name, it in functions.items() if name not in there}
    if not lacking:
        raise _already(path)
    edit.add_functions(lacking)
    replace_file(path, lambda out: edit.package.write(out, edit.parts(), edit.left_out))
    return path


def _already(path: Path) -> WorkbookError:
    return WorkbookError(
        _("{name} is that edition already").format(name=path.name), _("Nothing is to be done")
    )


def _is_function(entry: etree._Element) -> bool:
    return (entry.text or "").startswith(_FUNCTION)


def _replace(path: Path, target: Path, edit: _Edit) -> Path:
    replace_file(
        target,
        lambda out: edit.package.write(out, edit.parts(), edit.left_out),
        allowed=path.stat().st_mode & 0o777,
    )
    path.unlink()
    return target


def _refuse_macros_of_others(path: Path, package: Package) -> None:
    """WorkbookError where a module holds code that is not ours: it would be lost."""
    from pyopenvba import ExcelFile

    from smarketing_xl.setup.template import template_path

    if _PROJECT not in package:
        return
    with ExcelFile(template_path(language_of(package))) as file:
        ours = set(file.module_names())
    with ExcelFile(path) as file:
        modules = file.vba_modules() if file.has_vba_project() else {}
    others = sorted(name for name, text in modules.items() if name not in ours and _code(text))
    if others:
        raise WorkbookError(
            _("{name} holds macros of your own: {modules}").format(
                name=path.name, modules=", ".join(others)
            ),
            _("Export them in the Visual Basic editor and remove them, then try again"),
        )


def _code(module: str) -> str:
    lines = (line.strip() for line in module.splitlines())
    return "".join(line for line in lines if not line.startswith(("Attribute ", "Option ")))


@dataclass
class _Edit:
    """The parts of a package that change, as XML until they are written."""

    package: Package
    left_out: set[str] = field(default_factory=set)
    added: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, etree._Element] = field(default_factory=dict)

    def parts(self) -> dict[str, bytes]:
        """What replaces or joins the parts of the package."""
        return self.added | {part: serialise(root) for part, root in self.trees.items()}

    def names(self) -> list[etree._Element]:
        """The defined names of the whole workbook."""
        entries = self.tree(self.book).iter(f"{{{MAIN}}}definedName")
        return [entry for entry in entries if entry.get("localSheetId") is None]

    @property
    def book(self) -> str:
        """The workbook part."""
        (part,) = self.package.related("", "officeDocument").values()
        return part

    def tree(self, part: str) -> etree._Element:
        """A part as XML, to be read or changed."""
        if part not in self.trees:
            self.trees[part] = self.package.xml(part)
        return self.trees[part]

    # --- macros -------------------------------------------------------------------------------

    def remove_macros(self) -> None:
        """The VBA project and our ribbon go; the workbook says that it holds none."""
        for rels, kind in ((_rels(self.book), "/vbaProject"), (_rels(""), "/ui/extensibility")):
            for link in list(self.tree(rels)):
                part = _resolved(rels, link.get("Target", ""))
                if not link.get("Type", "").endswith(kind) or part not in self.package:
                    continue
                if kind != "/vbaProject" and _OURS not in self.package.read(part):
                    continue
                self.tree(rels).remove(link)
                self._leave_out(part)
        self._set_type(NO_MACROS)

    def add_macros(self, template: Package) -> None:
        """The VBA project and the ribbon of a template."""
        for rels, type_ in ((_rels(self.book), _VBA), (_rels(""), _RIBBON)):
            kind = type_.rsplit("/", 1)[1]
            of = "" if rels == _rels("") else _Edit(template).book
            for part in template.related(of, kind).values():
                self.added[part] = template.read(part)
                taken = {link.get("Id") for link in self.tree(rels)}
                number = next(n for n in range(1, 10_000) if f"smarketing{n}" not in taken)
                target = part if of == "" else posixpath.relpath(part, posixpath.dirname(self.book))
                attributes = {"Id": f"smarketing{number}", "Type": type_, "Target": target}
                etree.SubElement(self.tree(rels), f"{{{PKG_RELS}}}Relationship", attributes)
        types = self.tree(_TYPES_PART)
        etree.SubElement(
            types, f"{{{TYPES}}}Override", {"PartName": f"/{_PROJECT}", "ContentType": _VBA_TYPE}
        )
        self._set_type(MACROS)

    def _leave_out(self, part: str) -> None:
        """A part, the parts that only it names, and what is said of them go."""
        self.left_out.add(part)
        inner = self.package.related(part)
        self.left_out |= {_rels(part), *inner.values()} & set(self.package.parts)
        types = self.tree(_TYPES_PART)
        for entry in list(types):
            named = entry.get("PartName", "").lstrip("/") in self.left_out
            if named or entry.get("ContentType") == _VBA_TYPE:
                types.remove(entry)

    def _set_type(self, suffix: str) -> None:
        for entry in self.tree(_TYPES_PART):
            if entry.get("PartName") == f"/{self.book}":
                entry.set("ContentType", _MAIN_TYPES[suffix])

    # --- functions ----------------------------------------------------------------------------

    def add_functions(self, functions: Functions) -> None:
        """The functions in defined names, which must be free."""
        taken = {entry.get("name", "").upper() for entry in self.names()}
        both = sorted(taken & functions.keys())
        if both:
            raise WorkbookError(
                _("{name} gives these names to something else: {names}").format(
                    name=self.package.name, names=", ".join(both)
                ),
                _("Rename them in the Name Manager, then try again"),
            )
        root = self.tree(self.book)
        listed = root.find(f"{{{MAIN}}}definedNames")
        if listed is None:
            listed = etree.Element(f"{{{MAIN}}}definedNames")
            sheets = root.find(f"{{{MAIN}}}sheets")
            root.insert(0 if sheets is None else list(root).index(sheets) + 1, listed)
        for name, function in functions.items():
            attributes = {"name": name, "comment": function.comment}
            etree.SubElement(listed, f"{{{MAIN}}}definedName", attributes).text = function.text

    def remove_functions(self, functions: Functions) -> None:
        """Our functions go, as VBA answers for them; others of the user's stay."""
        self._remove(functions, _is_function)

    def remove_damaged(self, functions: Functions) -> None:
        """Our functions go that LibreOffice before 24.8 has saved, in small letters."""
        damaged = _FUNCTION.lower()
        self._remove(functions, lambda entry: (entry.text or "").startswith(damaged))

    def _remove(self, functions: Functions, which: Callable[[etree._Element], bool]) -> None:
        for entry in self.names():
            parent = entry.getparent()
            if entry.get("name", "").upper() in functions and which(entry) and parent is not None:
                parent.remove(entry)


def _rels(part: str) -> str:
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _resolved(rels: str, target: str) -> str:
    folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
