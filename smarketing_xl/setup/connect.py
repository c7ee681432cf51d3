"""`smarketing connect`: tie a workbook to the Python that runs now."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import WORKBOOK, private_folder, write_file
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.i18n import _
from smarketing_xl.setup.editions import check_there, is_without_macros
from smarketing_xl.setup.machine import Machine, this_machine
from smarketing_xl.setup.settings import (
    OWN,
    SHIPPED,
    file_beside,
    read_own,
    read_settings,
    strange_settings,
    write_own,
    write_settings,
)
from smarketing_xl.setup.xlwings_module import (
    DICTIONARY,
    MODULE,
    dictionary_class,
    is_module,
    module_text,
    modules_of,
    version_of,
)


def connect_workbook(path: Path, machine: Machine | None = None) -> list[str]:
    """Note the interpreter in the user's own settings, and give the workbook what it must have.

    The workbook itself says nothing of this computer, so that many may share it: one person's path
    in it is taken out, the module of xlwings is made the installed one's, all else stays. Answers
    what was done, one sentence each; a second run does nothing. Raises WorkbookError where the file
    is missing, open elsewhere, or no Smarketing workbook.
    """
    machine = machine or this_machine()
    check_there(path)
    Package.read_file(path)  # raises where it is no workbook
    if is_without_macros(path):
        raise WorkbookError(
            _("{name} needs nothing: its formulas are its own, without macros").format(
                name=path.name
            ),
            _("For buttons in Excel: smarketing edition {name} --macros").format(name=path.name),
        )
    before = _module_inside(path)
    done = [*_make_neutral(path), *_renew_module(path, before), *_write_own_settings(machine)]
    if beside := file_beside(path):
        done.append(
            _("{file} beside the workbook can name another program: delete it").format(file=beside)
        )
    return done or [_("{name} was already connected").format(name=path.name)]


def own_settings(machine: Machine) -> dict[str, str]:
    """What the user's own settings must say for this computer."""
    wanted = {machine.setting: str(machine.interpreter)}
    package = Path(__file__).resolve().parents[2]
    if package != Path(sysconfig.get_path("purelib")).resolve():
        wanted["PYTHONPATH"] = str(package)  # run from a checkout
    return wanted


def _write_own_settings(machine: Machine) -> list[str]:
    wanted, before = own_settings(machine), read_own(machine.own_settings)
    changed = {name: value for name, value in wanted.items() if before.get(name) != value}
    if not changed:
        return []
    write_own(machine.own_settings, changed)
    message = _("{name} is now {value} in your settings of xlwings ({file})")
    replaced = _("{name} is now {value} in your settings of xlwings ({file}); it was {before}")
    return [
        (replaced if before.get(name) else message).format(
            name=name, value=value, file=machine.own_settings, before=before.get(name, "")
        )
        for name, value in changed.items()
    ]


def _make_neutral(path: Path) -> list[str]:
    """A workbook that many share says nothing of one person's computer."""
    from smarketing_xl.hosts import file

    book = file.open_book(path)
    try:
        before = read_settings(book)
        strange = strange_settings(before)
        if not strange:
            return []
        write_settings(book, SHIPPED)
        book.save()
    finally:
        book.close()
    own = [name for name in strange if name in OWN]
    message = _("{names} no longer stand in the workbook, which others share")
    done = [message.format(names=", ".join(own))] if own else []
    reset = _("{name} is now {value}; it was {before}")
    gone = _("{name} is gone from the workbook; it was {before}")
    return done + [
        (reset if name in SHIPPED else gone).format(
            name=name, value=SHIPPED.get(name) or "–", before=before.get(name) or "–"
        )
        for name in strange
        if name not in OWN
    ]


def _module_inside(path: Path) -> str:
    """The xlwings module in the workbook."""
    modules = modules_of(path)
    if MODULE in modules:
        return modules[MODULE]
    raise WorkbookError(
        _("{name} holds no macros of Smarketing").format(name=path.name),
        _("Copy your tables into a new workbook: smarketing new"),
    )


def _renew_module(path: Path, before: str) -> list[str]:
    from pyopenvba import ExcelFile, VBAModuleKind

    installed = module_text()
    if is_module(before, installed):
        return []
    with private_folder() as folder:
        made = folder / path.name
        with ExcelFile(path) as file:
            file.set_module(MODULE, installed.replace("\n", "\r\n"))
            if DICTIONARY not in file.module_names():
                text = dictionary_class().replace("\n", "\r\n")
                file.vba_project().add_module(DICTIONARY, text, kind=VBAModuleKind.other)
            file.save(made)
        content = made.read_bytes()
    write_file(path, content, WORKBOOK, replace=True)
    return [
        _("The module xlwings is now that of version {version} (was {before})").format(
            version=version_of(installed), before=version_of(before) or "?"
        )
    ]
