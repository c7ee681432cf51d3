"""Why a formula shows an error: the sentence behind it, kept for the cell that asked."""

from __future__ import annotations

from collections import OrderedDict
from contextvars import ContextVar
from typing import Any

import numpy as np

from smarketing_xl.errors import CellError, Fault, SmarketingError
from smarketing_xl.i18n import N_, _

_KEPT = 10_000  # places
_LAST = ""
_reasons: ContextVar[list[str]] = ContextVar("reasons")
_why: OrderedDict[str, str] = OrderedDict()


def begin() -> None:
    """A formula is asked: nothing has been explained yet."""
    _reasons.set([])


def explain(error: SmarketingError) -> None:
    """Called by a formula whose answer holds errors: the sentence behind them."""
    _reasons.get().append(str(error))


def reason_for(answer: Any) -> str:
    """What was explained, or else what the first error in the answer means; blank: all is well."""
    return "\n".join(_reasons.get()) or _meaning_of_first(answer)


def remember(reason: str, place: str) -> None:
    """Keep the reason of the cell at a place; no reason: the cell was put right."""
    if not reason:
        if place:
            _why.pop(place, None)
        return
    for key in {place, _LAST}:
        _why[key] = reason
        _why.move_to_end(key)
    while len(_why) > _KEPT:
        _why.popitem(last=False)


def forget_last() -> None:
    """What failed last is forgotten: the next call that fails is the one that `why` speaks of."""
    _why.pop(_LAST, None)


def why(place: str = _LAST, shown: str = "") -> str:
    """The sentence behind the error at a place; without a place, of the last call that failed.

    shown: what the cell shows; where nobody remembers its call, what such an error means.
    """
    error = next((error for error in CellError if error == shown), None)
    return _why.get(place, "") or (_meaning(error) if error else "")


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


def _meaning_of_first(answer: Any) -> str:
    """What the first error in an answer means, where nobody explained it."""
    if isinstance(answer, np.ndarray):
        answer = next((cell for cell in answer.flat if isinstance(cell, CellError)), None)
    return _meaning(answer) if isinstance(answer, CellError) else ""


def _meaning(error: CellError) -> str:
    problem, remedy = _MEANING[error]
    return str(Fault(_(problem), _(remedy)))
