"""Files made to do harm are refused in one sentence."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book
from tests.hosts.file import hostile_sheets


def rebuilt(path: Path, changes: dict[str, bytes], added: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()} | changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (parts | added).items():
            new.writestr(name, data)
    return path


def read_all(path: Path) -> None:
    for sheet in open_book(path).sheets:
        _ = sheet.used_range.value


def test_a_zip_bomb_is_refused(rich: Path) -> None:
    rebuilt(rich, {}, {"xl/media/bomb.bin": b"\0" * (64 << 20)})
    with pytest.raises(WorkbookError, match="unpacks to more than 250 times its size"):
        open_book(rich)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_external_entities_are_refused(rich: Path, part: str) -> None:
    with zipfile.ZipFile(rich) as file:
        xml = file.read(part)
    head, mark, rest = xml.partition(b"?>\n")
    harm = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    rebuilt(rich, {part: head + mark + harm + rest}, {})
    with pytest.raises(WorkbookError, match="declares XML entities"):
        read_all(rich)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil", "xl\\..\\evil", "C:/evil"])
def test_paths_that_lead_outside_are_refused(rich: Path, name: str) -> None:
    rebuilt(rich, {}, {name: b"x"})
    with pytest.raises(WorkbookError, match="leads outside"):
        open_book(rich)


def test_cells_strewn_over_the_whole_sheet_do_not_fill_memory(rich: Path) -> None:
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    rebuilt(rich, {"xl/worksheets/sheet1.xml": xml}, {})
    with pytest.raises(WorkbookError, match="too wide and long"):
        read_all(rich)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("program.xlsx", b"MZ\x90\x00 this is a program"),
        ("empty.xlsx", b""),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512),
        ("data.csv", b"a,b"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match="cannot be opened"):
        open_book(path)


def test_a_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("hello.txt", "hello")
    with pytest.raises(WorkbookError, match="not a workbook"):
        open_book(path)


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damage_is_refused_or_read_but_never_a_crash(rich: Path, data: st.DataObject) -> None:
    whole = bytearray(rich.read_bytes())
    for _hit in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    path = rich.with_name("damaged.xlsm")
    path.write_bytes(bytes(whole))
    try:
        read_all(path)
    except WorkbookError as error:
        assert str(error)


PIECES = st.sampled_from(
    [
        b"<row", b"</row>", b'<c r="A1"', b"<v>1</v>", b"</c>", b"/>", b">", b' t="s"', b' r="2"',
        b"<f>", b"</f>", b"=", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&amp;",
        b"<is><t>x</t></is>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_sheet_of_scraps_is_refused_or_read(rich: Path, scraps: list[bytes]) -> None:
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + b"".join(scraps) + b"</sheetData></worksheet>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(rich) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else old.read(name))
    path = rich.with_name("scraps.xlsm")
    path.write_bytes(buffer.getvalue())
    try:
        book = open_book(path)
        book.sheets["Leads"]["C3"].value = 1
        book.save()
    except WorkbookError as error:
        assert str(error)


REFUSED = ("plain", "prefix", "shared texts", "a count of texts")


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")
def test_far_cells_bulk_and_endless_markup_are_refused_or_read_as_the_few_cells_they_are(
    rich: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.hosts.file.hostile_sheets", str(rich), str(tmp_path)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    found = {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}
    assert len(found) == len(hostile_sheets.SHEETS) + 4
    for name, (outcome, seconds, grown) in found.items():
        assert outcome.count("\n") == 0
        assert outcome.startswith(("refused ", "read $A$1")), f"{name}: {outcome}"
        assert seconds < 3, f"{name}: {seconds} s"
        assert grown < 300, f"{name}: {grown} MB"
    assert all(found[name][0].startswith("refused") for name in REFUSED)
    assert found["dimension"][0].startswith("read $A$1")
