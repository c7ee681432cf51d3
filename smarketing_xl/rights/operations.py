"""People's rights over a workbook's file: what is known of a person, shown, taken along, erased.

What is written is made beside the file and put in its place in one step; where a trace stays that
cannot be taken out, nothing is written and its place is named.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw

from smarketing_xl import hosts
from smarketing_xl.actions import people
from smarketing_xl.actions.base import Summary
from smarketing_xl.book.read import language
from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import (
    JSON,
    WORKBOOK,
    Stamp,
    check_target,
    check_unchanged,
    private_folder,
    replace_file,
    write_file,
)
from smarketing_xl.hosts.file import open_book
from smarketing_xl.hosts.file.parts.package import Package
from smarketing_xl.hosts.locks import check_free
from smarketing_xl.i18n import LANGUAGES, _, every_text, format_number, speaking
from smarketing_xl.leads.traces import Traces
from smarketing_xl.parsing.text import as_text
from smarketing_xl.rights.package import Order, clean, mentions
from smarketing_xl.schema.tables import BY_NAME, SHEETS


def show(path: Path, wanted: str) -> Summary:
    """What a workbook knows of a person: their rows, and what else names them."""
    rows, elsewhere, spoken = _known(path, wanted)
    with speaking(spoken):
        lines = []
        for name, frame in rows.items():
            for record in _records(frame, name):
                sheet = _(SHEETS[BY_NAME[name].sheet])
                cells = "; ".join(f"{key}: {as_text(cell)}" for key, cell in record.items())
                lines.append(f"{sheet}: {cells}")
        lines += [f"{part}: {text}" for part, text in elsewhere]
        lines += [_beside(one) for one in _files_beside(path, wanted)]
        count = sum(map(len, rows.values()))
        return Summary(_("What the workbook knows of this person"), count, tuple(lines))


def export(path: Path, wanted: str, out: Path, replace: bool = False) -> Summary:
    """The same as a JSON file, to hand to the person: records by sheet, and mentions by part."""
    rows, elsewhere, spoken = _known(path, wanted)
    with speaking(spoken):
        found: dict[str, Any] = {
            "asked_for": wanted,
            "workbook": path.name,
            "written": f"{dt.datetime.now():%Y-%m-%dT%H:%M:%S}",
            "records": {
                _(SHEETS[BY_NAME[name].sheet]): _records(frame, name)
                for name, frame in rows.items()
                if len(frame)
            },
            "mentions": [{"part": part, "text": text} for part, text in elsewhere],
        }
        content = json.dumps(found, ensure_ascii=False, indent=1, default=as_text)
        write_file(out, content.encode(), JSON, source=path, replace=replace)
        return Summary(_("Written"), sum(map(len, rows.values())), (str(out),))


def erase(path: Path, wanted: str) -> Summary:
    """Take a person out of a workbook. Cannot be undone."""
    return _rewritten(path, partial(people.erase_person, wanted=wanted))


def retain(path: Path, months: int, customers: bool = False) -> Summary:
    """Make the leads of a workbook anonymous that ended so many months ago. Cannot be undone."""
    return _rewritten(path, partial(people.anonymise_past, months=months, customers=customers))


def anonymise(path: Path, out: Path, replace: bool = False) -> Summary:
    """The same workbook of nobody, in another file."""
    check_target(out, WORKBOOK, source=path, replace=replace)
    if out.suffix.lower() != path.suffix.lower():
        raise WorkbookError(
            _("{name} would be another kind of workbook").format(name=out.name),
            _("Give it the ending {ending}").format(ending=path.suffix),
        )
    known = frozenset(text for spoken in LANGUAGES for text in every_text(spoken))
    data, summary = _made(path, people.anonymise_all, known, everyone=True)
    write_file(out, data, WORKBOOK, source=path, replace=replace)
    return replace_notes(summary, str(out))


def count_past(path: Path, months: int, customers: bool = False) -> int:
    """How many leads `retain` would make anonymous."""
    return people.past_count(_opened(path), months, customers)


def replace_notes(summary: Summary, *notes: str) -> Summary:
    """A summary with more to say."""
    return replace(summary, notes=(*summary.notes, *notes))


# --- reading ------------------------------------------------------------------------------------


def _opened(path: Path) -> xw.Book:
    if not path.is_file():
        raise WorkbookError(
            _("There is no workbook {path}").format(path=path),
            _("Make one: smarketing new {name}").format(name=path.name),
        )
    return open_book(path, read_only=True)


def _known(path: Path, wanted: str) -> tuple[dict[str, pd.DataFrame], list[tuple[str, str]], Any]:
    book = _opened(path)
    _person, rows, traces = people.person_in(book, wanted)
    own = {as_text(cell) for frame in rows.values() for column in frame for cell in frame[column]}
    elsewhere = [
        (part, text) for part, text in mentions(Package.read_file(path), traces) if text not in own
    ]
    elsewhere += people.journal_mentions(book, traces)
    return rows, elsewhere, language(book)


def _records(frame: pd.DataFrame, name: str) -> list[dict[str, Any]]:
    titles = {column.key: _(column.label) for column in BY_NAME[name]}
    return [
        {
            titles.get(str(key), str(key)): cell
            for key, cell in record.items()
            if cell is not None and cell == cell and cell != ""
        }
        for record in frame.to_dict("records")
    ]


def _files_beside(path: Path, wanted: str) -> list[Path]:
    """Mappings beside a workbook that name the person."""
    _person, _rows, traces = people.person_in(_opened(path), wanted)
    return _naming(path, traces)


def _naming(path: Path, traces: Traces) -> list[Path]:
    mappings = sorted(path.parent.glob(f"{path.stem}*.toml"))
    return [one for one in mappings if traces.are_in(one.read_text("utf-8", "replace"))]


def _beside(path: Path) -> str:
    return _("{name} beside it names the person too: delete the line by hand").format(
        name=path.name
    )


# --- writing ------------------------------------------------------------------------------------

Work = Callable[[xw.Book], people.Gone]


def _rewritten(path: Path, work: Work) -> Summary:
    check_free(path)
    stamp = Stamp.of(path)
    data, summary = _made(path, work)
    replace_file(path, lambda out: _put(out, data), before=lambda: check_unchanged(path, stamp))
    return summary


def _macros(path: Path) -> dict[str, str]:
    """The modules of a workbook by their names, but for those that are as we ship them."""
    from smarketing_xl.setup.template import template_path
    from smarketing_xl.setup.xlwings_module import modules_of

    shipped = set(modules_of(template_path("en")).values())
    return {name: code for name, code in modules_of(path).items() if code not in shipped}


def _put(out: Any, data: bytes) -> None:
    out.write(data)


def _made(
    path: Path, work: Work, known: frozenset[str] = frozenset(), everyone: bool = False
) -> tuple[bytes, Summary]:
    """The bytes of a workbook after some work, rid of what it took out."""
    import io

    if not path.is_file():
        _opened(path)
    with private_folder() as folder:
        copy = folder / path.name
        shutil.copyfile(path, copy)
        with hosts.opened(copy, "file") as book:
            gone = work(book)
            spoken = language(book)
        package = Package.read_file(copy)
        macros = _macros(copy)
    cleaned = clean(package, Order(gone.traces, gone.notes, known, everyone))
    with speaking(spoken):
        left = [*cleaned.left, *(name for name, code in macros.items() if gone.traces.are_in(code))]
        if left:
            raise WorkbookError(
                _("{name} names people where it cannot be changed: {parts}").format(
                    name=path.name, parts=", ".join(left)
                ),
                _(
                    "Look for the name in headers, names of sheets, macros and embedded files, "
                    "change it there, and repeat; nothing was written"
                ),
            )
        out = io.BytesIO()
        package.write(out, cleaned.parts, cleaned.gone)
        summary = gone.summary
        if cleaned.parts:
            summary = replace_notes(
                summary,
                _("{count} other parts of the file were cleaned").format(
                    count=format_number(len(cleaned.parts))
                ),
            )
        return out.getvalue(), replace_notes(
            summary, *(_beside(one) for one in _naming(path, gone.traces))
        )
