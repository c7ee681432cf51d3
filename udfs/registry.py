"""Every formula, declared once.

`@formula` reads a function's name, arguments and first paragraph, and the help given beside them.
What hosts need comes from here: the VBA wrappers, the Insert Function help, the Calc add-in, the
cached values in files, the table in the documentation.

>>> FORMULAS["REQUIRED_LEADS"].call(1_000_000, 300_000, 0.1)
34.0
>>> FORMULAS["REQUIRED_LEADS"].call("a lot", 300_000, 0.1)
<CellError.VALUE: '#VALUE!'>
>>> why()
"quota is not a number ('a lot'). Give money as a number"
"""

from __future__ import annotations

import inspect
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np

from smarketing_xl.errors import CellError, Fault, SmarketingError
from smarketing_xl.texts import N_, Language, _, speaking
from udfs.values import argument_in, result_out

logger = logging.getLogger(__name__)

Step = Literal["Personas", "Goals", "SLA", "Attribution"]
STEPS: tuple[str, ...] = (N_("Personas"), N_("Goals"), N_("SLA"), N_("Attribution"))

CATEGORY = "Smarketing"  # in Excel's Insert Function and Calc's function list


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

    def call(self, *cells: Any, place: str = "", language: Language | None = None) -> Any:
        """What the cell shows: a value, or a 2-D array of objects; never raises.

        Bad elements are `CellError` members, blanks None, dates datetime. A range may be given as
        rows of cells; an optional argument left out or blank takes its default.
        place: where the formula stands, for `why`. language: of the labels and sentences.
        """
        with speaking(language) if language else nullcontext():
            answer, reason = self._answer(cells)
        _remember(reason and f"{self.name}: {reason}" if place else reason, place)
        return answer

    def _answer(self, cells: tuple[Any, ...]) -> tuple[Any, str]:
        _reasons.set([])
        try:
            bound = self._bind(cells)
            answer = result_out(self.function(**bound))
        except SmarketingError as error:
            return error.cell, str(error)
        except Exception as error:  # a cell shows an Excel error, whatever went wrong
            logger.exception("%s failed", self.name)
            return CellError.VALUE, _("Unexpected error: {error}").format(error=error)
        return answer, "\n".join(_reasons.get()) or _said(answer)

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


_declared: dict[str, Formula] = {}


def formula(
    step: Step,
    help: str,
    *,
    example: str,
    spills: bool = False,
    times: bool = False,
    native: bool = False,
    arguments: dict[str, str],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a formula. arguments: the help of each, in order. All texts are marked with N_."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = inspect.signature(function).parameters
        if list(parameters) != list(arguments):
            raise TypeError(f"{function.__name__}: arguments and their help differ")
        name = function.__name__.upper()
        _declared[name] = Formula(
            name,
            step,
            help,
            tuple(
                Argument(it.name, arguments[it.name], it.default is not it.empty)
                for it in parameters.values()
            ),
            function,
            example,
            spills,
            times,
            native,
        )
        return function

    return declare


class _Formulas(Mapping[str, Formula]):
    """The declared formulas; declaring them waits until the first is looked up."""

    def __getitem__(self, name: str) -> Formula:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @staticmethod
    def _all() -> dict[str, Formula]:
        import_module("udfs.functions")
        return _declared


FORMULAS: Mapping[str, Formula] = _Formulas()

# --- why a formula failed -----------------------------------------------------------------------

_KEPT = 10_000  # places
_LAST = ""
_reasons: ContextVar[list[str]] = ContextVar("reasons")
_why: OrderedDict[str, str] = OrderedDict()


def explain(error: SmarketingError) -> None:
    """Called by a formula whose answer holds errors: the sentence behind them."""
    _reasons.get().append(str(error))


def why(place: str = _LAST, shown: str = "") -> str:
    """The sentence behind the error at a place; without a place, of the last call that failed.

    shown: what the cell shows; where nobody remembers its call, what such an error means.
    """
    error = next((error for error in CellError if error == shown), None)
    return _why.get(place, "") or (_meaning(error) if error else "")


def _remember(reason: str, place: str) -> None:
    if not reason:
        if place:
            _why.pop(place, None)
        return
    for key in {place, _LAST}:
        _why[key] = reason
        _why.move_to_end(key)
    while len(_why) > _KEPT:
        _why.popitem(last=False)


_MEANING: dict[CellError, tuple[str, str]] = {
    CellError.VALUE: (
        N_("A text stands where a number or a date belongs"),
        N_("Check the cells that the formula reads"),
    ),
    CellError.NUM: (
        N_("A number is outside of what is possible"),
        N_("Check signs, and that shares lie between 0 % and 100 %"),
    ),
    CellError.DIV0: (N_("Something is divided by zero"), N_("Give a divisor other than zero")),
    CellError.NA: (N_("There is not enough data"), N_("Give more rows, or fill the blanks")),
}


def _said(answer: Any) -> str:
    """What the first error in an answer means, where nobody explained it."""
    if isinstance(answer, np.ndarray):
        answer = next((cell for cell in answer.flat if isinstance(cell, CellError)), None)
    return _meaning(answer) if isinstance(answer, CellError) else ""


def _meaning(error: CellError) -> str:
    problem, remedy = _MEANING[error]
    return str(Fault(_(problem), _(remedy)))
