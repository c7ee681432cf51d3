"""A rule over numbers as a formula, made from the rule itself.

The rule is asked with symbols instead of numbers: numpy hands each of its operations to them, and
they write it down. What its arguments may be is declared beside it (`Number`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from smarketing_xl.elementwise import Elementwise
from smarketing_xl.funnel.goals import whole_up
from udfs.lambdas.cells import at_most, element_by_element, flag, let, number, rounded_up, written

_WORDS = {
    "add": "({}+{})",
    "subtract": "({}-{})",
    "multiply": "({}*{})",
    "divide": "({}/{})",
    "power": "({}^{})",
    "negative": "(-{})",
    "less": "({}<{})",
    "less_equal": "({}<={})",
    "greater": "({}>{})",
    "equal": "({}={})",
    "absolute": "ABS({})",
    "floor": "INT({})",
    "sqrt": "SQRT({})",
    "where": "IF({},{},{})",
}


class Symbol(NDArrayOperatorsMixin):
    """A number that is not known yet, or what is done with such numbers."""

    def __init__(self, word: str, parts: tuple[Any, ...] = ()) -> None:
        self.word = word
        self.parts = parts

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *parts: Any, **_options: Any) -> Symbol:
        name = ufunc.__name__
        if name in ("minimum", "maximum"):
            one, other = parts
            chosen = np.less(one, other) if name == "minimum" else np.greater(one, other)
            return Symbol(_WORDS["where"], (chosen, one, other))
        if method != "__call__" or name not in _WORDS:
            raise TypeError(f"{name} has no word in a formula")
        return Symbol(_WORDS[name], parts)

    def __array_function__(self, function: Any, _types: Any, args: Any, _options: Any) -> Symbol:
        if function is not np.where:
            raise TypeError(f"{function.__name__} has no word in a formula")
        return Symbol(_WORDS["where"], args)


@whole_up.register
def _(number: Symbol) -> Symbol:
    return Symbol(rounded_up("{}"), (number,))


def formula(symbol: Any) -> str:
    """What a symbol stands for as a formula; a piece used twice has a name."""
    used = Counter(id(part) for whole in _every(symbol) for part in whole.parts)
    names: dict[int, str] = {}
    bindings: dict[str, str] = {}

    def text(part: Any) -> str:
        if not isinstance(part, Symbol):
            return written(float(part))
        if id(part) in names:
            return names[id(part)]
        piece = part.word.format(*map(text, part.parts))
        if part.parts and used[id(part)] > 1:
            names[id(part)] = f"step_{'abcdefgh'[len(names)]}"
            bindings[names[id(part)]] = piece
            return names[id(part)]
        return piece

    answer = text(symbol)
    return let(bindings, answer)


def _every(symbol: Any, seen: set[int] | None = None) -> Iterator[Symbol]:
    """A symbol and all it is made of, each once."""
    seen = set() if seen is None else seen
    if isinstance(symbol, Symbol) and id(symbol) not in seen:
        seen.add(id(symbol))
        yield symbol
        for part in symbol.parts:
            yield from _every(part, seen)


def of_rule(rule: Elementwise) -> str:
    """The body of a rule's function: its numbers are ranges, all else TRUE or FALSE."""
    numbers = {name: Symbol(f"v_{name}") for name in rule.domains}
    (switch,) = [name for name in rule.signature.parameters if name not in numbers] or [""]
    if switch:
        yes, no = (formula(rule.rule(**numbers, **{switch: on})) for on in (True, False))
        answer = f"IF(yes,{yes},{no})"
    else:
        answer = formula(rule.rule(**numbers))
    judges = {name: number(domain) for name, domain in rule.domains.items()}
    checks = {
        f"c_{name}": at_most(f"v_{name}", f"v_{domain.at_most}")
        for name, domain in rule.domains.items()
        if domain.at_most
    }
    body = element_by_element(judges, f"IFERROR({answer},#NUM!)", checks)
    if not switch:
        return body
    return let({"yes": flag(switch)}, f"IF(ISERROR(yes),yes,{body})")
