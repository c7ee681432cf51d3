"""Makes the workbook of each language, Smarketing.xlsm and the like, out of the text kept here.

    python workbook/build.py

The same text gives the same bytes. Everything that is in tables.py and cells.py of
smarketing_xl/workbook is laid out by workbook/layout; the macros come from workbook/vba, the
ribbon from workbook/ribbon.py. The workbook says its language in the defined name
`smarketing_language` ("en", "es" and so on).
"""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # run as a script: the project is one folder up
    sys.path.insert(0, str(HERE.parent))

from xlsxwriter.workbook import Workbook  # noqa: E402

from smarketing_xl.i18n import LANGUAGES, Language, speaking  # noqa: E402
from smarketing_xl.sample import AS_OF  # noqa: E402
from smarketing_xl.setup.settings import SHEET, SHIPPED  # noqa: E402
from smarketing_xl.setup.template import template_path  # noqa: E402
from workbook import pictures  # noqa: E402
from workbook.layout import (  # noqa: E402
    attribution,
    cells,
    conditions,
    goals,
    home,
    lists,
    outcomes,
    pages,
    review,
    sla,
    tables,
)
from workbook.layout.canvas import Canvas, codename  # noqa: E402
from workbook.layout.look import FONT, SIZE, Look  # noqa: E402
from workbook.package import with_ribbon  # noqa: E402
from workbook.ribbon import ribbon_xml  # noqa: E402
from workbook.values import Values, formula_values  # noqa: E402
from workbook.vba_project import vba_project  # noqa: E402

FILES = {language: HERE / template_path(language).name for language in LANGUAGES}
SETTINGS_SHEET = "SettingsSheet"
MADE = dt.datetime(2026, 1, 1)


CALCULATED_BY = 191029  # Excel 2019 and later: an older number would have it calculate all anew


def build(language: Language) -> bytes:
    """The workbook in a language, as the bytes of an .xlsm; its formulas keep what they come to."""
    return _drawn(language, formula_values(_drawn(language, {}), AS_OF))


def _drawn(language: Language, values: Values) -> bytes:
    stream = io.BytesIO()
    with speaking(language), Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Smarketing XL", "created": MADE})
        book.formats[0].set_font_name(FONT)
        book.formats[0].set_font_size(SIZE)
        book.set_calc_mode("auto", CALCULATED_BY)
        book.calc_on_load = False  # where macros do not run the values kept are all there is
        canvas = Canvas(book, language, Look(book), values)
        book.define_name("smarketing_language", f'="{language}"')
        pages.add(canvas)
        lists.draw(canvas)
        cells.draw(canvas)
        tables.draw(canvas)
        conditions.draw(canvas)
        goals.draw(canvas)
        sla.draw(canvas)
        attribution.draw(canvas)
        outcomes.draw(canvas)
        home.draw(canvas)
        home.trends(canvas, review.draw(canvas)["months"])
        pages.finish(canvas)
        book.set_vba_name("ThisWorkbook")
        _add_settings(book)
        codenames = [*(codename(key) for key in canvas.sheets), SETTINGS_SHEET]
        book.add_vba_project(io.BytesIO(vba_project(codenames, language)), is_stream=True)
    return with_ribbon(stream.getvalue(), ribbon_xml(language))


def _add_settings(book: Workbook) -> None:
    """The hidden sheet in which the VBA of xlwings finds Python; `smarketing connect` fills it."""
    sheet = book.add_worksheet(SHEET)
    sheet.set_vba_name(SETTINGS_SHEET)
    sheet.hide()
    for row, setting in enumerate(SHIPPED.items()):
        sheet.write_row(row, 0, setting)


def main() -> None:
    """Write both workbooks beside this file, and the pictures of the set-up page."""
    for language in LANGUAGES:
        FILES[language].write_bytes(build(language))
        print(FILES[language].name)
    pictures.write()


if __name__ == "__main__":
    main()
