"""`smarketing doctor`: what keeps Excel from reaching Python, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath
from typing import Literal

from smarketing_xl.errors import SmarketingError
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.i18n import _
from smarketing_xl.setup.editions import is_without_macros, language_of
from smarketing_xl.setup.machine import Machine, this_machine
from smarketing_xl.setup.settings import (
    SHEET,
    file_beside,
    read_own,
    read_settings,
    strange_settings,
)
from smarketing_xl.setup.template import template_path
from smarketing_xl.setup.xlwings_module import (
    MODULE,
    is_module,
    module_text,
    modules_of,
    version_of,
)

State = Literal["good", "warning", "bad"]
SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
CLICK_TO_RUN = r"Software\Microsoft\Office\ClickToRun\Configuration"
INTERNET_ZONE = 3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: good, or what is wrong and the remedy."""

    state: State
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.text}. {self.remedy}" if self.remedy else self.text


def diagnose(path: Path | None = None, machine: Machine | None = None) -> list[Finding]:
    """What was looked at, in order; a workbook's own matters only where a path is given."""
    machine = machine or this_machine()
    findings = list(_computer(machine))
    if path is None:
        return findings
    if not path.exists():
        return [
            *findings,
            Finding("bad", _("There is no workbook {path}").format(path=path), _("Check the path")),
        ]
    for look in (_place, _mark_of_the_web, _connection, _macros):
        findings += look(path, machine)
    return findings


# --- the computer -------------------------------------------------------------------------------


def _computer(machine: Machine) -> Iterator[Finding]:
    message = _("Python {version} at {path}").format(
        version=".".join(map(str, sys.version_info[:3])), path=machine.interpreter
    )
    yield Finding("good", message)
    if machine.system == "win32":
        yield from _windows(machine)
    elif machine.system == "darwin":
        yield from _mac(machine)
    else:
        yield Finding(
            "warning",
            _("There is no Excel on this system"),
            _("Update files (--host file) or LibreOffice (--host calc) here"),
        )
    yield from _libreoffice()


def _libreoffice() -> Iterator[Finding]:
    from smarketing_xl.hosts.calc.office import program_folder
    from smarketing_xl.hosts.calc.versions import TRIED, installed

    installed_version = installed()
    if installed_version is None:
        return
    known = TRIED.get(installed_version)
    message = _("LibreOffice {version} at {path}").format(
        version=".".join(map(str, installed_version)), path=program_folder()
    )
    if known is not None:
        tried = _("Smarketing XL was tried with it on {date}").format(date=known.tried)
        yield Finding("good", f"{message}. {tried}. {_(known.arrays)}")
        return
    versions = ", ".join(".".join(map(str, version)) for version in TRIED)
    yield Finding(
        "warning",
        message,
        _("Smarketing XL was not tried with this version, but with {versions}").format(
            versions=versions
        ),
    )


def _windows(machine: Machine) -> Iterator[Finding]:
    if find_spec("pythoncom") is None:
        yield Finding("bad", _("pywin32 is missing"), _("Install it: pip install pywin32"))
    bits = {"x86": "32", "x64": "64"}.get(str(machine.registry(CLICK_TO_RUN, "Platform")))
    for each in [bits] if bits else ["32", "64"]:
        name = f"xlwings{each}-{version('xlwings')}.dll"
        folders = [machine.interpreter.parent, machine.interpreter.parent.parent]
        if any((folder / name).exists() for folder in folders):
            yield Finding("good", _("{name} is there").format(name=name))
        else:
            yield Finding(
                "bad" if bits else "warning",
                _("Excel of {bits} bits needs {name}, which is not beside Python").format(
                    bits=each, name=name
                ),
                _where_to_install(machine),
            )
    yield from _trust(machine)


def _where_to_install(machine: Machine) -> str:
    """The remedy for a library that is missing, by how Python was installed."""
    if "WindowsApps" in str(machine.interpreter):
        return _("Python of the Microsoft Store hides it: install Python from python.org")
    if machine.user_packages:
        return _(
            "pip --user put it elsewhere: make a virtual environment and install Smarketing there"
        )
    return _("Install xlwings again: pip install --force-reinstall xlwings")


def _trust(machine: Machine) -> Iterator[Finding]:
    asked = [machine.registry(key, "VBAWarnings") for key in (POLICY, SECURITY)]
    level = next((value for value in asked if value is not None), 2)
    if level in (3, 4):
        yield Finding(
            "bad",
            _("Excel runs no macros that are not signed"),
            _(
                "File, Options, Trust Center, Macro Settings: disable with notification; "
                "or make the workbook's folder a trusted location"
            ),
        )
    else:
        yield Finding("good", _("Excel lets you enable macros"))


def _mac(machine: Machine) -> Iterator[Finding]:
    name = f"xlwings-{version('xlwings')}.applescript"
    scripts = machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    if (scripts / name).exists():
        yield Finding("good", _("{name} is there").format(name=name))
    else:
        yield Finding(
            "bad",
            _("The buttons need {name}").format(name=name),
            _("Type in a terminal: xlwings runpython install"),
        )


# --- the workbook -------------------------------------------------------------------------------


def _place(path: Path, machine: Machine) -> Iterator[Finding]:
    folders = {
        value
        for name, value in machine.environ.items()
        if name.upper() in ("ONEDRIVE", "ONEDRIVECONSUMER", "ONEDRIVECOMMERCIAL") and value
    }
    inside = any(_within(path, folder) for folder in folders)
    if inside or "CloudStorage" in path.parts:
        yield Finding(
            "warning",
            _("The workbook lies in OneDrive, where Excel sees a web address instead of a folder"),
            _("If buttons fail, move it to a folder outside of OneDrive"),
        )


def _within(path: Path, folder: str) -> bool:
    if ":" in folder:
        return PureWindowsPath(path).is_relative_to(PureWindowsPath(folder))
    return path.resolve().is_relative_to(Path(folder).resolve())


def _mark_of_the_web(path: Path, machine: Machine) -> Iterator[Finding]:
    mark = Path(f"{path}:Zone.Identifier")
    try:
        text = mark.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    zones = [line.split("=")[1] for line in text.splitlines() if line.startswith("ZoneId=")]
    if any(zone.strip().isdigit() and int(zone) >= INTERNET_ZONE for zone in zones):
        yield Finding(
            "bad",
            _("Windows marked the workbook as coming from the internet: Excel blocks its macros"),
            _("In Explorer: right click, Properties, Unblock"),
        )


def _connection(path: Path, machine: Machine) -> Iterator[Finding]:
    from smarketing_xl.hosts import file

    connect = _("Type in a terminal: smarketing connect {path}").format(path=path)
    try:
        if is_without_macros(path):
            return
        book = file.open_book(path)
    except SmarketingError as error:
        yield Finding("bad", str(error.faults[0].problem), error.faults[0].remedy)
        return
    try:
        inside = read_settings(book)
        settings = read_own(machine.own_settings) | inside
    finally:
        book.close()
    interpreter = settings.get(machine.setting, "")
    if not interpreter:
        state: State = "bad" if machine.system in ("win32", "darwin") else "warning"
        yield Finding(state, _("The workbook is not connected with Python"), connect)
    elif not Path(interpreter).exists():
        yield Finding(
            "bad", _("The workbook's Python has gone: {path}").format(path=interpreter), connect
        )
    elif Path(interpreter) != machine.interpreter:
        yield Finding(
            "warning",
            _("The workbook uses another Python: {path}").format(path=interpreter),
            connect,
        )
    else:
        yield Finding("good", _("The workbook uses this Python"))
    strange = strange_settings(inside)
    if strange:
        text = _("The workbook's sheet {sheet} is not as it was built: {names}")
        yield Finding("bad", text.format(sheet=SHEET, names=", ".join(strange)), connect)
    if beside := file_beside(path):
        yield Finding(
            "bad",
            _("{file} beside the workbook can name another program").format(file=beside),
            _("Delete it, unless you made it yourself"),
        )


def _macros(path: Path, machine: Machine) -> Iterator[Finding]:
    if is_without_macros(path):
        yield Finding("good", _("The workbook's formulas are its own, without macros"))
        return
    modules = modules_of(path)
    if not {"xlwings", "Formulas", "Ribbon"} <= set(modules):
        yield Finding(
            "bad",
            _("The workbook has lost its macros"),
            _("Save as macro workbook (.xlsm); or copy your tables into a new one: smarketing new"),
        )
        return
    inside, installed = version_of(modules["xlwings"]), version("xlwings")
    if inside == installed and not is_module(modules[MODULE], module_text()):
        yield Finding(
            "bad",
            _("The module xlwings was changed by somebody"),
            _("Type in a terminal: smarketing connect {path}").format(path=path),
        )
    elif inside == installed:
        yield Finding("good", _("xlwings {version} inside and outside").format(version=inside))
    else:
        yield Finding(
            "bad",
            _("The workbook holds xlwings {inside}, installed is {installed}").format(
                inside=inside or "?", installed=installed
            ),
            _("Type in a terminal: smarketing connect {path}").format(path=path),
        )
    shipped = modules_of(template_path(language_of(Package.read_file(path))))
    others = sorted(
        name
        for name, text in modules.items()
        if name != MODULE and not is_module(text, shipped.get(name, ""))
    )
    if others:
        yield Finding(
            "warning",
            _("These macros are not those of this version: {names}").format(
                names=", ".join(others)
            ),
            _("Trust them only if you know who wrote them; else: smarketing new"),
        )
