"""How the terminal says things: progress while it works, what was filled, what went wrong."""

from __future__ import annotations

import codecs
import io
import json
import sys
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from smarketing_xl import progress
from smarketing_xl.hosts import Host
from smarketing_xl.i18n import _, format_number, half_up, speaking

if TYPE_CHECKING:
    import pandas as pd
    import xlwings as xw
    from rich.progress import Progress

    from smarketing_xl.actions import Step, Summary

_APPLICATIONS = {"calc": "LibreOffice Calc", "excel": "Excel"}
_PLAIN = {"✓": "+", "✗": "x", "→": ">", "—": "-", "–": "-", "…": "...", "≥": ">=", "≤": "<="}
_LARGE = 20  # megabytes of cells from which on it is said how long a workbook takes
_SECONDS_A_MEGABYTE = 0.1  # as benchmarks/bench_workbook.py measures it
_PIPED = 10_000  # columns of a table that another program reads: nothing is cut
out = Console()
err = Console(stderr=True, soft_wrap=True)


def write_plainly() -> None:
    """From now on a sign that the terminal's letters lack (cp1252, cp850) is written otherwise."""
    codecs.register_error("plainly", _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plainly")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in lacking), error.end


def run(
    file: Path, host: Host, *steps: Step, save: bool = True, as_json: bool = False
) -> list[Summary]:
    """Open once, do the steps, save once; then say what was done, in the workbook's language.

    as_json: say it as JSON, for another program.
    """
    from smarketing_xl import hosts
    from smarketing_xl.book.read import language

    summaries: list[Summary] = []
    with _bar() as bar:
        total = len(steps) + 1
        at = bar.add_task(_("Opening {name}").format(name=printable(file.name)), total=total)

        def watch(what: str, share: float) -> None:
            bar.update(at, completed=share * total, description=what or None)

        with (
            progress.watched(watch),
            progress.steps(total) as begin,
            hosts.opened(file, host, save=save) as book,
        ):
            spoken, application = language(book), book.app.engine.name
            if application == "file":
                with speaking(spoken):
                    _say_how_long(book)
            for step in steps:
                with speaking(spoken):
                    begin(_("Working"))
                summaries.append(step(book))
                bar.update(at, description=summaries[-1].what)
            with speaking(spoken):
                begin(_("Saving"))
        bar.update(at, completed=total)
    with speaking(spoken):
        if as_json:
            say_json(*summaries)
            return summaries
        for summary in summaries:
            say(summary)
        if save and application != "file":
            where = _("Updated in {application}, where {name} is open: save it there")
            tell("→", where.format(application=_APPLICATIONS[application], name=file.name))
    return summaries


def _say_how_long(book: xw.Book) -> None:
    """How long a large workbook file will take, by its size; beside what other programs read."""
    from smarketing_xl.hosts.file import cells_in

    megabytes = cells_in(book) / 1e6
    if megabytes > _LARGE:
        large = _("{name} holds {size} MB of cells: this will take about {seconds} s").format(
            name=book.name,
            size=format_number(megabytes),
            seconds=format_number(megabytes * _SECONDS_A_MEGABYTE),
        )
        err.print(Text(printable(f"→ {large}"), "green"))


def say(summary: Summary) -> None:
    """What an action filled: a line, its notes, its table; or why it filled nothing."""
    if summary.faults:
        for fault in summary.faults:
            failed(f"{summary.what}. {fault}")
        return
    with speaking(summary.spoken):
        counted = _("{count} rows").format(count=format_number(summary.rows))
        _line(Text(printable(f"{summary.what} — {counted}"), "bold"))
        for note in summary.notes:
            _line(Text(f"  {printable(note)}"))
        if summary.table is not None and not summary.table.empty:
            show(summary.table)


def show(table: pd.DataFrame) -> None:
    """A table: numbers at the right, texts at the left."""
    grid = Grid(header_style="bold", box=None, padding=(0, 2, 0, 2))
    shown = []
    for name, cells in table.items():
        side: Literal["left", "right"] = "right" if _counts(cells) else "left"
        grid.add_column(Text(printable(str(name))), justify=side)
        decimals = max(map(_decimals, cells), default=0)
        shown.append([Text(printable(_shown(cell, decimals))) for cell in cells])
    for row in zip(*shown, strict=True):
        grid.add_row(*row)
    wide = out if out.is_terminal else Console(file=out.file, width=_PIPED)
    wide.print(grid)


def say_json(*summaries: Summary) -> None:
    """What actions did, as a list of objects: what, rows, notes, faults, table (a list of rows)."""
    outcome = [
        {
            "what": summary.what,
            "rows": summary.rows,
            "notes": list(summary.notes),
            "faults": [str(fault) for fault in summary.faults],
            "table": []
            if summary.table is None
            else json.loads(
                summary.table.to_json(orient="records", date_format="iso", force_ascii=False)
            ),
        }
        for summary in summaries
    ]
    write_json(outcome)


def write_json(outcome: object) -> None:
    """What another program reads."""
    out.out(json.dumps(outcome, ensure_ascii=False, indent=2, default=str), highlight=False)


def tell(sign: str, what: object, colour: str = "green") -> None:
    """A line under a sign, such as ✓."""
    _line(Text(f"{sign} {printable(str(what))}", colour))


def _line(text: Text) -> None:
    """A line; where another program reads, it is not broken into several."""
    out.print(text, soft_wrap=not out.is_terminal)


def agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; anything else is no."""
    yes, no = _("yes"), _("no")
    answer = out.input(Text(f"{printable(question)} [{yes[0]}/{no[0].upper()}] "))
    return answer.strip().lower().startswith(yes[0])


def failed(line: str) -> None:
    """A fault, in one line, on stderr."""
    err.print(Text(printable(line), "red"))


def printable(text: str) -> str:
    """Without what would steer the terminal: names in a workbook come from anybody."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _bar() -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _counts(cells: pd.Series[Any]) -> bool:
    """Whether a column holds numbers, and perhaps blanks."""
    return all(isinstance(cell, Real) for cell in cells if cell is not None and cell == cell)


def _decimals(cell: object) -> int:
    """How many of two decimals a number needs."""
    if not isinstance(cell, Real) or isinstance(cell, Integral) or not abs(float(cell)) < 100:
        return 0
    return len(f"{half_up(float(cell), 2):.2f}".rstrip("0").partition(".")[2])


def _shown(cell: object, decimals: int) -> str:
    """A cell; a number with the decimals of its column, or none where it is 100 or more."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, Integral):
        return format_number(int(cell))
    if isinstance(cell, Real):
        number = float(cell)
        return format_number(number, 0 if abs(number) >= 100 else decimals, padded=True)
    return str(cell)
