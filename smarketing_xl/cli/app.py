"""The same buttons from a terminal: `smarketing --help`.

A command imports what it needs when it runs, so that help, the version and a word that was mistyped
are there at once.
"""

from __future__ import annotations

import datetime as dt
import gc
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.models import CommandFunctionType as Does

import udfs  # noqa: F401  its formulas are known to hosts
from smarketing_xl import __version__
from smarketing_xl.cli import rights
from smarketing_xl.cli.help import (
    Command,
    Group,
    Mistyped,
    mistyped,
)
from smarketing_xl.cli.output import (
    agreed,
    failed,
    printable,
    run,
    say,
    say_json,
    show,
    tell,
    write_json,
    write_plainly,
)
from smarketing_xl.errors import Cancelled, Fault, SmarketingError, WorkbookError
from smarketing_xl.example_names import ExampleName
from smarketing_xl.hosts import Host
from smarketing_xl.i18n import (
    N_,
    Language,
    _,
    current_language,
    language_of_the_user,
    speaking,
)
from smarketing_xl.ingest import ImportableAs, Platform, System
from smarketing_xl.schema.tables.choices import Action, Measure, RateFrom, Split

if TYPE_CHECKING:
    from smarketing_xl.reports.day_list import Form

START, STEPS, TABLES, SETUP = "Start", "The five steps", "The workbook", "Set up"
app = typer.Typer(
    help="Marketing and sales on one set of numbers: update a Smarketing workbook from the "
    "terminal.\n\nAn update writes only the columns that are ours, and changes nothing when it "
    "fails.",
    epilog="demo\n"
    "new Sales.xlsm --lang es\n"
    "import Sales.xlsm crm.csv --as leads --dry-run\n"
    "score Sales.xlsm\n"
    "update Sales.xlsm",
    cls=Group,
    suggest_commands=False,
    pretty_exceptions_enable=False,
)
In = Annotated[
    Language | None, typer.Option("--lang", help="The workbook's language. Default: yours.")
]
Workbook = Annotated[
    Path, typer.Argument(metavar="FILE", help="The workbook, e.g. Smarketing.xlsm.")
]
OnHost = Annotated[
    Host,
    typer.Option(
        "--host",
        help="Where to update it. auto: the application that has it open, else the file on disk.",
    ),
]
DAYS = ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
AsOf = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        formats=DAYS,
        help="Compute as if it were this day, such as 2026-09-30. Default: the workbook's, or now.",
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for another program.")]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="SOURCE",
        help="Leads from outside: parquet:PATH, duckdb:PATH#TABLE or spark:TABLE.",
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="PLACE",
        help="Where answers about leads from outside go, written as --from is.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an older file of the same name.")]

_NOBODY = 3  # what `today` ends with where nobody is due
_OBJECTS_A_SEARCH = 100_000  # for cycles: with 700, importing takes a fifth more
_DEBUG = "debug"
_STOPPED = 130  # what a command ends with that was stopped by Ctrl-C


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Smarketing XL {__version__}")
        raise typer.Exit


def _show_where(ctx: typer.Context, wanted: bool) -> None:
    ctx.ensure_object(dict)[_DEBUG] = wanted


@app.callback()
def smarketing(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help=N_("Show the version and do nothing."),
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help=N_("When something goes wrong, show where in the program too."),
            callback=_show_where,
        ),
    ] = False,
) -> None:
    """What all commands share."""


def main() -> None:
    """The `smarketing` command: 0 when all was done; else one line per fault on stderr.

    It ends with 1 where something could not be done, with 2 where it was not understood.
    """
    for name in ("SIGTERM", "SIGHUP"):  # not all of them on Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    write_plainly()
    gc.set_threshold(_OBJECTS_A_SEARCH)
    with speaking(language_of_the_user()):
        sys.exit(_done())


def _end(number: int, _frame: object) -> None:
    """Told to go: what is half-made is taken away on the way out, as after an error."""
    sys.exit(128 + number)


def _done() -> int:
    """Does what was typed, and says what went wrong; what the command ends with."""
    asked = {_DEBUG: False}
    try:
        code = typer.main.get_command(app)(standalone_mode=False, obj=asked) or 0
    except Mistyped as error:
        failed(str(mistyped(error)))
        return 2
    except typer.Abort:
        code = _STOPPED
    except Exception as error:
        for line in _faults(error):
            failed(line)
        if asked[_DEBUG]:
            traceback.print_exception(error)
        return 1
    if code == _STOPPED:
        failed(_stopped())
    return int(code)


def _faults(error: Exception) -> list[str]:
    """What a person can do about an error, a line a fault."""
    if isinstance(error, SmarketingError):
        return str(error).splitlines()
    if isinstance(error, OSError):
        why = error.strerror or str(error)
        remedy = _("Check the path, and who may write there")
        return [str(Fault(f"{error.filename}: {why}", remedy))]
    text = " ".join(f"{type(error).__name__}: {error}".split())
    remedy = _("Please report it: smarketing --debug, then the command again, shows where it is")
    return [str(Fault(_("Unexpected error: {error}").format(error=text), remedy))]


def _stopped() -> str:
    """What has become of the workbook when Ctrl-C stopped a command."""
    from smarketing_xl import hosts

    match hosts.kept():
        case "open":
            return _(
                "Stopped; steps that were finished stay in the open workbook, and Undo takes "
                "them back."
            )
        case "saved":
            return _("Stopped; what was done is saved in the workbook.")
    return _("Stopped; the workbook is as it was.")


def _command(panel: str, *examples: str, name: str | None = None) -> Callable[[Does], Does]:
    """Declares a command: where `--help` lists it, and what it shows as examples."""
    return app.command(name, cls=Command, rich_help_panel=panel, epilog="\n".join(examples))


@_command(START, "demo", "demo Taller.xlsm --lang es")
def demo(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="Where to make it. Default: Smarketing-demo.xlsm, here."
        ),
    ] = None,
    lang: In = None,
    as_json: AsJson = False,
) -> None:
    """Make a workbook, import the sample data, update every sheet, and show the result."""
    from smarketing_xl import actions
    from smarketing_xl.sample import AS_OF

    made = make(file or _free(Path("Smarketing-demo.xlsm")), lang or current_language())
    try:
        run(made, "file", *actions.demonstration(now=AS_OF), as_json=as_json)
    except BaseException:
        made.unlink()
        raise
    if not as_json:
        tell("✓", made.resolve())


def _may_replace(path: Path, force: bool) -> bool:
    """Whether a file that stands there may go: where it was said, or is said when asked."""
    if force or not path.is_file() or not sys.stdin.isatty():
        return force
    return agreed(_("Replace {name}?").format(name=path.name))


def _free(path: Path) -> Path:
    """The path, or the first numbered one beside it that is not taken."""
    numbered = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(name for name in chain([path], numbered) if not name.exists())


@_command(
    START,
    "new Sales.xlsm",
    "new Ventas.xlsm --lang es",
    "new Sales.xlsx",
    "new Try.xlsm --example shop",
)
def new(
    file: Workbook,
    lang: In = None,
    example: Annotated[
        ExampleName | None,
        typer.Option("--example", help="With invented numbers, marked as an example."),
    ] = None,
) -> None:
    """Make an empty workbook with the five steps in it: .xlsm with macros, .xlsx without."""
    from smarketing_xl import actions, hosts

    made = make(file, lang or current_language())
    try:
        with hosts.opened(made, "file") as book:
            actions.begin(book, example)
    except BaseException:
        made.unlink()
        raise
    tell("✓", made)


def make(file: Path, language: Language = "en") -> Path:
    """Copy the built workbook, with its example, to a new file; never over an existing one."""
    if file.exists():
        raise WorkbookError(
            _("{path} already exists").format(path=file),
            _("Choose another name, or move it away first"),
        )
    if not file.parent.is_dir():
        raise WorkbookError(
            _("There is no folder {folder}").format(folder=file.parent),
            _("Make it, or choose another"),
        )
    from smarketing_xl.setup.template import template_path

    if file.suffix.lower() == ".xlsx":
        from smarketing_xl.setup.editions import copy_without_macros
        from udfs.lambdas.names import names

        copy_without_macros(template_path(language), file, names(language))
        return file
    if file.suffix.lower() != ".xlsm":
        raise WorkbookError(
            _("{path} is no name of a workbook").format(path=file),
            _("Name it {name}, or {plain} without macros").format(
                name=file.with_suffix(".xlsm").name, plain=file.with_suffix(".xlsx").name
            ),
        )
    shutil.copyfile(template_path(language), file)
    return file


@_command(START, "samples exports", "samples exports --lang es --force")
def samples(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them.")],
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The language of the files. Default: yours.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace older files of the same names.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write made-up exports of CRMs, ad platforms and WhatsApp, to try every import with."""
    from smarketing_xl.actions import Summary
    from smarketing_xl.sample.exports import write_exports

    with speaking(lang or current_language()):
        files = write_exports(folder, force)
        files["do"] = [
            f"smarketing import Sales.xlsm {folder / name} --as {kind}"
            for name, kind in zip(files["file"], files["kind"], strict=True)
        ]
        table = files[["what", "do"]].set_axis([_("File"), _("In a terminal")], axis=1)
        done = Summary(_("Written: {name}").format(name=folder), len(files), table=table)
        say_json(done) if as_json else say(done)


@_command(
    START,
    "import Sales.xlsm leads.csv --dry-run",
    "import Sales.xlsm leads.csv --map ours.toml",
    "import Sales.xlsm costs.xlsx --as spend",
    "import Sales.xlsm --from hubspot",
    "import Sales.xlsm chats.zip --as whatsapp",
    name="import",
)
def import_(
    file: Workbook,
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA", help="CSV, Excel, OpenDocument or Parquet file; chats of WhatsApp."
        ),
    ] = None,
    as_: Annotated[ImportableAs, typer.Option("--as", help="Which table it goes into.")] = "leads",
    from_: Annotated[
        System | None,
        typer.Option("--from", help="Read the leads, or deals, straight from this CRM; no file."),
    ] = None,
    map_: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="A mapping (TOML): our column = their header."),
    ] = None,
    text: Annotated[
        bool, typer.Option("--text", help="Of chats, keep what was written, in a column Text.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; change nothing.")
    ] = False,
    skip_bad: Annotated[
        bool,
        typer.Option("--skip-bad", help="Set aside what cannot be read, and bring the rest."),
    ] = False,
    make_mapping: Annotated[
        Path | None,
        typer.Option(
            "--make-mapping",
            metavar="FILE",
            help="Write what was understood as a mapping to edit; change nothing.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    host: OnHost = "auto",
    as_json: AsJson = False,
) -> None:
    """Bring a CRM export into the workbook: known rows updated, new ones added.

    What each column was taken for is shown first; in a terminal you are asked before it is written.
    """
    from smarketing_xl import actions, hosts
    from smarketing_xl.book.read import language

    if (data is None) == (from_ is None):
        raise typer.BadParameter(_("Give a file, or --from hubspot or salesforce"))
    if text and as_ != "whatsapp":
        raise typer.BadParameter(_("--text is for a file of chats: --as whatsapp"))
    with (
        hosts.opened(file, host, save=not dry_run) as book,
        speaking(language(book)),
    ):
        if as_ == "whatsapp":
            prepared = actions.prepare_chats(book, _chats(data), map_, text)
        elif from_ is not None:
            prepared = actions.prepare_live(book, from_, map_, as_)
        elif data is not None:
            if make_mapping is not None:
                actions.write_mapping(book, data, as_, make_mapping)
                tell("✓", _("Written: {name}").format(name=make_mapping.name))
                return
            asks = sys.stdin.isatty() and not yes
            if asks:
                answer = actions.prepare_asking(
                    book, data, as_, map_, agree=agreed, skip_bad=skip_bad
                )
                if answer is None:
                    raise Cancelled(_("Nothing was written"), _("Correct the file, or --skip-bad"))
                prepared = answer
            else:
                prepared = actions.prepare_file(book, data, as_, map_, skip_bad=skip_bad)
        columns, outcome = actions.preview(book, prepared)
        asking = sys.stdin.isatty() and not yes
        if as_json and dry_run:
            say_json(columns, outcome)
            return
        if not as_json:
            say(columns)
        if not as_json and (dry_run or asking):
            say(outcome)
        if dry_run:
            return
        if not yes and not asking:
            raise _nobody_answers()
        if asking and not agreed(_("Write this into the workbook?")):
            raise Cancelled(
                _("Nothing was written"),
                _("What should be read otherwise is said in a mapping: --map"),
            )
        done = actions.bring_in(book, prepared)
        if as_json:
            say_json(done)
        else:
            say(done)


def _chats(data: Path | None) -> Path:
    """The chats to import: given as a file or folder, for no system has them."""
    if data is None:
        raise typer.BadParameter(_("Give the chats: a file, a zip or a folder"))
    return data


@_command(
    TABLES,
    "mappings Sales.xlsm",
    "mappings Sales.xlsm --show leads.1f3a90cc",
    "mappings Sales.xlsm --forget leads.1f3a90cc",
)
def mappings(
    file: Workbook,
    show: Annotated[
        str, typer.Option("--show", metavar="NAME", help="Print this one, as it was given.")
    ] = "",
    forget: Annotated[
        str, typer.Option("--forget", metavar="NAME", help="Keep this one no longer.")
    ] = "",
    host: OnHost = "auto",
    as_json: AsJson = False,
) -> None:
    """Mappings of imports that the workbook keeps: list, print or forget them."""
    from smarketing_xl import actions, hosts

    if show and forget:
        raise typer.BadParameter(_("Give --show or --forget, not both"))
    with hosts.opened(file, host, save=bool(forget)) as book:
        if show:
            typer.echo(actions.show_mapping(book, show))
            return
        done = actions.forget_mapping(book, forget) if forget else actions.list_mappings(book)
    say_json(done) if as_json else say(done)


def _outside(source: str | None, to: str | None, force: bool) -> dict[str, Any]:
    """Where leads from outside lie and the answers go, as actions take it; nothing for those of
    the workbook."""
    if source and to:
        return {"source": source, "to": to, "replace": force}
    if source or to:
        raise typer.BadParameter(_("Give both --from and --to, or neither"))
    return {}


@_command(
    STEPS,
    "duplicates Sales.xlsm",
    "duplicates Sales.xlsm --from parquet:leads.parquet --to parquet:twice.parquet",
)
def duplicates(
    file: Workbook,
    source: From = None,
    to: To = None,
    host: OnHost = "auto",
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """Leads that are there twice: updates Duplicate of."""
    from smarketing_xl import actions

    outside = _outside(source, to, force)
    step = partial(actions.duplicates_outside, **outside) if outside else actions.find_duplicates
    run(file, host, step, as_json=as_json)


@_command(STEPS, "merge Sales.xlsm L-17 L-203", "merge Sales.xlsm --all --dry-run")
def merge(
    file: Workbook,
    leads: Annotated[
        list[str] | None, typer.Argument(metavar="LEAD", help="IDs of duplicates.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every lead that is marked.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be merged.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    host: OnHost = "auto",
    as_json: AsJson = False,
) -> None:
    """Merge leads into those that they duplicate; undo takes it back.

    What goes into what is shown first; in a terminal you are asked before it is written.
    """
    from smarketing_xl import actions, hosts
    from smarketing_xl.book.read import language

    if bool(leads) == every:
        raise typer.BadParameter(_("Give the IDs of duplicates, or --all"))
    with hosts.opened(file, host, save=False) as book, speaking(language(book)):
        proposed = actions.proposed_merges(book, leads or None)
        if not as_json:
            say(proposed)
        elif dry_run:
            say_json(proposed)
        if dry_run:
            return
        if not yes and not leads and not sys.stdin.isatty():
            raise _nobody_answers()
        if not yes and sys.stdin.isatty() and not agreed(_("Write this into the workbook?")):
            raise Cancelled(_("Nothing was written"), _("Name those to merge by their IDs"))
    run(file, host, partial(actions.merge_duplicates, chosen=leads or None), as_json=as_json)


def _nobody_answers() -> Cancelled:
    return Cancelled(
        _("Nobody can answer here: nothing was written"),
        _("Look first with --dry-run, then write with --yes"),
    )


@_command(STEPS, "learn Sales.xlsm")
def learn(
    file: Workbook, host: OnHost = "auto", as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Personas: suggest criteria from the sales history, with evidence."""
    from smarketing_xl import actions

    run(file, host, partial(actions.learn, now=as_of), as_json=as_json)


@_command(STEPS, "adopt Sales.xlsm")
def adopt(file: Workbook, host: OnHost = "auto", as_json: AsJson = False) -> None:
    """Personas: add the ticked suggestions."""
    from smarketing_xl import actions

    run(file, host, actions.adopt, as_json=as_json)


@_command(
    STEPS,
    "score Sales.xlsm",
    "score Sales.xlsm --as-of 2026-09-30",
    "score Sales.xlsm --from parquet:leads.parquet --to duckdb:crm.duckdb#scores",
)
def score(
    file: Workbook,
    source: From = None,
    to: To = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """Personas: score, grade and explain every lead."""
    from smarketing_xl import actions

    outside = _outside(source, to, force)
    step = actions.score_outside if outside else actions.score
    run(file, host, partial(step, now=as_of, **outside), as_json=as_json)


@_command(
    STEPS,
    "what-if Sales.xlsm",
    "what-if Sales.xlsm --weight Country=30 --weight 'Job title=0'",
    name="what-if",
)
def what_if(
    file: Workbook,
    weight: Annotated[
        list[str] | None,
        typer.Option("--weight", metavar="ATTRIBUTE=POINTS", help="A weight to try."),
    ] = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Personas: how many leads and past customers would change grade; writes nothing.

    Without --weight the criteria as they stand are compared with the grades as last scored.
    """
    from smarketing_xl import actions
    from smarketing_xl.parsing.numbers import as_number

    weights = {}
    for text in weight or []:
        attribute, _sign, points = text.rpartition("=")
        number = as_number(points)
        if not attribute or number is None:
            raise typer.BadParameter(_("Write it such as Country=30"))
        weights[attribute] = number
    step = partial(actions.what_if, now=as_of, weights=weights or None)
    run(file, host, step, save=False, as_json=as_json)


@_command(STEPS, "plan Sales.xlsm")
def plan(file: Workbook, host: OnHost = "auto", as_json: AsJson = False) -> None:
    """Goals: leads needed, stage by stage and month by month."""
    from smarketing_xl import actions

    run(file, host, actions.plan, as_json=as_json)


@_command(STEPS, "rates Sales.xlsm", "rates Sales.xlsm --conversion funnel")
def rates(
    file: Workbook,
    conversion: Annotated[
        RateFrom,
        typer.Option(
            "--conversion", help="What the conversion rate follows: measured, funnel or typed."
        ),
    ] = "measured",
    host: OnHost = "auto",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Goals: take over the conversion, revenue and sales cycle that were measured."""
    from smarketing_xl import actions

    taking = partial(actions.take_rates, now=as_of, conversion=conversion)
    run(file, host, taking, as_json=as_json)


@_command(
    STEPS,
    "sla Sales.xlsm",
    "sla Sales.xlsm --host calc",
    "sla Sales.xlsm --from parquet:leads.parquet --interactions parquet:calls.parquet "
    "--to parquet:due.parquet",
)
def sla(
    file: Workbook,
    source: From = None,
    interactions: Annotated[
        str | None,
        typer.Option(
            "--interactions",
            metavar="SOURCE",
            help="Interactions with leads from outside. Default: those of the workbook.",
        ),
    ] = None,
    to: To = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """SLA: promised against delivered, follow-up in time or late."""
    from smarketing_xl import actions

    outside = _outside(source, to, force)
    step = partial(actions.sla_outside, interactions=interactions) if outside else actions.sla
    run(file, host, partial(step, now=as_of, **outside), as_json=as_json)


@_command(STEPS, "agreement Sales.xlsm Agreement-2026.pdf")
def agreement(
    file: Workbook,
    pdf: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path(
        "Agreement.pdf"
    ),
    host: OnHost = "auto",
    force: Force = False,
) -> None:
    """The agreement as a PDF to sign; says what changed since the last one."""
    from smarketing_xl import actions

    replace = _may_replace(pdf, force)
    run(file, host, partial(actions.agreement_pdf, path=pdf, replace=replace))


@_command(STEPS, "review Sales.xlsm September.pdf --month 2026-09")
def review(
    file: Workbook,
    pdf: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path(
        "Review.pdf"
    ),
    month: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m"],
            metavar="MONTH",
            help="The month, such as 2026-09. Default: this one.",
        ),
    ] = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    force: Force = False,
) -> None:
    """The review of a month as a PDF: five sentences, the charts, whom to call first."""
    from smarketing_xl import actions

    of = month.date() if month else None
    replace = _may_replace(pdf, force)
    run(file, host, partial(actions.review_pdf, path=pdf, month=of, now=as_of, replace=replace))


@_command(
    STEPS,
    "today Sales.xlsm --owner Eva",
    "today Sales.xlsm --ics --out Calls.ics --force",
)
def today(
    file: Workbook,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Of this salesperson only.")
    ] = None,
    as_json: AsJson = False,
    ics: Annotated[bool, typer.Option("--ics", help="As calendar entries.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there: .txt, .json or .ics."),
    ] = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    force: Force = False,
) -> None:
    """Whom to call today: who is late, who is due, in order, ready to paste into a message.

    Changes nothing. Ends with 0 where somebody is due, with 3 and not a word where nobody is.
    """
    from smarketing_xl import actions, hosts
    from smarketing_xl.book.read import language

    if as_json and ics:
        raise typer.BadParameter(_("Give --json or --ics, not both"))
    form: Form = "json" if as_json else "calendar" if ics else "text"
    replace = out is not None and _may_replace(out, force)
    with hosts.opened(file, host, save=False) as book, speaking(language(book)):
        due_list = actions.day_list(book, owner, as_of)
        if out is not None:
            actions.write_day_list(book, due_list, out, form, replace)
        elif len(due_list.calls):
            for line in due_list.written(form).splitlines():
                typer.echo(printable(line))
    if due_list.calls.empty:
        raise typer.Exit(_NOBODY)


@_command(
    STEPS,
    "export Sales.xlsm --for hubspot",
    "export Sales.xlsm Meta.csv --for meta --currency USD --zone America/Panama",
)
def export(
    file: Workbook,
    csv: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="Where to write it. Default: named as the platform."),
    ] = None,
    platform: Annotated[
        Platform, typer.Option("--for", help="Which platform imports it.")
    ] = "hubspot",
    currency: Annotated[
        str, typer.Option("--currency", metavar="CODE", help="Of conversions, such as USD.")
    ] = "",
    zone: Annotated[
        str,
        typer.Option(
            "--zone", metavar="ZONE", help="Of conversions, such as America/Panama. Default: SLA's."
        ),
    ] = "",
    host: OnHost = "auto",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Scores back into the CRM, or conversions for ads: a CSV as they import it.

    Nothing is sent. Who gave no consent, or is not to be contacted, is left out and counted.
    """
    from smarketing_xl import actions, hosts
    from smarketing_xl.book.read import language

    target = csv or Path(f"{platform}.csv")
    replace = _may_replace(target, force)
    with hosts.opened(file, host, save=False) as book, speaking(language(book)):
        done = actions.export_leads(book, target, platform, currency, zone, replace)
        say_json(done) if as_json else say(done)


@_command(STEPS, "attribution Sales.xlsm", "attribution Sales.xlsm --from parquet:touches.parquet")
def attribution(
    file: Workbook,
    host: OnHost = "auto",
    as_of: AsOf = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="SOURCE",
            help="Interactions from outside: parquet:PATH, duckdb:PATH#TABLE or spark:TABLE.",
        ),
    ] = None,
    leads: Annotated[
        str | None, typer.Option("--leads", metavar="SOURCE", help="Leads from outside, too.")
    ] = None,
    customers: Annotated[
        str | None,
        typer.Option("--customers", metavar="SOURCE", help="Customers from outside, too."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Feedback: which channels and campaigns bring customers, at what cost."""
    from smarketing_xl import actions

    step = partial(
        actions.attribution, now=as_of, source=source, leads_from=leads, customers_from=customers
    )
    run(file, host, step, as_json=as_json)


@_command(
    STEPS,
    "experiment Sales.xlsm --channel 'Social ads' --action stop --by region",
    "experiment Sales.xlsm --channel LinkedIn --action halve --by week --weeks 16",
    "experiment Sales.xlsm",
)
def experiment(
    file: Workbook,
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help="Whose spend is to change.")
    ] = "",
    act: Annotated[Action, typer.Option("--action", help="What to do with it.")] = "stop",
    by: Annotated[Split, typer.Option("--by", help="What chance deals.")] = "both",
    measure: Annotated[
        Measure, typer.Option("--measure", help="What is counted, of all channels.")
    ] = "leads",
    weeks: Annotated[
        int | None,
        typer.Option("--weeks", help="How long. Default: as long as it takes."),
    ] = None,
    start: Annotated[
        dt.datetime | None,
        typer.Option("--start", formats=["%Y-%m-%d"], metavar="DAY", help="Default: next Monday."),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="HEADER", help="Of the leads, that says their region."),
    ] = None,
    host: OnHost = "auto",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Feedback: plan an experiment with a channel's spend; without one, read those that are over.

    Says how many weeks and regions show which effect with which chance, draws where and when to
    change the spend, and writes it on the sheet Experiments.
    """
    from smarketing_xl import actions
    from smarketing_xl.attribution.experiments.plans import Asked

    day = start.date() if start else None
    asked = Asked(channel, act, by, measure, column, day, weeks) if channel else None
    run(file, host, partial(actions.experiments, now=as_of, asked=asked), as_json=as_json)


@_command(START, "status Sales.xlsm", "status Sales.xlsm --json")
def status(file: Workbook, host: OnHost = "auto", as_json: AsJson = False) -> None:
    """What is done and what to do next, as the sheet Home says it; changes nothing."""
    from smarketing_xl import actions, hosts
    from smarketing_xl.book.read import language

    with hosts.opened(file, host, save=False) as book, speaking(language(book)):
        found = actions.status(book)
        if as_json:
            say_json(found)
            return
        tell("→", found.what)
        if found.table is not None:
            show(found.table.replace(r"\bFILE\b", file.name, regex=True))


@_command(TABLES, "update Sales.xlsm")
def update(
    file: Workbook, host: OnHost = "auto", as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Everything: plan, duplicates, scores, SLA and attribution; what can be updated, is."""
    from smarketing_xl import actions

    done = run(file, host, *actions.everything(now=as_of), as_json=as_json)
    if any(step.faults for step in done):
        raise typer.Exit(1)


@_command(TABLES, "check Sales.xlsm", "check Sales.xlsm --repair")
def check(
    file: Workbook,
    host: OnHost = "auto",
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended; undo takes cells back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find broken tables, renamed headers, text among numbers; say how to mend each."""
    from smarketing_xl import actions

    if repair:
        run(file, host, actions.repair)
    (summary,) = run(file, host, actions.check, save=False, as_json=as_json)
    if summary.rows:
        raise typer.Exit(1)


@_command(TABLES, "undo Sales.xlsm", "undo Sales.xlsm --list")
def undo(
    file: Workbook,
    only_list: Annotated[
        bool, typer.Option("--list", help="Say what can be taken back, the next first.")
    ] = False,
    host: OnHost = "auto",
    as_json: AsJson = False,
) -> None:
    """Take back the last update (the last ten, one at a time)."""
    from smarketing_xl import actions

    step = actions.undoable if only_list else actions.undo
    run(file, host, step, save=not only_list, as_json=as_json)


@_command(TABLES, "log Sales.xlsm", "log Sales.xlsm --last 50 --json")
def log(
    file: Workbook,
    last: Annotated[int, typer.Option("--last", min=1, help="So many lines.")] = 20,
    host: OnHost = "auto",
    as_json: AsJson = False,
) -> None:
    """What was done, when, by whom and with which inputs; the latest at the bottom."""
    from smarketing_xl import actions

    run(file, host, partial(actions.log, last=last), save=False, as_json=as_json)


@_command(SETUP, "connect Sales.xlsm")
def connect(file: Workbook) -> None:
    """Tie a workbook to this Python, for Excel's formulas and buttons."""
    from smarketing_xl.setup.connect import connect_workbook as tie

    for line in tie(file):
        typer.echo(line)


@_command(SETUP, "edition Sales.xlsm --no-macros", "edition Sales.xlsx --macros")
def edition(
    file: Workbook,
    macros: Annotated[
        bool, typer.Option("--macros/--no-macros", help="With macros, or functions of its own.")
    ],
) -> None:
    """Turn a workbook with macros into one without, or back, in its place; nothing is lost."""
    from smarketing_xl.hosts.file.parts.package import Package
    from smarketing_xl.setup import editions
    from smarketing_xl.setup.template import template_path
    from udfs.lambdas.names import names

    editions.check_there(file)
    package = Package.read_file(file)
    language = editions.language_of(package)
    functions = names(language, editions.holiday_headers(package))
    if macros:
        made = editions.with_macros(file, template_path(language), functions)
    else:
        made = editions.without_macros(file, functions)
    tell("✓", made)


@_command(SETUP, "doctor", "doctor Sales.xlsm")
def doctor(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A workbook.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find what usually goes wrong with Excel, Calc and Python, and the remedy."""
    from smarketing_xl.setup.doctor import diagnose

    findings = diagnose(file)
    if as_json:
        write_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        sign, colour = {"good": ("✓", "green"), "bad": ("✗", "red")}.get(
            finding.state, ("!", "yellow")
        )
        tell(sign, finding, colour)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


calc = typer.Typer(help="The extension for LibreOffice Calc.", cls=Group, suggest_commands=False)
app.add_typer(calc, name="calc", rich_help_panel=SETUP)


OfProfile = Annotated[
    Path | None,
    typer.Option(
        "--profile", metavar="FOLDER", help="The folder of another profile of LibreOffice."
    ),
]


@calc.command("install", cls=Command)
def calc_install(profile: OfProfile = None) -> None:
    """Add formulas, menu and toolbar to LibreOffice Calc."""
    from smarketing_xl.setup.calc import install

    typer.echo(install(profile))


@calc.command("uninstall", cls=Command)
def calc_uninstall(profile: OfProfile = None) -> None:
    """Take them out again."""
    from smarketing_xl.setup.calc import uninstall

    typer.echo(uninstall(profile))


rights.declare(_command, TABLES)
