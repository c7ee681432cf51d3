"""A mapping says which of their columns is which of ours, and how their cells are written.

It is a TOML file; every part may be left out::

    [columns]                 # our column = their header, or a list: the first found
    lead_id = "Lead Number"
    name = { join = ["First Name", "Last Name"] }
    status = { first = ["Lead Status", "Lifecycle Stage"] }   # of each row the first that is filled
    [constants]               # our column = the same for every row
    source = "Trade fair"
    [values.status]           # their entry = ours, beside the usual words; "*" is any other
    1 = "won"
    "*" = "new"
    [as]                      # header = text, number, date, day first, month first,
    "Close Date" = "month first"                #   decimal comma, decimal point, list
    [read]                    # sheet, encoding, delimiter, header, zone (Europe/Madrid),
    blank = ["Select", "-"]   #   dates, decimal, totals, skip (headers), blank (cells)
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _
from smarketing_xl.ingest.file_safety import refuse_unsafe
from smarketing_xl.parsing.text import fold, fold_words
from smarketing_xl.schema.model import Table

As = Literal[
    "text", "number", "date", "day first", "month first", "decimal comma", "decimal point", "list"
]


PERSON = ("email", "phone", "company")
UNTIL = "until"  # the end of the period that a cost is of


@dataclass(frozen=True)
class Source:
    """Where one of our columns comes from: the headers joined, each with its alternatives.

    joined: else they are not joined; a cell is the first of them that holds something.
    """

    parts: tuple[tuple[str, ...], ...]
    joined: bool = True


@dataclass(frozen=True)
class Layout:
    """How the file is written, where that is known beforehand."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: int | None = None
    zone: str | None = None
    dates: Literal["day first", "month first"] | None = None
    decimal: Literal[",", "."] | None = None
    totals: str | None = None
    blank: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


_TEXTS = ("sheet", "encoding", "delimiter", "zone", "dates", "decimal", "totals")


@dataclass(frozen=True)
class Mapping:
    """Their columns as ours.

    recognise: of a system's export, the headers that tell it: one of each group, as it is written.
    sure: how sure it is that a file is of that system, 0 to 1.
    """

    name: str = ""
    kind: str = ""
    columns: dict[str, Source] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: dict[str, As] = field(default_factory=dict)
    read: Layout = field(default_factory=Layout)
    recognise: tuple[tuple[str, ...], ...] = ()
    sure: float = 0.0


@dataclass(frozen=True)
class KeptMapping:
    """A mapping that a workbook keeps inside: its text, and the name to call it by."""

    name: str
    text: str

    def read_text(self, encoding: str) -> str:
        """The text, as a file would give it."""
        return self.text


def load(path: Path | KeptMapping, table: Table) -> Mapping:
    """Reads a mapping; raises BadData with everything in it that is not understood."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as cause:
        raise refuse_unsafe(
            _("cannot be read"), _("Check the name and the folder"), Path(path.name)
        ) from cause
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise refuse_unsafe(
            _("is not a mapping: {problem}").format(problem=cause),
            _("See docs/import.md for how one is written"),
            Path(path.name),
        ) from cause
    return parse(given, table, path.name)


def parse(given: dict[str, Any], table: Table, name: str) -> Mapping:
    """A mapping from what a TOML file holds."""
    parts = ("columns", "constants", "values", "as", "read")
    if loose := [part for part in parts if not isinstance(given.get(part, {}), dict)]:
        raise BadData([_unexpected(name, part) for part in loose])
    faults = [
        Fault(
            _("The mapping {name} names a column that we do not have").format(name=name),
            _("Choose one of: {labels}").format(labels=", ".join(_brought(table))),
            column=str(key),
        )
        for part in ("columns", "constants", "values")
        for key in given.get(part, {})
        if key not in _brought(table)
    ]
    known = {"columns", "constants", "values", "as", "read", "name", "kind", "recognise"}
    faults += [
        Fault(
            _("The mapping {name} has a part that is not known").format(name=name),
            _("Choose one of: {labels}").format(labels=", ".join(sorted(known))),
            value=part,
        )
        for part in given
        if part not in known
    ]
    forms = given.get("as", {})
    faults += [
        Fault(
            _("The mapping {name} reads a column in a way that is not known").format(name=name),
            _("Choose one of: {labels}").format(labels=", ".join(get_args(As))),
            column=str(header),
            value=form,
        )
        for header, form in forms.items()
        if form not in get_args(As)
    ]
    try:
        layout = _layout(given.get("read", {}))
        columns = {key: _source(value) for key, value in given.get("columns", {}).items()}
        values = {
            key: {
                str(theirs).strip().lower(): _entry(ours, key, table)
                for theirs, ours in entries.items()
            }
            for key, entries in given.get("values", {}).items()
        }
        recognise = tuple(tuple(map(fold, part)) for part in given.get("recognise", ()))
        faults += _unknown_entries(values, table, name)
    except (TypeError, AttributeError, ValueError, KeyError) as cause:
        faults.append(_unexpected(name, str(cause)))
    if faults:
        raise BadData(faults)
    return Mapping(
        str(given.get("name", name)),
        str(given.get("kind", "")),
        columns,
        dict(given.get("constants", {})),
        values,
        {fold_words(header): form for header, form in forms.items()},
        layout,
        recognise,
    )


def _entry(ours: object, key: str, table: Table) -> str:
    """What an entry means, by our name for it or by its label in any language."""
    choices = next((column.choices for column in table if column.key == key), None)
    written = str(ours).strip()
    return choices.known().get(written.lower(), written) if choices else written


def _unknown_entries(values: dict[str, dict[str, str]], table: Table, name: str) -> list[Fault]:
    return [
        Fault(
            _("The mapping {name} names an entry that is not in our list").format(name=name),
            _("Choose one of: {labels}").format(labels=", ".join(column.choices.labels)),
            column=column.key,
            value=ours,
        )
        for column in table
        if column.choices
        for ours in dict.fromkeys(values.get(column.key, {}).values())
        if ours not in column.choices.labels
    ]


def not_there(given: Mapping, headers: Sequence[str], table: Table) -> list[str]:
    """The headers that a mapping names and a file lacks; of alternatives, where it lacks all."""
    there = set(map(fold_words, headers))
    ours = set(map(fold_words, _brought(table)))
    parts = [part for source in given.columns.values() for part in source.parts]
    named = [*parts, *((header,) for header in given.forms if header not in ours)]
    lacking = [" / ".join(part) for part in named if there.isdisjoint(part)]
    return list(dict.fromkeys(lacking))


def _unexpected(name: str, what: str) -> Fault:
    return Fault(
        _("The mapping {name} is not written as expected").format(name=name),
        _("See docs/import.md for how one is written"),
        value=what,
    )


def kept_name(kind: str, headers: Sequence[str]) -> str:
    """What the mapping for files with such headers is called: leads.1f3a90cc.toml.

    The headers in any order tell the file; what has none is called whatsapp.toml.
    """
    if not headers:
        return f"{kind}.toml"
    shape = hashlib.sha256("\n".join(sorted(map(fold_words, headers))).encode()).hexdigest()[:8]
    return f"{kind}.{shape}.toml"


def _brought(table: Table) -> list[str]:
    return [column.key for column in table if not column.ours] + known_by(table)


def known_by(table: Table) -> list[str]:
    """What an import reads beside a table's columns: by what it knows leads; a period's end."""
    if table.name == "Spend":
        return [UNTIL]
    return [key for key in PERSON if "lead_id" in table.keys and key not in table.keys]


def _layout(given: dict[str, Any]) -> Layout:
    lists: dict[str, Any] = {
        key: tuple(map(str, given[key])) for key in ("blank", "skip") if key in given
    }
    if odd := [key for key in _TEXTS if not isinstance(given.get(key, ""), str)]:
        raise ValueError(", ".join(f"{key} = {given[key]!r}" for key in odd))
    layout = Layout(**(given | lists))
    if layout.dates not in (None, "day first", "month first"):
        raise ValueError(f"dates = {layout.dates!r}")
    if layout.decimal not in (None, ",", "."):
        raise ValueError(f"decimal = {layout.decimal!r}")
    if layout.header is not None and not (isinstance(layout.header, int) and layout.header > 0):
        raise ValueError(f"header = {layout.header!r}")
    if layout.delimiter is not None and len(layout.delimiter) != 1:
        raise ValueError(f"delimiter = {layout.delimiter!r}")
    return layout


def _source(value: Any) -> Source:
    if isinstance(value, dict):
        (how,) = set(value) & {"join", "first"} if len(value) == 1 else {""}
        return Source(tuple(_alternatives(part) for part in value[how]), how == "join")
    return Source((_alternatives(value),))


def _alternatives(value: Any) -> tuple[str, ...]:
    headers = [value] if isinstance(value, str) else list(value)
    return tuple(fold_words(str(header)) for header in headers)


# --- known exports ------------------------------------------------------------------------------


def known(table: Table, kind: str) -> list[Mapping]:
    """The mappings that the package ships for a kind of table."""
    folder = files("smarketing_xl.ingest") / "mappings"
    texts = sorted(
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )
    parsed = [(name, tomllib.loads(text)) for name, text in texts]
    return [parse(given, table, name) for name, given in parsed if given["kind"] == kind]


def layout_over(known: Layout, given: Layout) -> Layout:
    """How a file is written: as is said, else as is known."""
    settings = {name: value for name, value in vars(given).items() if value}
    return replace(known, **settings)


def over(known: Mapping, given: Mapping) -> Mapping:
    """What the user says, and for what they leave open what was recognised."""
    claimed = {name for source in given.columns.values() for part in source.parts for name in part}
    left = {
        key: source
        for key, source in known.columns.items()
        if key not in given.constants
        and not claimed & {name for part in source.parts for name in part}
    }
    return Mapping(
        given.name,
        given.kind,
        left | given.columns,
        known.constants | given.constants,
        {
            key: known.values.get(key, {}) | given.values.get(key, {})
            for key in known.values.keys() | given.values.keys()
        },
        known.forms | given.forms,
        layout_over(known.read, given.read),
        sure=known.sure,
    )
