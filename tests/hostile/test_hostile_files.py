"""Files made to harm are refused with one sentence, and read nothing into memory first."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from smarketing_xl.errors import BadData
from smarketing_xl.ingest.importer import prepare
from smarketing_xl.ingest.limited import read_limited
from smarketing_xl.ingest.readers import read_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(path: Path, rows: str, **parts: str) -> Path:
    """A workbook of one sheet, written by hand; further parts by name (__ is /)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Leads" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        )
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def ods(path: Path, rows: str, declared: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f'<?xml version="1.0"?>{declared}'
            f'<office:document-content xmlns:office="{ODF}:office:1.0" '
            f'xmlns:table="{ODF}:table:1.0" xmlns:text="{ODF}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def cell(address: str, value: str = "1") -> str:
    return f'<c r="{address}"><v>{value}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def refusal(path: Path) -> str:
    with pytest.raises(BadData) as caught:
        read_file(path)
    assert len(caught.value.faults) == 1
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 300
    return sentence


GOOD = row(1, cell("A1"), cell("B1")) + row(2, cell("A2", "7"), cell("B2", "8"))


def test_the_handmade_workbook_is_read_when_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    assert read_file(xlsx(tmp_path / "a.xlsx", GOOD)).frame.rows() == [(7.0, 8.0)]


# --- what is no table ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03" + bytes(200),
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"%PDF-1.7 endless",
        b"\x1f\x8b\x08\x00" + bytes(50),
        b"(\xb5/\xfd" + bytes(50),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"Lead ID,Name\n1,\x00\x00Ana\n",
        b"#!/bin/sh\nrm -rf\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)
@pytest.mark.parametrize("name", ["leads.csv", "leads.xlsx"])
def test_a_stranger_under_a_tables_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert "is not a table" in refusal(path)


@pytest.mark.parametrize("content", ["<html><table><tr><td>1", "<?xml version='1.0'?><a/>"])
def test_a_web_page_under_the_name_of_a_workbook(tmp_path: Path, content: str) -> None:
    path = tmp_path / "export.xls"
    path.write_text(content)
    assert "web page" in refusal(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("../../etc/passwd", "x")
    assert "is not a table" in refusal(path)


def test_a_zip_cut_short(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "a.xlsx", GOOD).read_bytes()
    for size in range(4, len(whole), 97):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:size])
        refusal(path)


def test_an_empty_file_a_folder_a_pipe_and_nothing_at_all(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert "is empty" in refusal(empty)
    assert "is not a file" in refusal(tmp_path)
    assert "is not a file" in refusal(pipe)
    assert "is not a file" in refusal(Path("/dev/zero"))
    assert "cannot be found" in refusal(tmp_path / "absent.csv")
    assert "cannot be found" in refusal(Path("bad\0name.csv"))


def test_names_that_play_tricks_are_only_names(tmp_path: Path) -> None:
    for name in ("=cmd|' -C calc'!A0.csv", "a*.csv", "[a].csv", "..csv", "http:a.csv"):
        path = tmp_path / name
        path.write_text("Lead ID\n1\n")
        assert read_file(path).frame.rows() == [("1",)]
    (tmp_path / "other.csv").write_text("secret\n1\n")
    assert "cannot be found" in refusal(tmp_path / "o*.csv")
    loud = tmp_path / ("x" * 100 + "\n\x1b[31m.csv")
    loud.write_bytes(b"MZ\0")
    assert "\x1b" not in refusal(loud)


# --- workbooks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["xl__vbaProject_dot_bin", "xl__macrosheets__sheet1_dot_xml", "xl__VBAPROJECT_dot_BIN"]
)
def test_macros(tmp_path: Path, part: str) -> None:
    assert "has macros" in refusal(xlsx(tmp_path / "a.xlsx", GOOD, **{part: "x"}))


def test_macros_of_an_opendocument(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", "")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("Basic/Standard/Module1.xml", "<x/>")
    assert "has macros" in refusal(path)


def test_external_entities(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert "entities" in refusal(xlsx(tmp_path / "a.xlsx", GOOD, docProps__app_dot_xml=bomb))
    assert "entities" in refusal(ods(tmp_path / "a.ods", "", bomb))


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    xlsx(path, GOOD)
    piece = bytes(1 << 22)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/media/a.bin", "w", force_zip64=True) as part,
    ):
        for _ in range(160):
            part.write(piece)
    assert path.stat().st_size < 1_000_000
    assert "unpacks to more" in refusal(path)


def test_a_workbook_of_very_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for number in range(10_001):
            package.writestr(f"{number}", "")
    assert "unpacks to more" in refusal(path)


@pytest.mark.parametrize(
    "rows",
    [
        row(1, cell("A1")) + row(1048576, cell("XFD1048576")),
        row(1, cell("A1"), cell("ZZZZZ1")),
        row(1, cell("A1"), cell("ZZZZZZZZZZ99999999999")),
        row(1, cell("A1")) + row(500000, cell("ZZ500000")) + row(2, cell("A2")),
    ],
)
def test_sheets_that_span_more_than_memory(tmp_path: Path, rows: str) -> None:
    assert "unpacks to more" in refusal(xlsx(tmp_path / "a.xlsx", rows))


@pytest.mark.parametrize(
    ("columns", "rows"), [(16_384, 1_048_576), (1_000_000_000, 1), (3, 1_000_000_000)]
)
def test_an_opendocument_that_repeats_without_end(tmp_path: Path, columns: int, rows: int) -> None:
    path = ods(
        tmp_path / "a.ods",
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'office:value-type="string" table:number-columns-repeated="{columns}">'
        "<text:p>x</text:p></table:table-cell></table:table-row>",
    )
    assert "unpacks to more" in refusal(path)


TEXT_CELL = 'table:table-cell office:value-type="string"'


@pytest.mark.parametrize(
    "rows",
    [
        # cells that hold a value and no text
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
        "</table:table-row>",
        '<table:table-row table:number-rows-repeated="10000"><table:table-cell '
        f'office:value-type="string" office:string-value="{"x" * 30_000}" '
        'table:number-columns-repeated="100"/></table:table-row>',
        # spaces by number
        f'<table:table-row><{TEXT_CELL}><text:p>x<text:s text:c="2000000000"/></text:p>'
        "</table:table-cell></table:table-row>",
        # more paragraphs than a cell has
        f"<table:table-row><{TEXT_CELL}>{'<text:p/>' * 20_000}</table:table-cell>"
        "</table:table-row>",
        # tables that are small one by one
        "</table:table><table:table>".join(
            [
                f'<table:table-row table:number-rows-repeated="1000"><{TEXT_CELL} '
                'table:number-columns-repeated="900"><text:p>x</text:p></table:table-cell>'
                "</table:table-row>"
            ]
            * 3
        ),
    ],
)
def test_an_opendocument_that_says_much_in_few_bytes(tmp_path: Path, rows: str) -> None:
    path = ods(tmp_path / "a.ods", rows)
    assert path.stat().st_size < 10_000
    assert "unpacks to more" in refusal(path)


SHARED = f'''<Relationships xmlns="{PACKAGE}">
<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'''


def sharing(path: Path, texts: list[str], cells_xml: str) -> Path:
    """A workbook whose cells name shared texts by number."""
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    whole = xlsx(
        path.with_suffix(".zip"),
        row(1, cell("A1")) + cells_xml,
        xl__sharedStrings_dot_xml=f'<sst xmlns="{MAIN}">{strings}</sst>',
    )
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, SHARED if "workbook.xml.rels" in name else old.read(name))
    return path


def named(count: int, value: str = "<v>1</v>") -> str:
    return "".join(row(at, f'<c r="A{at}" t="s">{value}</c>') for at in range(2, count + 2))


@pytest.mark.parametrize("value", ["<v>1</v>", "<v><![CDATA[1]]></v>", "<v>&#49;</v>"])
def test_a_long_text_that_very_many_cells_name(tmp_path: Path, value: str) -> None:
    path = sharing(tmp_path / "a.xlsx", ["Name", "x" * 30_000], named(40_000, value))
    assert path.stat().st_size < 300_000  # and 1.2 GB in memory
    assert "unpacks to more" in refusal(path)
    assert "unpacks to more" in refusal(sharing(path, ["Name", "x" * 2_000_000], named(1)))


def test_long_texts_that_few_cells_name_are_read(tmp_path: Path) -> None:
    many = named(50_000, "<v>0</v>") + row(60_000, '<c r="A60000" t="s"><v>1</v></c>')
    frame = read_file(sharing(tmp_path / "a.xlsx", ["Name", "x" * 30_000], many)).frame
    assert frame.to_series(0).str.len_chars().max() == 30_000


def test_an_opendocument_that_repeats_a_long_text(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        '<table:table-row table:number-rows-repeated="1000"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="100">'
        f"<text:p>{'x' * 30_000}</text:p></table:table-cell></table:table-row>",
    )
    assert "unpacks to more" in refusal(path)


# --- text and Parquet ---------------------------------------------------------------------------


def test_a_line_of_four_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.write(b"Lead ID\n")
        stream.seek(4 << 30)
        stream.write(b"x")
    assert "is larger than" in refusal(path)


def test_a_line_longer_than_any_record(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Lead ID\n" + b"x" * (9 << 20))
    assert "line longer than" in refusal(path)


def test_a_million_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a," * 100_000 + "\n")
    assert "more rows or columns" in refusal(path)


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Lead ID,Name\n1,"Ana\n' + "2,Ben\n" * 50)
    assert "quotation mark" in refusal(path)


@pytest.mark.parametrize("content", [b"\r\n", b"\n", b"\xef\xbb\xbf", b",,\n,,\n", b"  \n"])
def test_a_file_with_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert "no header row" in refusal(path)


def test_a_file_with_nothing_but_the_mark_of_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\xfe")
    assert "is empty" in refusal(path)


def test_a_parquet_file_that_says_much_in_few_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    blank = pl.repeat(None, 1_000_000, dtype=pl.Int8, eager=True)
    pl.DataFrame({f"c{number}": blank for number in range(80)}).write_parquet(path)
    assert path.stat().st_size < 1_000_000
    assert "unpacks to more" in refusal(path)


def test_a_parquet_file_that_says_one_long_text_very_often(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"Name": ["x" * 20_000] * 60_000}).write_parquet(path)
    assert path.stat().st_size < 100_000
    assert "unpacks to more" in refusal(path)


def test_a_parquet_file_cut_short(tmp_path: Path) -> None:
    whole = io.BytesIO()
    pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}).write_parquet(whole)
    content = whole.getvalue()
    for size in range(5, len(content), 11):
        path = tmp_path / "cut.parquet"
        path.write_bytes(content[:size])
        refusal(path)


def test_headers_that_mean_something_to_a_library_are_only_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Lead ID,*,^.*$,at,person\n1,a,b,c,d\n1,a,b,c,d\n2,e,f,g,h\n")
    table = prepare(path, "leads").table
    assert table[["lead_id", "*", "^.*$", "at", "person"]].to_numpy().tolist() == [
        ["1", "a", "b", "c", "d"],
        ["2", "e", "f", "g", "h"],
    ]
    whole = tmp_path / "a.parquet"
    pl.DataFrame({"*": [{"x": 1}], "^.*$": [["a", "b"]], "Lead ID": ["1"]}).write_parquet(whole)
    assert read_file(whole).frame.rows() == [("a; b", "1")]


def test_rows_that_nothing_tells_apart_are_faults_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Lead ID,Name\n1,Ana\n,Ben\n,\n3,Eva\n")
    with pytest.raises(BadData, match="row 3, Lead ID: is blank"):
        prepare(path, "leads")


# --- memory -------------------------------------------------------------------------------------

_WATCHED = """
import resource, sys
from pathlib import Path
from smarketing_xl.ingest import readers, spreadsheet_reader
from smarketing_xl.errors import BadData
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    readers.read_file(Path(sys.argv[1]))
except BadData:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_refusing_costs_little_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    xlsx(bomb, row(1, cell("A1")) + row(1048576, cell("XFD1048576")))
    line = tmp_path / "line.csv"
    line.write_bytes(b"a\n" + b"x" * (200 << 20))
    for path in (bomb, line):
        done = subprocess.run(
            [sys.executable, "-c", _WATCHED, str(path)],
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30)),
        )
        assert int(done.stdout) < 260, f"{path.name}: {done.stdout} MB"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def renamed(path: Path, xml: str) -> Path:
    """The handmade workbook with another part for its sheet."""
    xlsx(path, GOOD)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = next(name for name in parts if "worksheets/" in name and name.endswith(".xml"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, xml if name == sheet else content)
    return path


@pytest.mark.parametrize(
    "xml",
    [
        f'<worksheet xmlns="{MAIN}"><sheetData>{row(1, cell("A1"))}<row r="1048576">'
        f"{'<c/>' * 16_383}<c><v>1</v></c></row></sheetData></worksheet>",
        f'<worksheet xmlns="{MAIN}"><sheetData>{row(1, cell("A1"))}'
        '<row r="1048576"><c x="a>b" r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
        f'<\u00fc:worksheet xmlns:\u00fc="{MAIN}"><\u00fc:sheetData><\u00fc:row r="1">'
        '<\u00fc:c r="A1"><\u00fc:v>1</\u00fc:v></\u00fc:c></\u00fc:row><\u00fc:row r="1048576">'
        '<\u00fc:c r="XFD1048576"><\u00fc:v>1</\u00fc:v></\u00fc:c></\u00fc:row>'
        "</\u00fc:sheetData></\u00fc:worksheet>",
    ],
    ids=["cells without addresses", "a > in an attribute", "a prefix that is not ASCII"],
)
def test_far_cells_that_no_look_at_the_text_sees(tmp_path: Path, xml: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "than a file of leads can" in refusal(renamed(tmp_path / "a.xlsx", xml))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 << 10


def test_a_file_that_takes_long_is_refused(tmp_path: Path) -> None:
    rows = "".join(
        row(at, *(cell(f"{name}{at}") for name in "ABCDEFGH")) for at in range(1, 90_000)
    )
    with pytest.raises(BadData, match="more memory or time"):
        read_limited(xlsx(tmp_path / "a.xlsx", rows), seconds=1)
