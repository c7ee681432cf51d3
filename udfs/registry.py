"""How a formula is declared: `@formula` beside its function, or `formula(...)(rule)` of a rule.

It reads the function's name and arguments, and the help given beside them. Formulas (udfs/formulas)
stand on this module; udfs/functions.py gathers them.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from smarketing_xl.elementwise import Elementwise
from smarketing_xl.errors import CellError, SmarketingError
from smarketing_xl.i18n import Language, _, speaking
from udfs import error_reasons, helpers
from udfs.lambdas import rules
from udfs.values import argument_in, result_out

logger = logging.getLogger(__name__)

CATEGORY = "Smarketing"  # in Excel's Insert Function and Calc's function list

Step = Literal["Personas", "Goals", "SLA", "Attribution"]


@dataclass(frozen=True)
class Argument:
    """One argument: its name in formulas, its help, and whether it may be left out."""

    name: str
    help: str
    optional: bool = False


@dataclass(frozen=True)
class Formula:
    """One formula. `spills`: answers a range even where every argument is a single cell.

    `times`: answers dates with a time. `native`: also answered in VBA where there is no Python.
    `single`: the short way of single good numbers; None where only `function` can tell.
    `within`: what a workbook answers by itself, as the body of a LAMBDA; None where it cannot.
    """

    name: str
    step: Step
    help: str
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    example: str
    spills: bool = False
    times: bool = False
    native: bool = False
    single: Callable[..., float | None] | None = None
    within: Callable[[], str] | None = None

    def call(self, *cells: Any, place: str = "", language: Language | None = None) -> Any:
        """What the cell shows: a value, or a 2-D array of objects; never raises.

        Bad elements are `CellError` members, blanks None, dates datetime. A range may be given as
        rows of cells; an optional argument left out or blank takes its default.
        place: where the formula stands, for `why`. language: of the labels and sentences.
        """
        if self.single and (number := self.single(*cells)) is not None:
            error_reasons.remember("", place)
            return number
        with speaking(language) if language else nullcontext():
            answer, reason = self._answer(cells)
        error_reasons.remember(reason and f"{self.name}: {reason}" if place else reason, place)
        return answer

    def _answer(self, cells: tuple[Any, ...]) -> tuple[Any, str]:
        error_reasons.begin()
        try:
            bound = self._bind(cells)
            answer = result_out(self.function(**bound))
        except SmarketingError as error:
            return error.cell, str(error)
        except Exception as error:  # a cell shows an Excel error, whatever went wrong
            logger.exception("%s failed", self.name)
            return CellError.VALUE, _("Unexpected error: {error}").format(error=error)
        return answer, error_reasons.reason_for(answer)

    def _bind(self, cells: tuple[Any, ...]) -> dict[str, Any]:
        if len(cells) > len(self.arguments):
            raise SmarketingError(
                _("Too many arguments"),
                _("Give at most {count}").format(count=len(self.arguments)),
            )
        bound = {}
        for argument, cell in zip(self.arguments, cells, strict=False):
            value = argument_in(cell)
            if value is None and argument.optional:
                continue
            bound[argument.name] = value
        for argument in self.arguments[len(cells) :]:
            if not argument.optional:
                raise SmarketingError(
                    _("{argument} is missing").format(argument=argument.name),
                    _("Give it: {help}").format(help=_(argument.help)),
                )
        return bound

    @property
    def signature(self) -> str:
        """As people type it: NAME(needed, [optional])."""
        shown = (f"[{it.name}]" if it.optional else it.name for it in self.arguments)
        return f"{self.name}({', '.join(shown)})"


def formula(
    step: Step,
    help: str,
    *,
    example: str,
    spills: bool = False,
    times: bool = False,
    native: bool = False,
    within: Callable[[], str] | None = None,
    arguments: dict[str, str],
) -> Callable[[Callable[..., Any]], Formula]:
    """Declare a formula under the name of the function it decorates, in capitals.

    It decorates a function of cells, or a rule (`elementwise`), which answers them one by one.

    step: the category in Excel's Insert Function. help: what the formula answers, one sentence.
    example: a call as people type it. arguments: the help of each argument, by name and in order;
    one with a default is optional. spills: the answer may be larger than its cell. times: the
    answer is a moment. native: VBA answers too, where there is no Python. within: the LAMBDA of the
    edition without macros (see `Formula`); that of a rule is made from the rule. All texts are
    marked with N_. Raises TypeError where arguments and their help differ.
    """

    def declare(function: Callable[..., Any]) -> Formula:
        rule = function if isinstance(function, Elementwise) else None
        parameters = inspect.signature(function).parameters
        if list(parameters) != list(arguments):
            raise TypeError(f"{function.__name__}: arguments and their help differ")
        return Formula(
            function.__name__.upper(),
            step,
            help,
            tuple(
                Argument(it.name, arguments[it.name], it.default is not it.empty)
                for it in parameters.values()
            ),
            helpers.over_cells(rule) if rule else function,
            example,
            spills,
            times,
            native,
            rule.single if rule else None,
            partial(rules.of_rule, rule) if rule and not within else within,
        )

    return declare
