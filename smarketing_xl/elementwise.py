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
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smarketing_xl.errors import RAISES, CellError, Fault

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

ERRORS = tuple(CellError)  # code 1 is ERRORS[0]; code 0 is a good number
VALUE, NUM, DIV0, NA = range(1, 5)


@dataclass(frozen=True)
class Number:
    """What a numeric argument may be.

    unit: said in messages and help ("money", "share 0 to 1", "days").
    low, high: the closed range allowed. divisor: zero answers #DIV/0!. whole: no fractions.
    """

    unit: str
    low: float = -np.inf
    high: float = np.inf
    divisor: bool = False
    whole: bool = False

    def judge(self, raw: Any) -> tuple[Floats, Codes]:
        """Numbers (bad ones replaced by 1) and a code for each: 0 good, else an Excel error."""
        values, codes = to_numbers(raw)
        with np.errstate(invalid="ignore"):
            wrong = (values < self.low) | (values > self.high) | np.isinf(values)
            if self.whole:
                wrong |= values != np.floor(values)
        codes = np.where((codes == 0) & wrong, np.uint8(NUM), codes)
        if self.divisor:
            codes = np.where((codes == 0) & (values == 0), np.uint8(DIV0), codes)
        return np.where(codes == 0, values, 1.0), codes


def to_numbers(raw: Any) -> tuple[Floats, Codes]:
    """Cells as floats with a code each. A blank counts as 0, as Excel has it; text is #VALUE!."""
    array = np.asarray(raw)
    if array.dtype.kind in "biuf":
        values = array.astype(np.float64)
        return values, np.where(np.isnan(values), np.uint8(NA), np.uint8(0))
    array = np.asarray(raw, dtype=object)
    pairs = np.frompyfunc(_number, 1, 2)(array)
    return np.asarray(pairs[0], dtype=np.float64), np.asarray(pairs[1], dtype=np.uint8)


def _number(cell: object) -> tuple[float, int]:
    if cell is None or cell == "":
        return 0.0, 0
    if isinstance(cell, CellError):
        return 1.0, ERRORS.index(cell) + 1
    if isinstance(cell, bool | int | float | np.number):
        number = float(cell)
        return (number, 0) if number == number else (1.0, NA)
    return 1.0, VALUE


class Elementwise:
    """A rule over numbers, callable with single numbers or arrays broadcast together."""

    def __init__(self, rule: Callable[..., Any], domains: dict[str, Number]) -> None:
        self.rule = rule
        self.domains = domains
        self.signature = inspect.signature(rule)
        update_wrapper(self, rule)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Floats or arrays; raises one error that names every bad element."""
        bound = self._bind(args, kwargs)
        faults: list[Fault] = []
        first = 0
        for name, domain in self.domains.items():
            values, codes = domain.judge(bound[name])
            given = np.asarray(bound[name], dtype=object)
            for place in np.argwhere(codes)[:20]:
                code = int(codes[tuple(place)])
                first = first or code
                faults.append(_fault(name, domain, code, given[tuple(place)], place))
            bound[name] = values
        if first:
            raise RAISES[ERRORS[first - 1]](faults)
        return _plain(self.rule(**self._broadcast(bound)))

    def cells(self, *args: Any, **kwargs: Any) -> NDArray[Any]:
        """Values and errors, element by element, as an array of objects or floats."""
        bound = self._bind(args, kwargs)
        codes = np.zeros((), dtype=np.uint8)
        for name, domain in self.domains.items():
            bound[name], found = domain.judge(bound[name])
            codes = np.where(np.broadcast_arrays(codes, found)[0] == 0, found, codes)
        with np.errstate(all="ignore"):
            values = np.asarray(self.rule(**self._broadcast(bound)), dtype=np.float64)
        codes = np.broadcast_to(codes, values.shape)
        codes = np.where((codes == 0) & ~np.isfinite(values), np.uint8(NUM), codes)
        if not codes.any():
            return values
        out = values.astype(object)
        for code in np.unique(codes[codes > 0]):
            out[codes == code] = ERRORS[code - 1]
        return out

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return dict(bound.arguments)

    def _broadcast(self, bound: dict[str, Any]) -> dict[str, Any]:
        arrays = np.broadcast_arrays(*(bound[name] for name in self.domains))
        return bound | dict(zip(self.domains, arrays, strict=True))


def elementwise(**domains: Number) -> Callable[[Callable[..., Any]], Elementwise]:
    """Declare what each numeric argument may be; arguments not named are passed as they are."""
    return lambda rule: Elementwise(rule, domains)


def _plain(result: Any) -> Any:
    return float(result) if np.ndim(result) == 0 else result


def _fault(name: str, domain: Number, code: int, value: object, place: NDArray[np.intp]) -> Fault:
    at = f" at position {tuple(int(i) + 1 for i in place)}" if len(place) else ""
    problem, remedy = {
        VALUE: ("is not a number", f"Give {domain.unit} as a number"),
        NUM: ("is out of range", f"Give {domain.unit} from {domain.low:g} to {domain.high:g}"),
        DIV0: ("is zero and divides", f"Give {domain.unit} other than zero"),
        NA: ("is not available", f"Give {domain.unit}"),
    }[code]
    return Fault(f"{name}{at} {problem}", remedy, value=value)
