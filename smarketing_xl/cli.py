"""The same buttons from a terminal: `smarketing --help`."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from smarketing_xl import actions, hosts
from smarketing_xl.actions import Summary
from smarketing_xl.errors import Cancelled, SmarketingError, WorkbookError
from smarketing_xl.hosts import Host
from smarketing_xl.texts import Language, _

app = typer.Typer(
    help="Marketing and sales on one set of numbers: fill a Smarketing workbook from the terminal.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True, soft_wrap=True)

Workbook = Annotated[
    Path, typer.Argument(metavar="FILE", help="The workbook, e.g. Smarketing.xlsm.")
]
OnHost = Annotated[
    Host,
    typer.Option(
        "--host",
        help="Where to fill it. auto: the application that has it open, else the file on disk.",
    ),
]
AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of", help="Compute as if it were this day. Default: the workbook's, or now."
    ),
]


def main() -> None:
    """The `smarketing` command: 0 when all was done, 1 with one line per fault on stderr."""
    try:
        app()
    except SmarketingError as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        err.print(_("Stopped; the workbook is as it was."))
        sys.exit(130)


@app.command()
def new(
    file: Workbook,
    lang: Annotated[str, typer.Option(help="en or es")] = "en",
) -> None:
    """Make an empty workbook with the five steps in it."""
    out.print(f"[green]✓[/] {make(file, 'es' if lang == 'es' else 'en')}")


def make(file: Path, language: Language = "en") -> Path:
    """Copy the built workbook to a new file; never over an existing one."""
    if file.exists():
        raise WorkbookError(
            _("{path} already exists").format(path=file),
            _("Choose another name, or move it away first"),
        )
    name = "Smarketing.xlsm" if language == "en" else f"Smarketing.{language}.xlsm"
    shipped = Path(str(files("smarketing_xl") / "workbook" / name))
    if not shipped.exists():  # a checkout: built beside the package, not in it
        shipped = Path(__file__).parents[1] / "workbook" / name
    shutil.copyfile(shipped, file)
    return file


@app.command("import")
def import_(
    file: Workbook,
    data: Annotated[
        Path | None, typer.Argument(help="CSV, Excel, OpenDocument or Parquet file.")
    ] = None,
    as_: Annotated[
        actions.Importable, typer.Option("--as", help="Which table it fills.")
    ] = "leads",
    from_: Annotated[
        actions.System | None,
        typer.Option("--from", help="Read the leads straight from this CRM; no file."),
    ] = None,
    map_: Annotated[
        Path | None, typer.Option("--map", help="A mapping (TOML): our column = their header.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would happen; change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    host: OnHost = "auto",
) -> None:
    """Bring a CRM export into the workbook: known rows updated, new ones added.

    What each column was taken for is shown first; in a terminal you are asked before it is written.
    """
    if (data is None) == (from_ is None):
        raise typer.BadParameter(_("Give a file, or --from hubspot or salesforce"))
    with hosts.opened(file, host, save=not dry_run) as book:
        if from_ is not None:
            prepared = actions.prepare_live(book, from_, map_)
        elif data is not None:
            prepared = actions.prepare_file(book, data, as_, map_)
        columns, outcome = actions.preview(book, prepared)
        _say(columns)
        asking = sys.stdin.isatty() and not yes
        if dry_run or asking:
            _say(outcome)
        if dry_run:
            return
        if asking and not typer.confirm(_("Write this into the workbook?")):
            raise Cancelled(
                _("Nothing was written"),
                _("What should be read otherwise is said in a mapping: --map"),
            )
        done = actions.bring_in(book, prepared)
    _say(done)


@app.command()
def duplicates(file: Workbook, host: OnHost = "auto") -> None:
    """Leads that are there twice: fills Duplicate of."""
    _run(file, host, actions.find_duplicates)


@app.command()
def merge(
    file: Workbook,
    leads: Annotated[
        list[str] | None, typer.Argument(metavar="[LEAD]...", help="IDs of duplicates.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every lead that is marked.")] = False,
    host: OnHost = "auto",
) -> None:
    """Merge leads into those that they duplicate; undo takes it back."""
    if bool(leads) == every:
        raise typer.BadParameter(_("Give the IDs of duplicates, or --all"))
    _run(file, host, lambda book: actions.merge_duplicates(book, leads or None))


@app.command()
def plan(file: Workbook, host: OnHost = "auto") -> None:
    """Goals: leads needed, stage by stage and month by month."""
    _run(file, host, actions.plan)


@app.command()
def learn(file: Workbook, host: OnHost = "auto", as_of: AsOf = None) -> None:
    """Personas: propose criteria from the sales history, with evidence."""
    _run(file, host, lambda book: actions.learn(book, now=as_of))


@app.command()
def adopt(file: Workbook, host: OnHost = "auto") -> None:
    """Personas: add the ticked criteria of the proposal."""
    _run(file, host, actions.adopt)


@app.command()
def score(file: Workbook, host: OnHost = "auto", as_of: AsOf = None) -> None:
    """Personas: score, grade and explain every lead."""
    _run(file, host, lambda book: actions.score(book, now=as_of))


@app.command()
def sla(file: Workbook, host: OnHost = "auto", as_of: AsOf = None) -> None:
    """SLA: promised against delivered, follow-up in time or late."""
    _run(file, host, lambda book: actions.sla(book, now=as_of))


@app.command()
def agreement(
    file: Workbook,
    pdf: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("Agreement.pdf"),
    host: OnHost = "auto",
) -> None:
    """The agreement as a PDF to sign; says what changed since the last one."""
    _run(file, host, lambda book: actions.agreement_pdf(book, pdf))


@app.command()
def review(
    file: Workbook,
    pdf: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("Review.pdf"),
    month: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m"], help="The month, such as 2026-09. Default: this one."),
    ] = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
) -> None:
    """The review of a month as a PDF: five sentences, the charts, whom to call first."""
    of = month.date() if month else None
    _run(file, host, lambda book: actions.review_pdf(book, pdf, of, now=as_of))


@app.command()
def attribution(
    file: Workbook,
    host: OnHost = "auto",
    as_of: AsOf = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Interactions from outside: parquet:PATH, duckdb:PATH#TABLE or spark:TABLE.",
        ),
    ] = None,
) -> None:
    """Feedback: which channels and campaigns bring customers, at what cost."""
    _run(file, host, lambda book: actions.attribution(book, now=as_of, source=source))


@app.command()
def refresh(file: Workbook, host: OnHost = "auto", as_of: AsOf = None) -> None:
    """Everything: plan, scores, SLA and attribution."""
    _run(file, host, *actions.everything(now=as_of))


@app.command()
def check(file: Workbook, host: OnHost = "auto") -> None:
    """Find broken tables, renamed headers, text among numbers; say how to mend each."""
    with hosts.opened(file, host, save=False) as book:
        summary = actions.check(book)
    _say(summary)
    if summary.rows:
        raise typer.Exit(1)


@app.command()
def undo(file: Workbook, host: OnHost = "auto") -> None:
    """Take back the last fill (the last ten, one at a time)."""
    _run(file, host, actions.undo)


@app.command()
def demo(
    file: Annotated[Path, typer.Argument(help="Where to make it.")] = Path("Smarketing-demo.xlsm"),
    lang: Annotated[str, typer.Option(help="en or es")] = "en",
) -> None:
    """Make a workbook, import the sample data, fill every sheet, and show the result."""
    from smarketing_xl import sample

    file.unlink(missing_ok=True)
    make(file, "es" if lang == "es" else "en")
    now = (
        dt.datetime.combine(sample.AS_OF, dt.time(12))
        if type(sample.AS_OF) is dt.date
        else sample.AS_OF
    )
    _run(file, "file", *actions.demonstration(now=now))
    out.print(f"\n[green]✓[/] {file.resolve()}")


@app.command()
def connect(file: Workbook) -> None:
    """Tie a workbook to this Python, for Excel's formulas and buttons."""
    from smarketing_xl.setup.connect import connect as tie

    for line in tie(file):
        out.print(line, markup=False, highlight=False)


@app.command()
def doctor(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A workbook.")] = None,
) -> None:
    """Find what usually goes wrong with Excel, Calc and Python, and the remedy."""
    from smarketing_xl.setup.doctor import diagnose

    found = diagnose(file)
    for finding in found:
        sign, colour = {"good": ("✓", "green"), "bad": ("✗", "red")}.get(
            finding.state, ("!", "yellow")
        )
        out.print(f"{sign} {finding}", style=colour, markup=False, highlight=False)
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


calc = typer.Typer(help="The extension for LibreOffice Calc.", no_args_is_help=True)
app.add_typer(calc, name="calc")


@calc.command("install")
def calc_install() -> None:
    """Add formulas, menu and toolbar to LibreOffice Calc."""
    from smarketing_xl.setup.calc import install

    out.print(install(), markup=False)


@calc.command("uninstall")
def calc_uninstall() -> None:
    """Take them out again."""
    from smarketing_xl.setup.calc import uninstall

    out.print(uninstall(), markup=False)


def _run(file: Path, host: Host, *steps: Callable[..., Summary]) -> None:
    """Open once, do the steps, save once; then say what was done."""
    said: list[Summary] = []
    with (
        hosts.opened(file, host) as book,
        err.status(_("Opening {name}").format(name=file.name)) as s,
    ):
        for at, step in enumerate(steps, 1):
            said.append(step(book))
            s.update(f"{at}/{len(steps)} {said[-1].what}")
        s.update(_("Saving"))
    for summary in said:
        _say(summary)


def _say(summary: Summary) -> None:
    out.print(f"[bold]{summary.what}[/] — {_('{count} rows').format(count=f'{summary.rows:,}')}")
    for note in summary.notes:
        out.print(f"  {note}", markup=False, highlight=False)
    if summary.table is None or summary.table.empty:
        return
    grid = Grid(header_style="bold", box=None, padding=(0, 2, 0, 2))
    for at, name in enumerate(summary.table.columns):
        grid.add_column(str(name), justify="left" if at == 0 else "right")
    for row in summary.table.itertuples(index=False):
        grid.add_row(*(_shown(cell) for cell in row))
    out.print(grid)


def _shown(cell: object) -> str:
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:,.2f}".rstrip("0").rstrip(".")
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
