"""Coverage-guided fuzzing of every reader, for as long as you like; needs the package atheris.

python tests/hostile/fuzz.py [-max_total_time=600] [other options of libFuzzer] [FOLDER or INPUT]

A crash is anything but a frame or a refusal. It starts from a small file of every kind; workbooks
are tried as bytes and, so that the zip around them stays whole, as the XML of their sheet. pytest
does not run this; the hypothesis tests beside it are the quick part of the same.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["smarketing_xl.leads"]):
    import polars as pl

    from smarketing_xl.errors import BadData
    from smarketing_xl.ingest import importer, mapping, readers
    from smarketing_xl.parsing.date_columns import parse_dates
    from smarketing_xl.parsing.number_columns import parse_numbers
    from smarketing_xl.parsing.text_columns import tidy

from smarketing_xl.schema.tables import LEADS

FOLDER = Path(tempfile.mkdtemp())
FILE = FOLDER / "export.csv"
WAYS: list[Callable[[bytes], None]] = []


def way(tried: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Something to try with an input; its number is the input's first byte."""
    WAYS.append(tried)
    return tried


@way
def a_file(content: bytes) -> None:
    FILE.write_bytes(content)
    readers.read_file(FILE)


@way
def a_sheet_of_excel(xml: bytes) -> None:
    a_file(_repacked(EXCEL, "xl/worksheets/sheet1.xml", xml))


@way
def a_sheet_of_opendocument(xml: bytes) -> None:
    a_file(_repacked(OPENDOCUMENT, "content.xml", xml))


@way
def an_import(text: bytes) -> None:
    FILE.write_bytes(b"Lead ID,Created,Revenue,Status,Name,Own\n" + text)
    importer.prepare(FILE, "leads")


@way
def a_mapping(toml: bytes) -> None:
    path = FOLDER / "mapping.toml"
    path.write_bytes(toml)
    mapping.load(path, LEADS)


@way
def cells(text: bytes) -> None:
    column = tidy(pl.Series(text.decode("utf-8", "replace").split("\n"), dtype=pl.String))
    for reading in (parse_numbers(column), parse_dates(column), parse_dates(column, months=True)):
        assert len(reading.values) == len(column)


def one(data: bytes) -> None:
    """The first byte chooses what is tried with the rest."""
    if len(data) < 2:
        return
    try:
        WAYS[data[0] % len(WAYS)](data[1:])
    except BadData as refused:
        assert refused.faults


# --- what it starts from ------------------------------------------------------------------------

CSV = (
    'Lead ID;Created;Name;Revenue\n1;31/12/2026 10:00;"Ana ""A""";1.234,50 €\n2;;;45 %\n'
    "3;03/04/2026;=1+1;(12)\n"
)
TOML = (
    '[columns]\nname = { join = ["A", "B"] }\n[as]\nA = "list"\n[read]\nheader = 2\nblank = ["-"]\n'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Lead ID</t></is></c><c r="B1"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="d"><v>2026-01-01</v></c></row>'
    "</sheetData></worksheet>"
)
ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _excel() -> bytes:
    import xlsxwriter

    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Lead ID", "Name", "Age"])
        sheet.write_row(1, 0, ["1", "Ana", 30])
    return whole.getvalue()


def _opendocument() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{ODF}:office:1.0" '
            f'xmlns:table="{ODF}:table:1.0" xmlns:text="{ODF}:text:1.0"><office:body>'
            '<office:spreadsheet><table:table table:name="S"><table:table-row>'
            '<table:table-cell table:number-columns-repeated="2" office:value-type="string">'
            "<text:p>a</text:p></table:table-cell></table:table-row></table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return whole.getvalue()


def _parquet() -> bytes:
    whole = io.BytesIO()
    frame = pl.DataFrame({"a": [1, None], "b": ["x", "=1"], "c": [[1], [2, 3]], "d": [True, None]})
    frame.write_parquet(whole)
    return whole.getvalue()


def _repacked(package: bytes, part: str, held: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, held if name == part else old.read(name))
    return out.getvalue()


EXCEL, OPENDOCUMENT = _excel(), _opendocument()
STARTS: tuple[tuple[Callable[[bytes], None], bytes], ...] = (
    (a_file, CSV.encode()),
    (a_file, CSV.encode("utf-16")),
    (a_file, CSV.encode("cp1252")),
    (a_file, EXCEL),
    (a_file, OPENDOCUMENT),
    (a_file, _parquet()),
    (a_sheet_of_excel, SHEET.encode()),
    (a_sheet_of_opendocument, zipfile.ZipFile(io.BytesIO(OPENDOCUMENT)).read("content.xml")),
    (an_import, b"1,2026-01-31,12.5,New,Ana,a;b\n2,,,,,\n"),
    (a_mapping, TOML.encode()),
    (cells, "1.234,50 €\n45 %\n3 de enero de 2026\n2026-01-01T10:00:00+02:00\n＝1".encode()),
)  # fmt: skip


def start(folder: Path) -> None:
    """Writes the small files of every kind."""
    for number, (tried, content) in enumerate(STARTS):
        (folder / str(number)).write_bytes(bytes([WAYS.index(tried)]) + content)


if __name__ == "__main__":
    inputs = FOLDER / "inputs"
    inputs.mkdir()
    start(inputs)
    again = any(Path(word).is_file() for word in sys.argv[1:])  # an input that was found before
    atheris.Setup(sys.argv if again else [*sys.argv, str(inputs)], one)
    atheris.Fuzz()
