"""How the command line explains itself, in the user's language: `--help`, and what was mistyped.

Nothing is said twice: the help of a command is its docstring, that of a parameter its `help=`. The
catalogue takes them from the commands (`texts`), and they are translated as they are shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from rich.table import Table as Grid
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from smarketing_xl.cli.output import out
from smarketing_xl.errors import Fault
from smarketing_xl.i18n import N_, _

Mistyped: type[Exception] = typer.BadParameter.mro()[1]  # typer names this one of the family only
Rows = Sequence[tuple[str, str]]

EXAMPLE_DAY = dt.date(2026, 9, 30)
_TYPERS = (  # said by typer; here for the catalogue
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)


class Command(TyperCommand):
    """A command that explains itself."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True  # so that they are refused here, in words of ours
        try:
            more = super().parse_args(ctx, args)
        except Mistyped as error:
            vars(error)["ctx"] = ctx  # typer leaves it out of some
            raise
        if more and not ctx.resilient_parsing:
            ctx.fail(_("This is too much: {words}").format(words=" ".join(more)))
        return more

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _explain(self, ctx, [_named(each) for each in self.params if _is_argument(each)])
        _examples(self.epilog)


class Group(TyperGroup):
    """Commands that explain themselves, and the panels they are listed in."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            ctx.get_help()
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            message = _("There is no command {name}").format(name=cmd_name)
            for like in get_close_matches(cmd_name, self.commands, n=1):
                message = _("There is no command {name}; {like} is one").format(
                    name=cmd_name, like=like
                )
            ctx.fail(message)
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _explain(self, ctx, [_("COMMAND")])
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            first = next(_paragraphs(command.help))
            panels.setdefault(_panel(command), []).append((name, _(first)))
        for title, commands in panels.items():
            _section(_(title), commands)
        _examples(self.epilog)


def texts(command: Any) -> Iterator[str]:
    """Every text that a command, and those below it, are declared with."""
    yield from _paragraphs(command.help)
    below: Mapping[str, Any] = getattr(command, "commands", {})
    for param in () if below else command.params:
        yield from filter(None, (param.help, param.metavar))
    for sub in below.values():
        yield _panel(sub)
        yield from texts(sub)


def mistyped(error: Any) -> Fault:
    """What is wrong with the words of a command, and where it is explained."""
    remedy = _("See {command} --help").format(command=error.ctx.command_path)
    param, option = getattr(error, "param", None), getattr(error, "option_name", None)
    if param is not None:
        name = _named(param) if _is_argument(param) else _option_name(param)
        if not error.message:
            return Fault(_("{name} is missing").format(name=name), remedy)
        choices = ", ".join(_choices(param))
        if choices:
            message = _("{name} is one of these: {choices}").format(name=name, choices=choices)
            return Fault(message, remedy)
        return Fault(_unreadable(param).format(name=name), remedy)
    if option is not None:
        known = any(option in each.opts for each in error.ctx.command.params)
        message = _("{name} is not used like that") if known else _("There is no option {name}")
        return Fault(message.format(name=option), remedy)
    return Fault(error.message, remedy)


def _option_name(param: Any) -> str:
    """An option, or the two that answer yes and no."""
    return _(" or ").join([param.opts[0], *param.secondary_opts[:1]])


def _unreadable(param: Any) -> str:
    """What is wrong with what was typed for a parameter, by what it should be."""
    if param.type_descriptor.is_datetime:
        formats = param.type_descriptor.parameter_info.formats
        return _("{name} is written such as {example}").replace(
            "{example}", EXAMPLE_DAY.strftime(formats[0])
        )
    if param.type_descriptor.is_ranged:
        return _("{name} is a whole number of {least} or more").replace("{least}", str(param.min))
    return _("What stands at {name} cannot be read")


# --- what is shown ------------------------------------------------------------------------------


def _explain(command: Any, ctx: Any, words: Sequence[str]) -> None:
    usage = " ".join([ctx.command_path, _("[OPTIONS]"), *words])
    out.print(Text(_("Usage: {usage}").format(usage=usage), "bold"))
    for paragraph in _paragraphs(command.help):
        out.print()
        out.print(Text(_(paragraph)))
    arguments = [(_named(each), _(each.help)) for each in command.params if _is_argument(each)]
    _section(_("Arguments"), [(name, text) for name, text in arguments if text])
    options = [_option(each) for each in command.params if not _is_argument(each)]
    _section(_("Options"), [*options, ("--help", _("Show this and do nothing."))])


def _section(title: str, rows: Rows) -> None:
    if not rows:
        return
    out.print()
    out.print(Text(title, "bold"))
    grid = Grid(box=None, show_header=False, padding=(0, 2), pad_edge=True)
    grid.add_column(style="cyan", max_width=40)
    grid.add_column()
    for name, text in rows:
        grid.add_row(Text(name), Text(text))
    out.print(grid)


def _examples(lines: str | None) -> None:
    if not lines:
        return
    out.print()
    out.print(Text(_("For example"), "bold"))
    for line in lines.splitlines():
        out.print(Text(f"  smarketing {line}", "cyan"))


def _option(param: TyperOption) -> tuple[str, str]:
    takes = "|".join(_choices(param)) or (_(param.metavar) if param.metavar else "")
    name = " ".join(filter(None, [", ".join(param.opts), takes]))
    text = _(param.help) if param.help else ""
    if param.default and not param.is_flag:
        text = " ".join([text, _("[default: {value}]").format(value=param.default)])
    return name, text


def _named(param: Any) -> str:
    name = _(param.metavar) if param.metavar else param.name.upper()
    more = "…" if param.nargs != 1 else ""
    return f"{name}{more}" if param.required else f"[{name}]{more}"


def _choices(param: Any) -> Sequence[str]:
    return tuple(map(str, param.type_descriptor.choices or ()))


def _is_argument(param: Any) -> bool:
    return isinstance(param, TyperArgument)


def _panel(command: Any) -> str:
    return command.rich_help_panel or N_("Commands")


def _paragraphs(text: str | None) -> Iterator[str]:
    for paragraph in (text or "").split("\n\n"):
        yield " ".join(paragraph.split())
