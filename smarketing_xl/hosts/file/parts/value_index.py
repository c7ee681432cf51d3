"""Where in the bytes of a worksheet the values of its cells stand, and of what kind they are.

Cells written as nearly all are, are told apart all at once; any other is left to be read as XML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]
Marks = NDArray[np.bool_]

_SPACE, _QUOTE, _ZERO, _EQUAL = b' "0='
_STYLE, _TYPE, _FORMULA, _OF_IS = b"stfs"
_VALUE = len(' s="')
_MOST_DIGITS = 5  # of a style's number
MOST_STYLES = 10**_MOST_DIGITS
_ATTRIBUTES = 2  # that a cell has besides its reference: style and type, in either order
_KEEPS_SPACE = b't xml:space="preserve"'
_LONGEST = 127  # letters of a name that make a difference
_LETTER, _CLOSING, _FOLLOWED, _LENGTH = 0xFF, 1 << 8, 1 << 9, 10
_FURTHEST = 5  # tags that a cell may reach behind the last one, as far as its first tells


class Held(IntEnum):
    """What a cell holds, by what its XML says. ODD: it takes a closer look to tell."""

    NUMBER = 0
    SHARED = 1
    TEXT = 2
    TRUTH = 3
    ERROR = 4
    MOMENT = 5
    NOTHING = 6
    ODD = 7


TYPES = {
    b"s": Held.SHARED, b"str": Held.TEXT, b"inlineStr": Held.TEXT, b"n": Held.NUMBER,
    b"b": Held.TRUTH, b"e": Held.ERROR, b"d": Held.MOMENT,
}  # fmt: skip
_BY_LETTER = np.full(256, Held.ODD, dtype=np.int8)
for _text, _kind in TYPES.items():
    if len(_text) == 1:
        _BY_LETTER[_text[0]] = _kind


@dataclass(frozen=True, slots=True, eq=False)
class Tags:
    """All tags of some whole rows, one after the other.

    data: the bytes of the rows, and some more. opens, closes: where each tag has its `<` and its
    `>`. names: where its name stands, behind the prefix. closing: `</...>`. alone: `<.../>`.
    followed: by anything but the next tag.
    """

    data: NDArray[np.uint8]
    opens: Places
    closes: Places
    names: Places
    closing: Marks
    alone: Marks
    followed: Marks

    def codes(self) -> Places:
        """What each tag is, as one number (see `_code`): its first letter and its length, whether
        it closes, whether it is followed by anything but the next.
        """
        codes: Places = np.minimum(self.closes - self.names, np.int32(_LONGEST)) << np.int32(
            _LENGTH
        )
        codes |= self.data[self.names]
        codes |= self.closing * np.int32(_CLOSING)
        codes |= self.followed * np.int32(_FOLLOWED)
        return codes


def _code(name: bytes, closing: bool = False) -> int:
    return len(name) << _LENGTH | closing * _CLOSING | name[0]


@dataclass(frozen=True, slots=True, eq=False)
class ValueIndex:
    """The values of cells, in the order of the cells.

    kinds: a `Held` of each. styles: the numbers of their styles. begins, ends: where the text of
    the value stands; of an ODD one the cell itself.
    """

    kinds: NDArray[np.int8]
    styles: Places
    begins: Places
    ends: Places


def values_of(tags: Tags, cells: NDArray[np.int64], behind: Places, start: int) -> ValueIndex:
    """The values of cells that hold anything.

    cells: their tags. behind: where the reference of each ends. start: where the rows stand in the
    bytes of the sheet.
    """
    kinds, styles, inline = _attributes(tags.data, behind, tags.closes[cells])
    codes = np.append(tags.codes(), np.zeros(_FURTHEST, dtype=np.int32))
    sound = ~tags.followed[cells]
    inside = cells + 1
    formulas = np.flatnonzero((codes[inside] & (_CLOSING | _LETTER)) == _FORMULA)
    inside[formulas], over = _behind_formulas(tags, codes, inside[formulas])
    sound[formulas] &= over

    begins, ends = np.zeros((2, len(cells)), dtype=np.int32)
    known = (codes[inside] & ~_FOLLOWED) == _code(b"c", closing=True)
    values = np.flatnonzero(((codes[inside] & ~_FOLLOWED) == _code(b"v")) & ~inline)
    begins[values], ends[values], known[values] = _values(tags, codes, inside[values])
    texts = np.flatnonzero((codes[inside] == _code(b"is")) & inline)
    begins[texts], ends[texts], known[texts] = _texts(tags, codes, inside[texts])
    kinds[~(known & sound)] = Held.ODD
    kinds[(begins >= ends) & (kinds != Held.ODD)] = Held.NOTHING
    odd = np.flatnonzero(kinds == Held.ODD)
    begins[odd], ends[odd] = tags.opens[cells[odd]], _ends(tags, codes, cells[odd])
    return ValueIndex(kinds, styles, begins + np.int32(start), ends + np.int32(start))


def _behind_formulas(
    tags: Tags, codes: Places, formulas: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Marks]:
    """The tags that follow formulas, and which formulas are over there, with no text behind."""
    alone = tags.alone[formulas]
    last = formulas + ~alone
    over = np.where(alone, (codes[last] & _FOLLOWED) == 0, codes[last] == _code(b"f", closing=True))
    return last + 1, over


def _values(tags: Tags, codes: Places, values: NDArray[np.int64]) -> tuple[Places, Places, Marks]:
    """Where `<v>`s begin and end, and which of them are all that is left of a cell."""
    known = codes[values + 1] == _code(b"v", closing=True)
    known &= (codes[values + 2] & ~_FOLLOWED) == _code(b"c", closing=True)
    return tags.closes[values] + 1, tags.opens[values + 1], known


def _texts(tags: Tags, codes: Places, inline: NDArray[np.int64]) -> tuple[Places, Places, Marks]:
    """Where the texts of `<is>`s begin and end, and which of them are all that a cell holds."""
    text = inline + 1
    begins, ends = tags.closes[text] + 1, tags.opens[np.minimum(text + 1, len(tags.opens) - 1)]
    plain = (codes[text] & ~_FOLLOWED) == _code(b"t")
    edged = (tags.data[begins] <= _SPACE) | (tags.data[ends - 1] <= _SPACE)
    known = plain & ~edged
    other = np.flatnonzero(~plain)
    known[other] = (codes[text[other]] & ~_FOLLOWED) == _code(_KEEPS_SPACE)
    for offset, letter in enumerate(_KEEPS_SPACE):
        known[other] &= tags.data[tags.names[text[other]] + offset] == letter
    known &= tags.data[tags.names[inline] + 1] == _OF_IS
    for steps, name in enumerate((b"t", b"is"), start=1):
        known &= codes[text + steps] == _code(name, closing=True)
    known &= (codes[text + 3] & ~_FOLLOWED) == _code(b"c", closing=True)
    return begins, ends, known


def _ends(tags: Tags, codes: Places, cells: NDArray[np.int64]) -> Places:
    """Where cells are over."""
    if not len(cells):
        return np.empty(0, dtype=np.int32)
    over = np.flatnonzero((codes[: len(tags.closes)] & ~_FOLLOWED) == _code(b"c", closing=True))
    return tags.closes[over[np.searchsorted(over, cells)]] + 1


def _attributes(
    data: NDArray[np.uint8], behind: Places, closes: Places
) -> tuple[NDArray[np.int8], Places, Marks]:
    """Kinds and styles of cells, by what stands between their reference and the end of their tag,
    and whether they say that their text stands in them.
    """
    at = behind.astype(np.int64)
    kinds = np.zeros(len(at), dtype=np.int8)
    styles = np.zeros(len(at), dtype=np.int32)
    inline = np.zeros(len(at), dtype=np.bool_)
    left = np.flatnonzero(at != closes)
    for _attribute in range(_ATTRIBUTES):
        begins = at[left]
        name = np.where(data[begins + 2] == _EQUAL, data[begins + 1], 0)
        styled, typed = left[name == _STYLE], left[name == _TYPE]
        styles[styled], at[styled] = _numbers(data, at[styled] + _VALUE)
        kinds[typed], inline[typed], at[typed] = _types(data, at[typed] + _VALUE)
        left = left[at[left] != closes[left]]
        if not len(left):
            break
    kinds[left] = Held.ODD
    return kinds, styles, inline


def _numbers(
    data: NDArray[np.uint8], places: NDArray[np.int64]
) -> tuple[Places, NDArray[np.int64]]:
    """Numbers of styles, and where their attributes end; nowhere if that is not all of them."""
    numbers = np.zeros(len(places), dtype=np.int32)
    for _digit in range(_MOST_DIGITS):
        digits = data[places] - np.uint8(_ZERO)
        more = digits <= 9
        if not more.any():
            break
        numbers = np.where(more, numbers * 10 + digits, numbers)
        places = places + more
    return numbers, np.where(data[places] == _QUOTE, places + 1, 0)


def _types(
    data: NDArray[np.uint8], places: NDArray[np.int64]
) -> tuple[NDArray[np.int8], Marks, NDArray[np.int64]]:
    """Kinds by the types that cells say they have, whether those are texts in the cells, and where
    their attributes end; nowhere for a type that there is not.
    """
    letters = data[places]
    one = data[places + 1] == _QUOTE
    kinds = np.where(one, _BY_LETTER[letters], np.int8(Held.TEXT))
    inline = ~one & _spelt(data, places, b'inlineStr"')
    formula = ~(one | inline) & _spelt(data, places, b'str"')
    length = one * 2 + inline * len(b'inlineStr"') + formula * len(b'str"')
    return kinds, inline, np.where(length > 0, places + length, 0)


def _spelt(data: NDArray[np.uint8], places: NDArray[np.int64], word: bytes) -> Marks:
    spelt = np.ones(len(places), dtype=np.bool_)
    for offset, letter in enumerate(word):
        spelt &= data[places + offset] == letter
    return spelt
