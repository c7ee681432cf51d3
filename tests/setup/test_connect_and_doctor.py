"""Connecting a workbook with Python, and finding what keeps it from working."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pytest
from pyopenvba import ExcelFile

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import file
from smarketing_xl.setup.connect import connect_workbook
from smarketing_xl.setup.doctor import CLICK_TO_RUN, SECURITY, Finding, diagnose
from smarketing_xl.setup.machine import Machine
from smarketing_xl.setup.settings import SHIPPED as AS_BUILT
from smarketing_xl.setup.settings import read_own, read_settings, write_own, write_settings
from smarketing_xl.setup.xlwings_module import module_text, version_of

SHIPPED = Path(__file__).parents[2] / "workbook" / "Smarketing.xlsm"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return Path(shutil.copy(SHIPPED, tmp_path / "book.xlsm"))


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    """A computer with Windows, on which everything is as it should be."""
    scripts = tmp_path / "Python" / "Scripts"
    scripts.mkdir(parents=True)
    python = scripts / "python.exe"
    python.touch()
    for bits in ("32", "64"):
        (tmp_path / "Python" / f"xlwings{bits}-{version('xlwings')}.dll").touch()
    return Machine("win32", python, tmp_path)


def settings(path: Path) -> dict[str, str]:
    opened = file.open_book(path)
    try:
        return read_settings(opened)
    finally:
        opened.close()


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The parts of a package that are no longer the same bytes; none came or went."""
    assert list(before) == list(after)
    return {name for name in before if before[name] != after[name]}


def settings_part(package: dict[str, bytes]) -> str:
    """Where the sheet xlwings.conf lies."""
    sheet = re.search(rb'<sheet name="xlwings.conf"[^>]* r:id="(\w+)"', package["xl/workbook.xml"])
    assert sheet
    relations = package["xl/_rels/workbook.xml.rels"]
    for relation in re.findall(rb"<Relationship [^>]*>", relations):
        if b'Id="%s"' % sheet[1] in relation:
            return "xl/" + re.search(rb'Target="([^"]+)"', relation)[1].decode()  # type: ignore[index]
    raise AssertionError("no sheet xlwings.conf")


def troubles(findings: list[Finding]) -> list[str]:
    return [
        str(found) for found in findings if found.state != "good" and "pywin32" not in found.text
    ]


def with_older_module(path: Path) -> None:
    with ExcelFile(path) as workbook:
        older = module_text().replace(version("xlwings"), "0.30.0")
        workbook.set_module("xlwings", older.replace("\n", "\r\n"))
        workbook.save()


# --- connect ------------------------------------------------------------------------------------


def test_connecting_writes_the_interpreter_and_keeps_everything_else(
    book: Path, windows: Machine
) -> None:
    before = parts(book)
    said = connect_workbook(book, windows)
    assert any(str(windows.interpreter) in sentence for sentence in said)
    assert read_own(windows.own_settings)["INTERPRETER_WIN"] == str(windows.interpreter)
    assert settings(book)["UDF MODULES"] == "udfs.excel"
    assert differing(before, parts(book)) == set(), "others share the workbook"


def test_one_persons_path_leaves_the_workbook_that_others_share(
    book: Path, windows: Machine
) -> None:
    opened = file.open_book(book)
    person = {"INTERPRETER_WIN": "C:\\Users\\ann\\python.exe", "PYTHONPATH": "x"}
    write_settings(opened, person | AS_BUILT)
    opened.save()
    opened.close()
    before = parts(book)
    said = connect_workbook(book, windows)
    assert "INTERPRETER_WIN, PYTHONPATH no longer stand in the workbook" in said[0]
    assert not {"INTERPRETER_WIN", "PYTHONPATH"} & settings(book).keys()
    assert next(iter(settings(book))) == "UDF MODULES" and settings(book)["DEBUG UDFS"] == "False"
    assert differing(before, parts(book)) == {settings_part(before)}


def test_two_users_with_two_pythons_share_one_workbook(
    book: Path, windows: Machine, tmp_path: Path
) -> None:
    other = replace(windows, interpreter=tmp_path / "other.exe", home=tmp_path / "ben")
    other.interpreter.touch()
    for machine in (windows, other):
        connect_workbook(book, machine)
    for machine in (windows, other):
        found = str(troubles(diagnose(book, machine)))
        assert "another Python" not in found and "not connected" not in found


def test_the_users_other_settings_of_xlwings_stay(book: Path, windows: Machine) -> None:
    write_own(windows.own_settings, {"ONEDRIVE_WIN": "C:\\Ann, work", "INTERPRETER_WIN": "old.exe"})
    said = connect_workbook(book, windows)
    assert any("it was old.exe" in sentence for sentence in said)
    assert read_own(windows.own_settings)["ONEDRIVE_WIN"] == "C:\\Ann, work"


def test_connecting_twice_changes_nothing(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    before = book.read_bytes()
    assert connect_workbook(book, windows) == ["book.xlsm was already connected"]
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PYTHONPATH", "C:\\evil"), ("CONDA ENV", "mine"), ("INTERPRETER", "evil.exe"),
        ("UDF MODULES", "udfs.excel;evil"), ("DEBUG UDFS", "True"), ("NEW KEY", "x"),
    ],
)  # fmt: skip
def test_what_a_stranger_set_is_found_and_reset(
    book: Path, windows: Machine, name: str, value: str
) -> None:
    opened = file.open_book(book)
    write_settings(opened, AS_BUILT | {name: value})
    opened.save()
    opened.close()
    assert any(f"not as it was built: {name}" in said for said in troubles(diagnose(book, windows)))
    assert name in connect_workbook(book, windows)[0]
    assert settings(book) == AS_BUILT
    assert troubles(diagnose(book, windows)) == []


def test_a_changed_module_is_found_and_renewed(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    book.chmod(0o600)
    with ExcelFile(book) as workbook:
        changed = module_text() + "\nSub Auto_Open()\nEnd Sub\n"
        workbook.set_module("xlwings", changed.replace("\n", "\r\n"))
        workbook.set_module("Ribbon", "Sub Auto_Open()\r\nEnd Sub\r\n")
        workbook.save()
    found = troubles(diagnose(book, windows))
    assert [said.split(".")[0] for said in found] == [
        "The module xlwings was changed by somebody",
        "These macros are not those of this version: Ribbon",
    ]
    connect_workbook(book, windows)
    assert book.stat().st_mode & 0o777 == 0o600
    assert len(troubles(diagnose(book, windows))) == 1  # macros are for people to judge


def test_a_file_of_settings_in_the_folder_is_named(book: Path, windows: Machine) -> None:
    (book.parent / "xlwings.conf").write_text('"INTERPRETER_WIN","evil.exe"\n')
    said = connect_workbook(book, windows)
    assert any("xlwings.conf beside the workbook" in sentence for sentence in said)
    assert any("xlwings.conf beside" in said for said in troubles(diagnose(book, windows)))


def test_connecting_renews_the_module_of_xlwings_and_no_other(book: Path, windows: Machine) -> None:
    with_older_module(book)
    package = parts(book)
    with ExcelFile(book) as workbook:
        before = workbook.vba_modules()
    connect_workbook(book, windows)
    assert differing(package, parts(book)) == {"xl/vbaProject.bin"}
    with ExcelFile(book) as workbook:
        after = workbook.vba_modules()
    assert version_of(after["xlwings"]) == version("xlwings")
    assert {name for name in before if before[name] != after[name]} == {"xlwings"}
    assert not list(book.parent.glob(".*.new"))


def test_on_a_mac_the_mac_interpreter_is_written(book: Path, tmp_path: Path) -> None:
    mac = Machine("darwin", tmp_path / "python3", tmp_path)
    connect_workbook(book, mac)
    assert "com.microsoft.Excel/Data/xlwings.conf" in mac.own_settings.as_posix()
    assert read_own(mac.own_settings)["INTERPRETER_MAC"] == str(tmp_path / "python3")


def test_what_cannot_be_connected_is_refused_in_words(tmp_path: Path, windows: Machine) -> None:
    with pytest.raises(WorkbookError, match="There is no workbook"):
        connect_workbook(tmp_path / "none.xlsm", windows)


def test_a_workbook_without_our_macros_is_refused_and_left_as_it_was(
    book: Path, windows: Machine, tmp_path: Path
) -> None:
    lost = without_macros(book, tmp_path / "lost.xlsm")
    before = lost.read_bytes()
    with pytest.raises(WorkbookError, match="holds no macros of Smarketing"):
        connect_workbook(lost, windows)
    assert lost.read_bytes() == before


def test_a_workbook_open_in_excel_is_refused_and_left_as_it_was(
    book: Path, windows: Machine
) -> None:
    before = book.read_bytes()
    book.with_name(f"~${book.name}").write_bytes(b"\x03Ann")
    with pytest.raises(WorkbookError, match="open"):
        connect_workbook(book, windows)
    assert book.read_bytes() == before


# --- doctor -------------------------------------------------------------------------------------


def test_all_is_well_after_connecting(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    assert troubles(diagnose(book, windows)) == []


def test_the_spanish_workbook_is_as_it_was_built(tmp_path: Path, windows: Machine) -> None:
    book = Path(shutil.copy(SHIPPED.with_name("Smarketing.es.xlsm"), tmp_path / "libro.xlsm"))
    connect_workbook(book, windows)
    assert troubles(diagnose(book, windows)) == []


def test_a_workbook_never_connected(book: Path, windows: Machine) -> None:
    (said,) = troubles(diagnose(book, windows))
    assert "not connected" in said and "smarketing connect" in said


def test_without_excel_a_workbook_need_not_be_connected(book: Path, windows: Machine) -> None:
    found = diagnose(book, replace(windows, system="linux"))
    assert "not connected" in str(found) and not any(each.state == "bad" for each in found)


def test_an_interpreter_that_moved(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    windows.interpreter.unlink()
    assert "has gone" in troubles(diagnose(book, windows))[0]


def test_another_interpreter(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    other = windows.interpreter.with_name("python3.exe")
    other.touch()
    moved = Machine("win32", other, windows.home)
    assert "another Python" in troubles(diagnose(book, moved))[0]


def test_another_version_of_xlwings(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    with_older_module(book)
    (said,) = troubles(diagnose(book, windows))
    assert re.search(r"holds xlwings 0\.30\.0, installed is \d", said)


def test_a_workbook_from_the_internet(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    Path(f"{book}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")
    assert "Unblock" in troubles(diagnose(book, windows))[0]


def test_a_workbook_in_onedrive(book: Path, windows: Machine) -> None:
    connect_workbook(book, windows)
    inside = Machine("win32", windows.interpreter, windows.home, {"OneDrive": str(book.parent)})
    assert "OneDrive" in troubles(diagnose(book, inside))[0]


@pytest.mark.parametrize(("level", "blocked"), [(1, False), (2, False), (3, True), (4, True)])
def test_trust_settings(windows: Machine, level: int, blocked: bool) -> None:
    values = {(SECURITY, "VBAWarnings"): level}
    asked = Machine(
        "win32", windows.interpreter, windows.home, {}, lambda key, name: values.get((key, name))
    )
    assert any("not signed" in said for said in troubles(diagnose(None, asked))) is blocked


def test_excel_of_32_bits_needs_its_own_library(windows: Machine, tmp_path: Path) -> None:
    values = {(CLICK_TO_RUN, "Platform"): "x86"}
    asked = Machine(
        "win32", windows.interpreter, windows.home, {}, lambda key, name: values.get((key, name))
    )
    assert troubles(diagnose(None, asked)) == []
    (tmp_path / "Python" / f"xlwings32-{version('xlwings')}.dll").unlink()
    assert "Excel of 32 bits needs" in troubles(diagnose(None, asked))[0]


def test_the_remedy_for_a_missing_library_is_that_of_its_cause(windows: Machine) -> None:
    for library in windows.interpreter.parent.parent.glob("*.dll"):
        library.unlink()
    assert "force-reinstall" in str(diagnose(None, windows))
    by_user = str(diagnose(None, replace(windows, user_packages=True)))
    assert "virtual environment" in by_user and "reinstall" not in by_user
    store = windows.interpreter.parents[2] / "WindowsApps" / "python.exe"
    assert "python.org" in str(diagnose(None, replace(windows, interpreter=store)))


def test_a_mac_without_the_script_of_xlwings(tmp_path: Path) -> None:
    mac = Machine("darwin", tmp_path / "python3", tmp_path)
    assert "xlwings runpython install" in troubles(diagnose(None, mac))[0]
    folder = tmp_path / "Library" / "Application Scripts" / "com.microsoft.Excel"
    folder.mkdir(parents=True)
    (folder / f"xlwings-{version('xlwings')}.applescript").touch()
    assert troubles(diagnose(None, mac)) == []


@pytest.mark.parametrize(
    ("product", "state", "said"),
    [
        ("LibreOffice 25.2", "good", "LibreOffice 25.2 at"),
        ("LibreOfficeDev 99.8", "warning", "not tried with this version, but with 7.4, 25.2"),
    ],
)
def test_the_version_of_libreoffice(
    windows: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    product: str,
    state: str,
    said: str,
) -> None:
    monkeypatch.setenv("SMARKETING_LIBREOFFICE", str(tmp_path))
    (tmp_path / "bootstraprc").write_text(f"[Bootstrap]\nProductKey={product}\n")
    (found,) = [it for it in diagnose(None, windows) if "LibreOffice" in str(it)]
    assert found.state == state
    assert said in str(found)


def test_a_workbook_that_is_not_there(tmp_path: Path, windows: Machine) -> None:
    assert "no workbook" in troubles(diagnose(tmp_path / "none.xlsm", windows))[0]


def test_macros_lost_by_saving_as_xlsx(book: Path, windows: Machine, tmp_path: Path) -> None:
    connect_workbook(book, windows)
    lost = without_macros(book, tmp_path / "lost.xlsm")
    assert any("lost its macros" in said for said in troubles(diagnose(lost, windows)))


def test_a_stranger_without_macros_and_a_file_that_is_no_workbook_are_sentences(
    windows: Machine, tmp_path: Path
) -> None:
    stranger, text = tmp_path / "stranger.xlsx", tmp_path / "text.csv"
    openpyxl.Workbook().save(stranger)
    text.write_text("a,b\n")
    assert any("lost its macros" in said for said in troubles(diagnose(stranger, windows)))
    with pytest.raises(WorkbookError, match="no macros of Smarketing"):
        connect_workbook(stranger, windows)
    for ask in (diagnose, connect_workbook):
        with pytest.raises(WorkbookError, match=r"text.csv.*not an \.xlsx or \.xlsm workbook"):
            ask(text, windows)


def without_macros(book: Path, lost: Path) -> Path:
    """What Excel leaves of a workbook that was saved without its macros."""
    with zipfile.ZipFile(book) as package, zipfile.ZipFile(lost, "w") as without:
        for name in package.namelist():
            data = package.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                data = re.sub(rb"<Relationship [^>]*vbaProject[^>]*/>", b"", data)
            if name != "xl/vbaProject.bin":
                without.writestr(name, data)
    return lost
