"""What a file's headers tell: which system wrote it, how sure that is, which column is which.

Each header that a system is known to write is evidence for it, the more the fewer others write it
too. What no system settles is told by our own headers, else by what people usually write: LeadID,
Contact Email, cliente_id, First Name and Last Name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from smarketing_xl.i18n import LANGUAGES
from smarketing_xl.ingest.mapping import UNTIL, Mapping, Source, known
from smarketing_xl.parsing.money import CODES
from smarketing_xl.parsing.text import fold, fold_words
from smarketing_xl.schema.model import Table
from smarketing_xl.schema.tables import TABLES

_ENTITIES = frozenset(
    {
        "contact", "contacto", "lead", "prospect", "prospecto", "person", "persona", "cliente",
        "customer", "client", "interaction", "interaccion", "activity", "actividad", "record",
        "registro", "contato", "pessoa", "interacao", "atividade",
    }
)  # fmt: skip
_FIRST = (
    "first name", "given name", "nombre", "nombres", "nombre de pila", "primer nombre", "nome",
    "primeiro nome",
)  # fmt: skip
_NAME_TOO = ("nombre", "nome")  # ours for the whole name, and the first half where a last name is
_LAST = (
    "last name",
    "surname",
    "family name",
    "apellido",
    "apellidos",
    "primer apellido",
    "sobrenome",
)
_STARTS = frozenset({"start", "starts", "from", "begin", "desde", "inicio"})
_SYSTEM, _OURS, _USUAL, _VARIANT = 100, 200, 300, 500  # ranks of what a column is known by; 0: ours


def recognised(headers: Sequence[str], table: Table, kind: str) -> Mapping:
    """Which of a file's headers is which of our columns.

    name, sure: of the system that wrote it, if one did (0 to 1). Each header is used once and each
    column of ours filled once: by the header that is exactly ours, else by the system's, else by
    the usual one.
    """
    systems = [mapping for mapping in known(table, kind) if mapping.recognise]
    usual = next(mapping for mapping in known(table, kind) if not mapping.recognise)
    best, sure = _system(headers, systems, table)
    candidates = sorted(
        [
            *_exactly_ours(headers, table),
            *(_of(best, headers, _SYSTEM) if best else ()),
            *_ours_in_other_words(headers, table),
            *_of(usual, headers, _USUAL),
            *_joined_names(headers, table),
        ],
        key=lambda candidate: candidate[0],
    )
    taken: set[str] = set()
    columns: dict[str, Source] = {}
    for _rank, key, source, used in candidates:
        if key in columns or used & taken or (best and key in best.constants):
            continue
        columns[key] = source
        taken |= used
    _without_a_start(columns)
    if best is None:
        return Mapping("", kind, columns, values=usual.values)
    values = {
        key: usual.values.get(key, {}) | best.values.get(key, {})
        for key in usual.values.keys() | best.values.keys()
    }
    return replace(best, columns=columns, values=values, sure=sure)


def known_headers(headers: Sequence[str], kind: str) -> int:
    """How many of our columns a file's headers tell.

    >>> known_headers(["Lead ID", "E-mail", "Favourite colour"], "leads")
    2
    """
    table = next(table for table in TABLES if table.sheet == kind)
    return len(recognised(headers, table, kind).columns)


def _without_a_start(columns: dict[str, Source]) -> None:
    """The end of a period says nothing of a cost whose own day or month is told."""
    if UNTIL in columns and "month" in columns:
        (header,) = columns["month"].parts[0]
        if not _STARTS & set(header.split()):
            del columns[UNTIL]


Candidate = tuple[float, str, Source, set[str]]  # rank, our column, its source, headers it uses


def forms(header: str) -> tuple[str, ...]:
    """The ways in which a header may be written.

    >>> forms("LeadID"), forms("Amount spent (MXN)")
    (('leadid', 'lead id'), ('amount spent',))
    """
    money = re.search(r"\s*\(([A-Z]{3})\)$", header)
    if money and money[1] in CODES:
        header = header[: money.start()]
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return tuple(dict.fromkeys((fold_words(header), fold_words(split))))


def _variant(header: str) -> str:
    """A header without the kind of record it is of: Contact Email is Email."""
    first, __, rest = forms(header)[-1].partition(" ")
    return rest if first in _ENTITIES else ""


def system_of(headers: Sequence[str], table: Table, kind: str) -> tuple[str, float]:
    """The system that wrote a file, and how sure that is; a blank name where none is known."""
    systems = [mapping for mapping in known(table, kind) if mapping.recognise]
    best, sure = _system(headers, systems, table)
    return (best.name, sure) if best else ("", 0.0)


def _system(
    headers: Sequence[str], systems: Sequence[Mapping], table: Table
) -> tuple[Mapping | None, float]:
    there = {word for header in headers for word in forms(header)}
    written = {fold(header) for header in headers}
    writers = Counter(word for system in systems for word in _vocabulary(system))
    own = {fold_words(header) for header in table.headers()}
    scores: dict[str, float] = {}
    for system in systems:
        groups = system.recognise
        if not all(_marked(there, written, group) for group in groups):
            continue
        known_words = there & _vocabulary(system)
        marks = {word for group in groups for word in map(fold_words, group)} & there
        scores[system.name] = sum(1 / writers[word] for word in known_words) + len(marks)
    if not scores:
        return None, 0.0
    name = max(scores, key=lambda each: scores[each])
    others = [score for each, score in scores.items() if each != name]
    if len(there & own) > scores[name] + len(there) / 2:
        return None, 0.0
    best = next(system for system in systems if system.name == name)
    few = 1 / (4 * len(there & _vocabulary(best)))  # a file of few known headers says less
    return best, 1 - max(others, default=0.0) / scores[name] / 2 - few


def _marked(there: set[str], written: set[str], group: tuple[str, ...]) -> bool:
    """Whether one of a system's marks is there as it writes it: `Deal - ID` is not `Deal ID`."""
    return any(mark in written or (mark == fold_words(mark) and mark in there) for mark in group)


@cache
def _words_of(parts: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(name for part in parts for name in part)


def _vocabulary(system: Mapping) -> frozenset[str]:
    """Every header that a system is known to write."""
    groups = tuple(tuple(map(fold_words, group)) for group in system.recognise)
    sources = [part for source in system.columns.values() for part in source.parts]
    return _words_of((*groups, *sources, tuple(map(fold_words, system.read.skip))))


def _exactly_ours(headers: Iterable[str], table: Table) -> Iterator[Candidate]:
    titles = {fold(c.title(language)): c.key for c in table if not c.ours for language in LANGUAGES}
    for header in headers:
        if key := titles.get(fold(header)):
            yield _candidate(0, key, header)


def _ours_in_other_words(headers: Iterable[str], table: Table) -> Iterator[Candidate]:
    titles = {
        fold_words(title): key for title, key in table.headers().items() if not table[key].ours
    }
    for header in headers:
        for at, form in enumerate(forms(header)):
            if key := titles.get(form):
                yield _candidate(_OURS + at, key, header)


def _of(mapping: Mapping, headers: Iterable[str], rank: int) -> Iterator[Candidate]:
    """The columns that a mapping finds, whole sources first."""
    by_form: dict[str, tuple[int, str]] = {}
    for header in headers:
        for at, form in [*enumerate(forms(header)), (2, _variant(header))]:
            if form and (form not in by_form or at < by_form[form][0]):
                by_form[form] = (at, header)
    for key, source in mapping.columns.items():
        matches: list[str] = []
        worst = 0
        for part in source.parts:
            hits = [
                (at, place, header)
                for place, name in enumerate(part)
                if (hit := by_form.get(name)) is not None
                for at, header in [hit]
            ]
            if hits:
                at, place, header = min(hits)
                matches.append(header)
                worst = max(worst, place + (_VARIANT - rank if at > 1 else at))
        if matches:
            parts = tuple((fold_words(header),) for header in matches)
            used = {fold_words(header) for header in matches}
            yield rank + worst, key, replace(source, parts=parts), used


def _joined_names(headers: Iterable[str], table: Table) -> Iterator[Candidate]:
    """First and last name together, in any file."""
    if "name" not in table.keys or table.name == "Deals":
        return
    pair: list[str] = []
    for wanted in (_FIRST, _LAST):
        hits = [
            (wanted.index(form), header)
            for header in headers
            for form in forms(header)
            if form in wanted
        ]
        if not hits:
            return
        pair.append(min(hits)[1])
    parts = tuple((fold_words(header),) for header in pair)
    half = pair[0] if fold_words(pair[0]) in _FIRST else ""  # Nombre is ours, and the first half
    rank = -1 if half and fold_words(half) in _NAME_TOO else _SYSTEM - 1
    yield rank, "name", Source(parts), {fold_words(header) for header in pair}


def _candidate(rank: float, key: str, header: str) -> Candidate:
    word = fold_words(header)
    return rank, key, Source(((word,),)), {word}
