"""What cells hold is what another reader finds, and what the format says of odd ones."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing_xl.a1.areas import Area, letters
from smarketing_xl.errors import CellError, WorkbookError
from smarketing_xl.hosts.file.model.document import Document
from smarketing_xl.hosts.file.parts import cell_values, row_index, shared_texts
from smarketing_xl.hosts.file.parts.cell_xml import escape, tidy

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FORMATS = [
    "General", "0.00", "d/m/yyyy", "dd/mm/yyyy hh:mm", "h:mm AM/PM", "[h]:mm", "ss.0", "mmm yy;@",
    "0.00;d", '"d"0', "[$-409]d mmm", "[Red]0", "_d0", r"0\d", "#,##0\\ [$B/.-480]", "yyyy\" h\"",
]  # fmt: skip
SHARED = [
    "<si><t>uno</t></si>",
    '<si><t xml:space="preserve"> dos </t></si>',
    "<si><t>&lt;tres&gt; &#233; _x000D_</t></si>",
    "<si><r><rPr><b/></rPr><t>cua</t></r><r><t>tro</t></r><rPh sb='0' eb='1'><t>4</t></rPh></si>",
    "<si/>",
    "<si><t>seis</t><phoneticPr fontId='1'/></si>",
]
PLAIN = [
    "<si><t>uno</t></si>",
    '<si><t xml:space="preserve"> dos &#10;</t></si>',
    "<si><t>&lt;tres&gt; &#233; _x000D_</t></si>",
    "<si><t> si>cuatro </t></si>",
    "<si><t></t></si>",
    "<si><t>seis</t></si>",
]


def package(rows: str, shared: list[str] | None = None, date_1904: bool = False) -> bytes:
    """A workbook of one sheet, whose style n + 1 has the format n."""
    texts = "".join(SHARED if shared is None else shared)
    styles = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{escape(form).replace(chr(34), "&quot;")}"/>'
        for at, form in enumerate(FORMATS)
    )
    looks = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(FORMATS)))
    kinds = {
        "worksheet": "sheet1.xml",
        "styles": "styles.xml",
        "sharedStrings": "sharedStrings.xml",
    }
    links = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{part}"/>'
        for at, (kind, part) in enumerate(kinds.items())
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date_1904)}"/>'
        '<sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/sheet1.xml": f'<worksheet xmlns="{MAIN}" xmlns:x14ac="urn:x">'
        f"<sheetData>{rows}</sheetData></worksheet>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{styles}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{looks}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, text in parts.items():
            new.writestr(name, text.encode())
    return out.getvalue()


def ours(path: Path, data: bytes) -> list[list[Any]]:
    path.write_bytes(data)
    return trimmed(Document(path, read_only=True).sheets[0].grid)


def theirs(data: bytes) -> list[list[Any]]:
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    return trimmed([[tidy(cell) for cell in row] for row in rows])


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Rows without the blanks at their ends, as far as any is filled."""
    out = [list(row) for row in rows]
    for row in out:
        while row and row[-1] is None:
            row.pop()
    while out and not out[-1]:
        out.pop()
    return out


NUMBERS = st.one_of(
    st.floats(0, 3_000_000, allow_nan=False).map(repr),
    st.integers(0, 50_000).map(str),
    st.sampled_from(["1E3", ".5", "60", "59.999", "61", "2958465.5", "1e300"]),
)
WORDS = st.text(st.sampled_from("añ€😀 b&<>'\"\n_x0041_"), min_size=1, max_size=9)
MILLISECOND, SECOND = dt.timedelta(milliseconds=1), 1 / 86_400
STYLES = st.integers(0, len(FORMATS))


@st.composite
def a_cell(draw: st.DrawFn, at: str) -> str:
    style = draw(STYLES)
    marks = f' s="{style}"' if style else draw(st.sampled_from(["", ' s="0"']))

    def cell(kind: str, inside: str) -> str:
        both = [marks, f' t="{kind}"' if kind else draw(st.sampled_from(["", ' t="n"']))]
        further = draw(st.sampled_from(["", "", "", ' cm="1"', ' ph="1"']))
        return f'<c r="{at}"{"".join(draw(st.permutations(both)))}{further}>{inside}</c>'

    formula = draw(st.sampled_from(["", "", "<f>1+1</f>", '<f t="shared" si="0"/>']))
    word = draw(WORDS)
    match draw(st.integers(0, 8)):
        case 0 | 1:
            number = draw(NUMBERS)
            if style and FORMATS[style - 1] == "[h]:mm":
                number = "1.5"  # their length of time has a limit
            return cell("", f"{formula}<v>{number}</v>")
        case 2:
            return cell("s", f"<v>{draw(st.integers(0, len(SHARED) - 1))}</v>")
        case 3:
            inner = f'<is><t xml:space="preserve">{escape(word)}</t></is>'
            return cell("inlineStr", inner)
        case 4:
            plain = f"<is><t>{escape(word)}</t></is>"
            rich = (
                f'<is><r><t>x</t></r><r><rPr/><t xml:space="preserve">{escape(word)}</t></r></is>'
            )
            return cell("inlineStr", draw(st.sampled_from([plain, rich])))
        case 5:
            return cell("str", f"{formula}<v>{escape(word)}</v>")
        case 6:
            return cell("b", f"{formula}<v>{draw(st.integers(0, 1))}</v>")
        case 7:
            return f'<c r="{at}"{marks}/>'
        case _:
            return f'<c r="{at}"{marks}>{formula}</c>'


@st.composite
def some_rows(draw: st.DrawFn) -> str:
    out = ""
    for row in sorted(draw(st.sets(st.integers(1, 60), max_size=8))):
        columns = sorted(draw(st.sets(st.integers(1, 30), max_size=8)))
        cells = "".join(draw(a_cell(f"{letters(column)}{row}")) for column in columns)
        out += f'<row r="{row}" x14ac:dyDescent="0.25">{cells}</row>'
    return out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    some_rows(),
    st.sampled_from([SHARED, PLAIN, [*PLAIN[:3], "<si/>", *PLAIN[4:]]]),
    st.booleans(),
    st.sampled_from([200, 1 << 20]),
    st.sampled_from([7, 1 << 15]),
)
def test_another_reader_finds_the_same(
    tmp_path: Path, rows: str, shared: list[str], date_1904: bool, stretch: int, band: int
) -> None:
    data = package(rows, shared, date_1904)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_index, "_STRETCH", stretch)
        patch.setattr(cell_values, "_BAND", band)
        found, expected = ours(tmp_path / "b.xlsx", data), theirs(data)
    assert list(map(len, found)) == list(map(len, expected))
    for one, other in zip(chain(*found), chain(*expected), strict=True):
        assert type(one) is type(other)
        assert one == other or abs(one - other) <= (
            MILLISECOND if isinstance(one, dt.datetime) else SECOND  # they cut times of day
        )


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="e"><v>#SPILL!</v></c>', "#SPILL!"),  # their reader refuses the sheet
        ('<c r="A1" t="e" vm="1"><v>#VALUE!</v></c>', CellError.VALUE),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError.DIV0),
        ('<c r="A1"><v><![CDATA[5]]></v></c>', 5.0),
        ('<c r="A1" t="n"><v>abc</v></c>', "abc"),
        ('<c r="A1"><v> 5 </v></c>', 5.0),
        ('<c r="A1"><v>2024-01-05</v></c>', "2024-01-05"),
        ('<c r="A1"><v>-</v></c>', "-"),
        ('<c r="A1" t="b"><v>TRUE</v></c>', True),
        ('<c r="A1" t="d"><v>12:00:00</v></c>', 0.5),
        ('<c r="A1" t="str"><v>don&#226;&#128;&#153;t</v></c>', "don\u00e2\u0080\u0099t"),
        ('<c r="A1" t="str"><v>_xD800_ _x0041_</v></c>', "_xD800_ A"),
        ('<c r="A1" t="str"><v>&#9999999; &apos;&#x41;</v></c>', "&#9999999; 'A"),
        ('<c r="A1"><v>1_0</v></c>', "1_0"),
        ('<c r="A1"><v>inf</v></c>', "inf"),
        ('<c r="A1"><v>1e400</v></c>', CellError.NUM),
        ('<c r="A1" t="b"><v>true</v></c>', True),
        (f'<c r="A1" xmlns:a="{MAIN}"><a:v>7</a:v></c>', 7.0),
        ('<c r="A1" t="inlineStr"><is><t> a </t></is></c>', "a"),
        ('<c r="A1" t="inlineStr"><is><t>a<!-- b -->c</t></is></c>', "ac"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve">a\r\nb\rc</t></is></c>', "a\nb\nc"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', None),
        ('<c r="A1" t="d"><v>2026-03-01T10:30:00</v></c>', dt.datetime(2026, 3, 1, 10, 30)),
        ('<c r="A1" t="d"><v>2026-03-01</v></c>', dt.datetime(2026, 3, 1)),
        ('<c r="A1" t="d"><v>soon</v></c>', "soon"),
        ('<c r="A1"><is><t>no type</t></is></c>', "no type"),
        ('<c r="A1" s="99999"><v>45000</v></c>', 45000.0),
        ('<c r="A1" s="4294967299"><v>45000</v></c>', 45000.0),
        ('<c r="A1" s="3"><v>45000.25</v></c>', dt.datetime(2023, 3, 15, 6)),
        ('<c r="A1" s="3"><v>0.25</v></c>', 0.25),
        ('<c r="A1" s="3"><v>-3</v></c>', -3.0),
        ('<c r="A1" s="6"><v>1.5</v></c>', 1.5),
        ('<c r="A1" s="3"><v>2958466</v></c>', 2958466.0),
        ('<c r="A1"><v>5</v></c><c r="A1"><v>6</v></c>', 6.0),
    ],
)  # fmt: skip
def test_what_the_format_says(tmp_path: Path, cell: str, value: object) -> None:
    ((found,),) = ours(tmp_path / "b.xlsx", package(f'<row r="1">{cell}</row>')) or [[None]]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v>6</v></c>',  # there are six
        '<c r="A1" t="s"><v>-1</v></c>',
        '<c r="A1" t="s"><v>x</v></c>',
        '<c r="A1" t="s"><v>99999999999999999999999</v></c>',
        '<c r="A1" t="b"><v>2</v></c>',
        '<c r="A1" t="zz"><v>5</v></c>',
        '<c r="A1"><c r="B1"><v>5</v></c></c>',
    ],
)
def test_a_cell_that_says_what_cannot_be(tmp_path: Path, cell: str) -> None:
    with pytest.raises(WorkbookError, match="damaged"):
        ours(tmp_path / "b.xlsx", package(f'<row r="1">{cell}</row>'))


@pytest.mark.parametrize("shared", ["<si><t>a</si>", "<si><r><t>a</t></r></si><si", "<si>&x;</si>"])
def test_shared_texts_that_are_no_xml(tmp_path: Path, shared: str) -> None:
    with pytest.raises(WorkbookError, match="damaged"):
        ours(tmp_path / "b.xlsx", package(many(3), [shared]))


def test_rows_in_another_order(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="B3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'
    assert ours(tmp_path / "b.xlsx", package(rows)) == [[1.0], [], [None, 3.0]]


def test_texts_alike_are_held_once(tmp_path: Path) -> None:
    cell = '<c r="{}{}" t="inlineStr"><is><t>Referral partner</t></is></c>'
    rows = "".join(f'<row r="{n}">{cell.format("A", n)}{cell.format("B", n)}</row>' for n in (1, 2))
    found = ours(tmp_path / "b.xlsx", package(rows))
    assert len({id(text) for row in found for text in row}) == 1


def many(count: int) -> str:
    return "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, count))


def test_how_much_text_the_cells_come_to_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = package(many(40), shared=["<si><t>ñandú</t></si>"])
    monkeypatch.setattr(shared_texts, "MOST_TEXT", 39 * len("ñandú".encode()))
    assert len(ours(tmp_path / "b.xlsx", data)) == 39
    monkeypatch.setattr(shared_texts, "MOST_TEXT", 39 * len("ñandú".encode()) - 1)
    with pytest.raises(WorkbookError, match="256 MB of text"):
        ours(tmp_path / "b.xlsx", data)


def without(part: str) -> Callable[[bytes], bytes]:
    def taken(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                if name != part:
                    text = old.read(name).decode()
                    new.writestr(name, text.replace(f'Target="{part[3:]}"', 'Target="gone.xml"'))
        return out.getvalue()

    return taken


def test_a_workbook_without_shared_texts(tmp_path: Path) -> None:
    data = without("xl/sharedStrings.xml")(package('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert ours(tmp_path / "b.xlsx", data) == [[1.0]]
    with pytest.raises(WorkbookError, match="damaged"):
        ours(tmp_path / "b.xlsx", without("xl/sharedStrings.xml")(package(many(3))))


def test_a_formula_that_reads_an_error_of_a_newer_excel_is_no_sum(tmp_path: Path) -> None:
    """Where it is caught the answer is known; else the office suite is asked."""
    rows = (
        '<row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>1</v></c>'
        '<c r="C1"><f>SUM(A1:B1)</f><v>1</v></c><c r="D1"><f>IFERROR(A1,7)+B1</f><v>1</v></c></row>'
    )
    path = tmp_path / "b.xlsx"
    path.write_bytes(package(rows))
    document = Document(path)
    sheet = document.sheets[0]
    sheet.write(Area(1, 2, 1, 2), [[5.0]])
    document.calculate()
    assert sheet.values(Area(1, 3, 1, 4)) == [[None, 12.0]]
