"""The rows and cells found in a sheet's bytes are those that an XML parser sees; else none are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from smarketing_xl.a1.areas import letters
from smarketing_xl.hosts.file.parts import row_index
from smarketing_xl.hosts.file.parts.row_index import RowIndex, index_of

TEXTS = st.text(st.sampled_from("aZ09 =\"'>:cr/éñ≥😀\n"), max_size=12).map(
    lambda text: text.replace("&", "&amp;")
)
MARKS = st.sampled_from(["", ' s="5"', ' s="5" t="str"', ' t="inlineStr"'])
ROW_MARKS = st.sampled_from(
    ["", ' ht="18" customHeight="1"', ' spans="1:9" x14ac:dyDescent="0.25"']
)


@st.composite
def cells(draw: st.DrawFn, row: int, prefix: str) -> str:
    columns = sorted(draw(st.sets(st.integers(1, 16_384), max_size=6)))
    out = ""
    for column in columns:
        head = f'<{prefix}c r="{letters(column)}{row}"{draw(MARKS)}'
        match draw(st.integers(0, 3)):
            case 0:
                out += f"{head}/>"
            case 1:
                out += f"{head}><{prefix}v>{draw(TEXTS)}</{prefix}v></{prefix}c>"
            case 2:
                inner = f'<{prefix}t xml:space="preserve">{draw(TEXTS)}</{prefix}t>'
                out += f"{head}><{prefix}is>{inner}</{prefix}is></{prefix}c>"
            case _:
                formula = f'<{prefix}f t="shared" si="0"/><{prefix}v>{draw(TEXTS)}</{prefix}v>'
                out += f"{head}>{formula}</{prefix}c>"
    return out


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, str]:
    """The prefix of a sheet's tags, and its rows."""
    prefix = draw(st.sampled_from(["", "", "x:"]))
    out = ""
    for row in draw(st.lists(st.integers(1, 1_048_576), max_size=6, unique=True)):
        inside = draw(cells(row, prefix))
        head = f'<{prefix}row r="{row}"{draw(ROW_MARKS)}'
        out += f"{head}>{inside}</{prefix}row>" if inside else f"{head}/>"
    return prefix, out


def seen_by_a_parser(rows: str, prefix: str) -> list[tuple[str, list[tuple[str, bool]]]]:
    spaces = 'xmlns:x="x" xmlns:x14ac="y"'
    root = etree.fromstring(f"<{prefix}sheetData {spaces}>{rows}</{prefix}sheetData>".encode())
    return [
        (row.get("r"), [(cell.get("r"), len(cell) > 0) for cell in row.iterchildren()])
        for row in root.iterchildren()
    ]


def seen_by_us(index: RowIndex) -> list[tuple[str, list[tuple[str, bool]]]]:
    out = []
    for at, number in enumerate(index.numbers.tolist()):
        some = slice(index.first[at], index.first[at + 1])
        columns, filled = index.columns[some].tolist(), index.filled[some].tolist()
        out.append(
            (
                str(number),
                [(f"{letters(c)}{number}", f) for c, f in zip(columns, filled, strict=True)],
            )
        )
    return out


@given(blocks(), st.sampled_from([40, 300, 1 << 20]))
def test_what_a_parser_sees(block: tuple[str, str], stretch: int) -> None:
    prefix, rows = block
    xml = f"é<>{rows}<end>".encode()
    start, end = len("é<>".encode()), len(xml) - len("<end>")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_index, "_STRETCH", stretch)
        index = index_of(xml, start, end, prefix)
    assert index is not None
    assert seen_by_us(index) == seen_by_a_parser(rows, prefix)
    assert index.plain.all()
    for at, shape in enumerate(index.shapes):
        assert shape.columns == tuple(index.columns[index.first[at] : index.first[at + 1]].tolist())
    for first, last in zip(index.starts, index.ends, strict=True):
        assert xml[first:last].startswith(f"<{prefix}row ".encode())
        assert xml[first:last].endswith((f"</{prefix}row>".encode(), b"/>"))
    for cell in index.cells:
        assert xml[cell:].startswith(f"<{prefix}c r=".encode())


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A2"/></row>',  # of another row
        '<row r="1"><c r="A1"/></row><row r="1"/>',  # the same row twice
        '<row r="1"><c s="1" r="A1"/></row>',
        '<row r="1"><c/></row>',
        '<row r="1"><c r="a1"/></row>',
        '<row r="1"><c r="A01"/></row>',
        '<row r="1"><c r="A1" s=\'1\'/></row>',
        '<row r="1"><c r="A1"s="1"/></row>',
        '<row r="1"><c r="A1"/></row >',
        '<row r="1"><c r="A1"></c ></row>',
        '<row r="1"\tht="20"/>',
        '<row r="1"><c r="A1" s ="1"/></row>',
        '<row r="1"><c r="A1" s= "1"/></row>',
        '<row r="1"><c\nr="A1"/></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="AAAA1"/></row>',
        '<row r="1048577"/>',
        "<row><c/></row>",
        '<row r="1"><x:c r="A1"/></row>',
        '<row r="1"><c r="B1"><x:c r="A1"/></c></row>',
        '<row r="1" x="a>b"><c r="A1"/></row>',
        '<row r="1"><c r="A1" x="a>b"/></row>',
        '<row r="1"><?c r="A1"?></row>',
        '<row r="1"><row r="2"/></row>',
        '<row r="1"><c r="A1"><row r="2"/></c></row>',
        '<c r="A1"/>',
        ' <row r="1"/>',
        '<row r="1"/> <row r="2"/>',
        '<row r="1"><c r="A1"></row></c>',
        '<row r="1"><c r="A1">',
        '<row r="1"></c></row>',
        '<row r="1"',
        "text",
        "<<<",
        ">>>",
    ],
)
def test_in_doubt(rows: str) -> None:
    assert index_of(rows.encode(), 0, len(rows), "") is None


@pytest.mark.parametrize(
    "inside",
    [
        '<c r="A1"><c r="B1"/></c>',  # one inside of another
        '<c r="A1"/><extLst/>',
        '<c r="A1"/> <c r="B1"/>',
        "words",
        '<x><c r="A1"/></x>',
    ],
)
def test_a_row_with_more_than_cells(inside: str) -> None:
    rows = f'<row r="1">{inside}</row><row r="2"><c r="A2"/></row>'.encode()
    index = index_of(rows, 0, len(rows), "")
    assert index is not None
    assert index.plain.tolist() == [False, True]


def test_other_tags_that_begin_alike_are_no_cells_or_rows() -> None:
    rows = (
        b'<row r="7"><c r="B7" t="inlineStr"><is><r><rPr><charset val="0"/><color rgb="FF"/>'
        b"<rFont val='a>b'/><rFont val=\"O'Neil\"/></rPr><t\nxml:space = 'preserve'>a > b</t></r>"
        b"</is></c></row>"
    )
    index = index_of(rows, 0, len(rows), "")
    assert index is not None
    assert seen_by_us(index) == [("7", [("B7", True)])]


def test_what_is_no_text_is_a_fault() -> None:
    rows = b'<row r="1"><c r="A1"><v>\xff</v></c></row>'
    with pytest.raises(UnicodeDecodeError):
        index_of(rows, 0, len(rows), "")


def test_a_row_without_end_is_not_held_in_memory_over_and_over() -> None:
    rows = b'<row r="1">' + b'<c r="A1"/>' * 8_000_000
    assert index_of(rows, 0, len(rows), "") is None
