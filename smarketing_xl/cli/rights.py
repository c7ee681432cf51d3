"""Commands for the rights of the people in a workbook; `cli.app` takes them in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from smarketing_xl.cli.output import agreed, say, say_json
from smarketing_xl.errors import Cancelled
from smarketing_xl.i18n import _

Workbook = Annotated[
    Path, typer.Argument(metavar="FILE", help="The workbook, e.g. Smarketing.xlsm.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")]
Declare = Callable[..., Callable[[Any], Any]]


def declare(command: Declare, panel: str) -> None:
    """Declare the commands under a panel of the help."""
    command(
        panel,
        "person Sales.xlsm ana@firma.example",
        "person Sales.xlsm +50761234567 --export Ana.json",
        "person Sales.xlsm L-00017 --erase",
    )(person)
    command(panel, "anonymise Sales.xlsm Agency.xlsm")(anonymise)
    command(panel, "retention Sales.xlsm --months 36")(retention)


def person(
    file: Workbook,
    who: Annotated[
        str, typer.Argument(metavar="WHO", help="E-mail, telephone or ID of the person.")
    ],
    show: Annotated[bool, typer.Option("--show", help="Show what is known. The default.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write what is known there, as JSON."),
    ] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Take the person out for good; sums stay.")
    ] = False,
    yes: Yes = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an older file of the same name.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
) -> None:
    """Everything the workbook knows of one person: shown, taken along, or erased.

    Works on the closed file, in every sheet, note, log, conflict, journal and cache of it. Erased
    rows stay as those of an anonymous lead, so that sums and credits are as they were.
    """
    from smarketing_xl.rights import operations

    if sum((show, out is not None, erase)) > 1:
        raise typer.BadParameter(_("Give one of --show, --export and --erase"))
    if out is not None:
        say(operations.export(file, who, out, force))
    elif erase:
        say(operations.show(file, who))
        _ask(_("Erase this person? It cannot be undone, nor can the updates before it."), yes)
        say(operations.erase(file, who))
    else:
        found = operations.show(file, who)
        say_json(found) if as_json else say(found)


def anonymise(
    file: Workbook,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The workbook to make.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace an older file of the same name.")
    ] = False,
) -> None:
    """The same workbook without people, to give away: scores, sums and credits stay.

    Names, addresses, telephones, firms, IDs and salespeople become pseudonyms, the same for the
    same; notes, file properties and what a picture carries go.
    """
    from smarketing_xl.rights import operations

    say(operations.anonymise(file, out, force))


def retention(
    file: Workbook,
    months: Annotated[
        int, typer.Option("--months", min=1, help="How long after its end a lead is kept.")
    ] = 24,
    customers: Annotated[
        bool, typer.Option("--customers", help="Also those who became customers.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many.")] = False,
    yes: Yes = False,
) -> None:
    """Make leads anonymous that ended so many months ago; says how many first.

    Leads of people with another lead still open stay; so do customers. Cannot be undone.
    """
    from smarketing_xl.actions import past_in_words
    from smarketing_xl.rights import operations

    count = operations.count_past(file, months, customers)
    typer.echo(past_in_words(count, months))
    if dry_run or not count:
        return
    _ask(_("Make them anonymous? It cannot be undone, nor can the updates before it."), yes)
    say(operations.retain(file, months, customers))


def _ask(question: str, yes: bool) -> None:
    """Go on only where the person at the terminal agrees, or said so with --yes."""
    if yes or (sys.stdin.isatty() and agreed(question)):
        return
    raise Cancelled(_("Nothing was written"), _("It cannot be undone: say --yes where you mean it"))
