"""Traces of people in texts: names, addresses, telephones and IDs, however they are written there.

Case, accents, the order of first name and surname, and what stands between the digits of a
telephone make no difference. Texts are read word by word, so that a workbook of many people is
searched in one go.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from smarketing_xl.outcomes.matching import written
from smarketing_xl.parsing.text import ACCENTS, as_text

GONE = "…"
"""What stands where a trace was."""
DIGITS = 7  # of a telephone or an identity number, at least
_TAIL = 8  # last digits by which a telephone with and without its country is one
_WORD = re.compile(f"(?:[^\\W_]|{ACCENTS})+")
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s().\-/]{0,2}\d){6,17}(?![\w.]*\d)")
_HASHES = ("md5", "sha1", "sha256")


@dataclass
class Traces:
    """What to look for.

    phrases: words in their order. numbers: last digits of telephones. whole: texts (see `plain`)
    that count only where nothing else stands beside them. words: single words that count anywhere.
    """

    phrases: set[tuple[str, ...]] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    _firsts: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _counted: int = 0

    def add_text(self, text: str) -> None:
        """A name, address or ID: as it is, and inside of longer texts where it cannot be mistaken.

        One word is looked for inside of texts only where it mixes letters and digits, as IDs do.
        """
        tokens = tuple(_tokens(text))
        if not tokens:
            return
        if len(tokens) > 1 and sum(map(len, tokens)) > 3:
            self.phrases |= {tokens, (*tokens[1:], tokens[0]), (tokens[-1], *tokens[:-1])}
        elif re.search(r"\d", tokens[0]) and not tokens[0].isdigit() and len(tokens[0]) > 4:
            self.phrases.add(tokens)

    def add_mail(self, mail: str) -> None:
        """An e-mail, with what other systems compute of it."""
        self.add_text(mail)
        for form in {mail.strip(), mail.strip().lower()}:
            self.phrases |= set(_hashed(form))

    def add_phone(self, phone: str) -> None:
        """A telephone, with or without its country, with what other systems compute of it."""
        digits = re.sub(r"\D", "", phone).lstrip("0")
        if len(digits) < DIGITS:
            return
        self.numbers.add(digits[-_TAIL:])
        for form in {phone.strip(), digits, "+" + digits}:
            self.phrases |= set(_hashed(form))

    def add_words(self, text: str) -> None:
        """Every word of a name, wherever it stands."""
        self.words |= {word for word in _tokens(text) if len(word) > 1 and not word.isdigit()}

    def hide(self, text: str) -> str:
        """The text without its traces.

        >>> traces = Traces()
        >>> traces.add_text("Ana Díaz")
        >>> traces.add_phone("+507 6123-4567")
        >>> traces.hide("DIAZ, Ana called from 6123 4567.")
        '… called from ….'
        """
        if self.whole and plain(text) in self.whole:
            return GONE
        spans = list(self._spans(text))
        if not spans:
            return text
        out, at = [], 0
        for start, end in sorted(spans):
            if start < at:
                continue
            out += [text[at:start], GONE]
            at = end
        return "".join([*out, text[at:]])

    def are_in(self, text: str) -> bool:
        """Whether a text holds any trace."""
        return self.hide(text) != text

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        lengths, single = self._by_first(), self.words
        found = list(_WORD.finditer(folded(text)))
        words = [_bare(word[0]) for word in found]
        after = 0
        for at, word in enumerate(words):
            if at < after or not (word in lengths or word in single):
                continue
            for length in lengths.get(word, ()):
                if tuple(words[at : at + length]) in self.phrases:
                    after = min(at + length, len(words))
                    yield found[at].start(), found[after - 1].end()
                    break
            else:
                if word in single:
                    yield found[at].span()
        for number in _NUMBER.finditer(text) if self.numbers else ():
            if re.sub(r"\D", "", number[0])[-_TAIL:] in self.numbers:
                yield number.span()

    def _by_first(self) -> dict[str, list[int]]:
        """How many words the phrases have that begin with a word, the longest first."""
        if len(self.phrases) != self._counted:
            known: dict[str, set[int]] = {}
            for phrase in self.phrases:
                known.setdefault(phrase[0], set()).add(len(phrase))
            self._firsts = {one: sorted(lengths, reverse=True) for one, lengths in known.items()}
            self._counted = len(self.phrases)
        return self._firsts


def add_rows(traces: Traces, rows: pd.DataFrame, everyone: bool = False) -> None:
    """What rows of leads, customers or deals tell of people: names, addresses, telephones, IDs.

    everyone: all people of a workbook go, so that also a single word of a name tells of one.
    """
    for key in ("lead_id", "customer_id", "deal_id", "merged"):
        for cell in _texts(rows, key):
            for one in cell.split(";"):
                traces.add_text(one)
    for cell in () if "deal_id" in rows else _texts(rows, "name"):
        traces.add_text(cell)
        if everyone:
            traces.add_words(cell)
    for cell in itertools.chain(_texts(rows, "email"), written(rows, "email")):
        if cell:
            traces.add_mail(cell)
            if everyone:
                traces.add_words(cell.partition("@")[0])
    for cell in _texts(rows, "phone"):
        traces.add_phone(cell)
    if everyone:
        for cell in _texts(rows, "company"):
            traces.add_text(cell)


def plain(text: str) -> str:
    """A text as it compares whole."""
    return " ".join(folded(text).split())


def folded(text: str) -> str:
    """A text without case and accents, letter for letter, so that places stay."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    bare = unicodedata.normalize("NFKD", letter)[0].casefold()
    return bare if len(bare) == 1 else letter


def _tokens(text: str) -> list[str]:
    return [_bare(word) for word in _WORD.findall(folded(text))]


def _bare(word: str) -> str:
    return word if word.isascii() else re.sub(ACCENTS, "", word)


def _hashed(text: str) -> Iterable[tuple[str]]:
    return [(hashlib.new(name, text.encode()).hexdigest(),) for name in _HASHES]


def _texts(rows: pd.DataFrame, key: str) -> list[str]:
    if key not in rows:
        return []
    return [as_text(cell) for cell in rows[key] if cell is not None and cell == cell and cell != ""]
