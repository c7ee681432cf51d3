"""Documents as PDF, where no office suite is there to export one. The same text, the same bytes."""

from __future__ import annotations

from typing import Any

from smarketing_xl.i18n import _
from smarketing_xl.reports.document import (
    Document,
    Row,
    Section,
    all_numbers,
    is_number,
)
from smarketing_xl.reports.fonts import PLAIN, drawable, marked_up

TEAL, GREY, LIGHT = "#0F6E6E", "#5F6B6B", "#D9E2E2"
_MARGIN = 56.0
_WIDTH = 595.28 - 2 * _MARGIN
_PADDING = 14.0


def render(document: Document) -> bytes:
    """The document as a PDF on A4."""
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=document.title,
        author=document.subtitle,
        invariant=1,
    )
    template.build(_story(document), onFirstPage=_footer, onLaterPages=_footer)
    return out.getvalue()


def _story(document: Document) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    looks = _looks()
    story: list[Any] = [Paragraph(marked_up(document.title), looks["title"])]
    if document.subtitle:
        story.append(Paragraph(marked_up(document.subtitle), looks["subtitle"]))
    *sections, last = (_section(section, looks) for section in document.sections)
    if document.signatures:  # never on a page without what is signed
        last += [Spacer(1, 30), _signatures(document, looks)]
    for parts in (*sections, last):
        story.append(KeepTogether(parts))
    return story


def _section(section: Section, looks: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    from smarketing_xl.reports.charts import drawing

    story: list[Any] = [Paragraph(marked_up(section.title), looks["heading"])]
    story += [Paragraph(marked_up(text), looks["text"]) for text in section.paragraphs]
    if section.rows:
        story += [_table(section, looks), Spacer(1, 4)]
    if section.chart:
        story.append(drawing(section.chart, _WIDTH))
    return story


def _table(section: Section, looks: dict[str, Any]) -> Any:
    from reportlab.platypus import Paragraph, Table, TableStyle

    def line(row: Row, look: str) -> list[Any]:
        numeric = [bool(at) and is_number(cell) for at, cell in enumerate(row)]
        return [
            Paragraph(marked_up(cell), looks[f"{look}-right" if right else look])
            for cell, right in zip(row, numeric, strict=True)
        ]

    head = [_head(section, looks)] if section.header else []
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LIGHT),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    if head:
        style.append(("LINEBELOW", (0, 0), (-1, 0), 1, TEAL))
    rows = [*head, *(line(row, "cell") for row in section.rows)]
    return Table(rows, colWidths=widths(section), style=TableStyle(style), repeatRows=len(head))


def _head(section: Section, looks: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph

    columns = list(zip(*section.rows, strict=True))
    return [
        Paragraph(
            marked_up(title),
            looks["head-right" if at and all_numbers(columns[at]) else "head"],
        )
        for at, title in enumerate(section.header)
    ]


def widths(section: Section) -> list[float]:
    """Column widths at which no word breaks; what is left goes to the columns that say most."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    def points(text: str) -> float:
        return float(stringWidth(text, "Helvetica-Bold", 9))

    lines = [section.header, *section.rows] if section.header else section.rows
    columns = list(zip(*lines, strict=True))
    words = [max(points(word) for cell in each for word in [*cell.split(), ""]) for each in columns]
    wanted = [max(map(points, each)) for each in zip(*section.rows, strict=True)]  # titles wrap
    least = [word + _PADDING for word in words]
    more = [max(full - word, 0) + 1 for full, word in zip(wanted, words, strict=True)]
    spare = max(_WIDTH - sum(least), 0.0)
    return [low + spare * extra / sum(more) for low, extra in zip(least, more, strict=True)]


def _signatures(document: Document, looks: dict[str, Any]) -> Any:
    from reportlab.platypus import Paragraph, Table, TableStyle

    def block(role: str, name: str) -> Any:
        cells = Paragraph(marked_up(role), looks["head"]), Paragraph(marked_up(name), looks["cell"])
        date = Paragraph(marked_up(_("Date and signature")), looks["small"])
        style = TableStyle([("LINEBELOW", (0, 2), (0, 2), 0.7, GREY)])
        rows = [[cells[0]], [cells[1]], [""], [date]]
        return Table(rows, colWidths=[width - 24], rowHeights=[16, 16, 44, 16], style=style)

    width = _WIDTH / len(document.signatures)
    blocks = [block(*signature) for signature in document.signatures]
    return Table([blocks], colWidths=[width] * len(blocks))


def _looks() -> dict[str, Any]:
    from reportlab.lib.enums import TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    def look(name: str, size: float, **more: Any) -> Any:
        given = {"fontName": "Helvetica", "leading": size * 1.35, **more}
        return ParagraphStyle(name, fontSize=size, **given)

    bold = {"fontName": "Helvetica-Bold"}
    return {
        "title": look("title", 18, textColor=TEAL, spaceAfter=4, **bold),
        "subtitle": look("subtitle", 11, textColor=GREY, spaceAfter=6),
        "heading": look("heading", 11.5, textColor=TEAL, spaceBefore=12, spaceAfter=4, **bold),
        "text": look("text", 9.5, spaceAfter=4),
        "small": look("small", 7.5, textColor=GREY),
        "cell": look("cell", 9),
        "cell-right": look("cell-right", 9, alignment=TA_RIGHT),
        "head": look("head", 8.5, textColor=GREY, **bold),
        "head-right": look("head-right", 8.5, textColor=GREY, alignment=TA_RIGHT, **bold),
    }


def _footer(canvas: Any, template: Any) -> None:
    canvas.saveState()
    title, font = drawable(template.title)
    canvas.setFont(font, 7.5)
    canvas.setFillColor(GREY)
    canvas.drawString(_MARGIN, 30, title)
    canvas.setFont(PLAIN, 7.5)
    canvas.drawRightString(_MARGIN + _WIDTH, 30, str(template.page))
    canvas.restoreState()
