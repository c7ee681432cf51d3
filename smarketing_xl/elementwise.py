"""Formulas over numbers that may be single or whole ranges.

A rule is written once, for arrays of good numbers. What each argument may be is declared beside it
as a `Number`; from that come both the strict call (raises, naming every bad element) and the call
of a cell (`.cells`: a bad element answers with its own Excel error, the others with their values).

>>> @elementwise(revenue=Number("money", low=0), customers=Number("customers", divisor=True))
... def revenue_per_customer(revenue, customers):
...     return revenue / customers
>>> revenue_per_customer(100, 4)
25.0
>>> revenue_per_customer.cells([100, "ten", 30], [4, 4, 0]).tolist()
[25.0, <CellError.VALUE: '#VALUE!'>, <CellError.DIV0: '#DIV/0!'>]

A rule may answer several numbers as a tuple; cells then have them in a first axis. A result that is
not finite (no answer exists, or it is too large) is #NUM!.
"""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats
from smarketing_xl.errors import RAISES, CellError, Fault, OutOfRange, shown
from smarketing_xl.i18n import N_, _

Codes = NDArray[np.uint8]

ERRORS = tuple(CellError)  # code 1 is ERRORS[0]; code 0 is a good number
VALUE, NUM, DIV0, NA = range(1, 5)


@dataclass(frozen=True)
class Number:
    """What a numeric argument may be.

    unit: said in messages and help ("money", "share 0 to 1", "days").
    low, high: the closed range allowed. divisor: zero answers #DIV/0!.
    at_most: the name of another argument that it may not exceed.
    """

    unit: str
    low: float = -np.inf
    high: float = np.inf
    divisor: bool = False
    at_most: str = ""

    @property
    def limits(self) -> tuple[float, float] | None:
        """Least and most of the good numbers; None where two limits do not tell them."""
        if self.at_most or (self.divisor and self.low < 0):
            return None
        least = math.ulp(0.0) if self.divisor and self.low == 0 else self.low
        return max(least, -sys.float_info.max), min(self.high, sys.float_info.max)

    def judge(self, raw: Any) -> tuple[Floats, Codes]:
        """Numbers (bad ones replaced by good ones) and a code for each: 0 good, else an error."""
        values, codes = to_numbers(raw)
        with np.errstate(invalid="ignore"):
            wrong = (values < self.low) | (values > self.high) | np.isinf(values)
        codes = np.where((codes == 0) & wrong, np.uint8(NUM), codes)
        if self.divisor:
            codes = np.where((codes == 0) & (values == 0), np.uint8(DIV0), codes)
        return np.where(codes == 0, values, min(max(1.0, self.low), self.high)), codes


def to_numbers(raw: Any) -> tuple[Floats, Codes]:
    """Cells as floats with a code each. A blank counts as 0, as Excel has it; text is #VALUE!."""
    array = np.asarray(raw)
    if array.dtype.kind in "biuf":
        values = array.astype(np.float64)
        return values, np.where(np.isnan(values), np.uint8(NA), np.uint8(0))
    array = np.asarray(raw, dtype=object)
    pairs = np.frompyfunc(_number, 1, 2)(array)
    return np.asarray(pairs[0], dtype=np.float64), np.asarray(pairs[1], dtype=np.uint8)


def unfilled(cells: Any) -> NDArray[np.bool_]:
    """Which cells hold nothing: a zero is something."""
    array = np.asarray(cells, dtype=object)
    empty = np.frompyfunc(lambda cell: cell is None or cell == "", 1, 1)(array)
    return np.asarray(empty, dtype=np.bool_)


def _number(cell: object) -> tuple[float, int]:
    if cell is None or cell == "":
        return 0.0, 0
    if isinstance(cell, CellError):
        return 1.0, ERRORS.index(cell) + 1
    if isinstance(cell, bool | int | float | Decimal | np.number):
        number = float(cell)
        return (number, 0) if number == number else (1.0, NA)
    return 1.0, VALUE


class Elementwise:
    """A rule over numbers, callable with single numbers or arrays broadcast together."""

    def __init__(self, rule: Callable[..., Any], domains: dict[str, Number]) -> None:
        self.rule = rule
        self.domains = domains
        self.signature = inspect.signature(rule)
        arguments = self.signature.parameters.values()
        limits = [it.limits for it in domains.values()]
        self._limits = None if None in limits else tuple(it for it in limits if it)
        self._names = [it.name for it in arguments if it.kind is it.POSITIONAL_OR_KEYWORD]
        self._defaults = {it.name: it.default for it in arguments if it.default is not it.empty}
        update_wrapper(self, rule)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Floats or arrays; raises one error that names every bad element."""
        given = self._bind(args, kwargs)
        values, codes = self._judge(given)
        faults = [
            _fault(name, self.domains[name], code, given[name], place, marks.shape)
            for name, marks in codes.items()
            for place, code in _bad(marks)
        ]
        if faults:
            first = next(int(marks[marks > 0][0]) for marks in codes.values() if marks.any())
            raise RAISES[ERRORS[first - 1]](faults)
        with np.errstate(all="ignore"):
            result = self.rule(**self._broadcast(given | values))
        if not np.isfinite(result).all():
            raise OutOfRange(_no_answer(given))
        return _plain(result)

    def single(self, *given: Any) -> float | None:
        """What good single numbers answer, told without arrays, as most cells are.

        given: in the order of the rule; what is no number last, TRUE or FALSE or numbers.
        None: only `cells` can tell.
        """
        limits = self._limits
        if limits is None or not len(limits) <= len(given) <= len(self._names):
            return None
        for number, (least, most) in zip(given, limits, strict=False):
            if type(number) is not float or not least <= number <= most:
                return None
        for switch in given[len(limits) :]:
            if type(switch) is not bool and type(switch) is not float:
                return None
        try:
            value = self.rule(*given)
        except ArithmeticError:  # no answer exists
            return None
        if type(value) is not float:
            if np.ndim(value):  # several numbers
                return None
            value = float(value)
        return value if -math.inf < value < math.inf else None

    def cells(self, *args: Any, **kwargs: Any) -> NDArray[Any]:
        """Values and errors, element by element, as an array of objects or floats."""
        given = self._bind(args, kwargs)
        judged, faults = self._judge(given)
        codes = np.zeros((), dtype=np.uint8)
        for each in faults.values():
            codes = np.where(np.broadcast_arrays(codes, each)[0] == 0, each, codes)
        with np.errstate(all="ignore"):
            values = np.asarray(self.rule(**self._broadcast(given | judged)), dtype=np.float64)
        codes = np.broadcast_to(codes, values.shape)
        codes = np.where((codes == 0) & ~np.isfinite(values), np.uint8(NUM), codes)
        if not codes.any():
            return values
        out = values.astype(object)
        for code in np.unique(codes[codes > 0]):
            out[codes == code] = ERRORS[code - 1]
        return out

    def _judge(self, given: dict[str, Any]) -> tuple[dict[str, Floats], dict[str, Codes]]:
        values: dict[str, Floats] = {}
        codes: dict[str, Codes] = {}
        for name, domain in self.domains.items():
            values[name], codes[name] = domain.judge(given[name])
        for name, domain in self.domains.items():
            if domain.at_most:
                good = (codes[name] == 0) & (codes[domain.at_most] == 0)
                above = good & (values[name] > values[domain.at_most])
                codes[name] = np.where(above, np.uint8(NUM), codes[name])
                values[name] = np.minimum(values[name], values[domain.at_most])
        return values, codes

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Every argument by name: what `signature.bind` answers, in a tenth of its time."""
        given = dict(zip(self._names, args, strict=False))
        bound = self._defaults | given | kwargs
        if (
            len(args) > len(self._names)
            or given.keys() & kwargs.keys()
            or bound.keys() != self.signature.parameters.keys()
        ):
            self.signature.bind(*args, **kwargs)  # raises, in Python's words
        return bound

    def _broadcast(self, bound: dict[str, Any]) -> dict[str, Any]:
        arrays = np.broadcast_arrays(*(bound[name] for name in self.domains))
        return bound | dict(zip(self.domains, arrays, strict=True))


def elementwise(**domains: Number) -> Callable[[Callable[..., Any]], Elementwise]:
    """Declare what each numeric argument may be; arguments not named are passed as they are."""
    return lambda rule: Elementwise(rule, domains)


def _plain(result: Any) -> Any:
    if isinstance(result, tuple):
        return tuple(map(_plain, result))
    return float(result) if np.ndim(result) == 0 else result


def _bad(codes: Codes) -> list[tuple[NDArray[np.intp], int]]:
    """Where the first bad elements are, and their codes."""
    return [(place, int(codes[tuple(place)])) for place in np.argwhere(codes)[:20]]


def _no_answer(given: dict[str, Any]) -> Fault:
    single = {name: value for name, value in given.items() if np.ndim(value) == 0}
    numbers = ", ".join(f"{{{name}}} = {shown(value)}" for name, value in single.items())
    problem = _("There is no answer for these numbers")
    return Fault(
        f"{problem}: {numbers}" if numbers else problem,
        _("Change one of them"),
        arguments=tuple(single),
    )


def _fault(
    name: str,
    domain: Number,
    code: int,
    given: Any,
    place: NDArray[np.intp],
    shape: tuple[int, ...],
) -> Fault:
    value = np.broadcast_to(np.asarray(given, dtype=object), shape)[tuple(place)]
    words = {
        "what": placed(f"{{{name}}}", place.tolist(), shape),
        "unit": _(domain.unit),
        "low": shown(domain.low),
        "high": shown(domain.high),
        "other": f"{{{domain.at_most}}}",
    }
    problem, remedy = _FAULTS[code]
    if code == NUM and isinstance(value, int | float | np.number):
        if domain.low <= value <= domain.high and domain.at_most:
            problem, remedy = _ABOVE
        elif domain.high == np.inf:
            remedy = _AT_LEAST
    arguments = tuple(filter(None, (name, domain.at_most)))
    return Fault(
        _(problem).format(**words), _(remedy).format(**words), value=value, arguments=arguments
    )


def placed(name: str, place: Sequence[Any], shape: Sequence[int]) -> str:
    """An element of a range as people find it: the third value, or its row and column."""
    numbers = [at + 1 for at, size in zip(place, shape, strict=True) if size > 1]
    if len(numbers) < 2:
        return _("{name}, value {place}").format(name=name, place=numbers[0]) if numbers else name
    row, column = numbers[-2:]
    return _("{name}, row {row}, column {column}").format(name=name, row=row, column=column)


_FAULTS = {
    VALUE: (N_("{what} is not a number"), N_("Give {unit} as a number")),
    NUM: (N_("{what} is out of range"), N_("Give {unit} from {low} to {high}")),
    DIV0: (N_("{what} is zero and divides"), N_("Give {unit} other than zero")),
    NA: (N_("{what} is not available"), N_("Give {unit}")),
}
_AT_LEAST = N_("Give {unit}, {low} or more")
_ABOVE = (N_("{what} is more than {other}"), N_("Give at most as much as {other}"))
