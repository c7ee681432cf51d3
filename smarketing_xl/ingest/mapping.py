"""A mapping says which of their columns is which of ours, and how their cells are written.

It is a TOML file; every part may be left out::

    [columns]                 # our column = their header, or a list: the first found
    lead_id = "Lead Number"
    name = { join = ["First Name", "Last Name"] }
    [constants]               # our column = the same for every row
    source = "Trade fair"
    [values.status]           # their entry = ours; "*" is any other
    1 = "won"
    "*" = "new"
    [as]                      # header = text, number, date, day first, month first,
    "Close Date" = "month first"                #   decimal comma, decimal point, list
    [read]                    # sheet, encoding, delimiter, header, zone (Europe/Madrid),
    blank = ["Select", "-"]   #   dates, decimal, totals, skip (headers), blank (cells)
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _
from smarketing_xl.ingest.file_safety import refuse_unsafe
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.model import Table

As = Literal[
    "text", "number", "date", "day first", "month first", "decimal comma", "decimal point", "list"
]


@dataclass(frozen=True)
class Source:
    """Where one of our columns comes from: the headers joined, each with its alternatives."""

    parts: tuple[tuple[str, ...], ...]


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


@dataclass(frozen=True)
class Mapping:
    """Their columns as ours."""

    name: str = ""
    kind: str = ""
    columns: dict[str, Source] = field(default_factory=dict)
    constants: dict[str, object] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: dict[str, As] = field(default_factory=dict)
    read: Layout = field(default_factory=Layout)
    recognise: tuple[tuple[str, ...], ...] = ()


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
            key: {str(theirs).strip().lower(): str(ours) for theirs, ours in entries.items()}
            for key, entries in given.get("values", {}).items()
        }
        recognise = tuple(_alternatives(part) for part in given.get("recognise", ()))
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


def _unexpected(name: str, what: str) -> Fault:
    return Fault(
        _("The mapping {name} is not written as expected").format(name=name),
        _("See docs/import.md for how one is written"),
        value=what,
    )


def beside(workbook: Path, kind: str) -> Path:
    """Where older versions kept the mapping of a workbook's imports of a kind: Sales.leads.toml."""
    return workbook.with_name(f"{workbook.stem}.{kind}.toml")


def _brought(table: Table) -> list[str]:
    extra = ["email"] if "lead_id" in table.keys and "email" not in table.keys else []
    return [column.key for column in table if not column.ours] + extra


def _layout(given: dict[str, Any]) -> Layout:
    lists: dict[str, Any] = {
        key: tuple(map(str, given[key])) for key in ("blank", "skip") if key in given
    }
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
        return Source(tuple(_alternatives(part) for part in value["join"]))
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


def recognised(headers: list[str], table: Table, kind: str) -> Mapping:
    """The shipped mapping that knows most of a file's headers, with our own headers and the usual
    synonyms for what it leaves open."""
    there = {fold_words(header) for header in headers}
    ours = _own(table)
    candidates = known(table, kind)
    general = next(mapping for mapping in candidates if not mapping.recognise)
    fitting = [
        mapping
        for mapping in candidates
        if mapping.recognise and all(there & set(part) for part in mapping.recognise)
    ]
    own = sum(bool(there & set(source.parts[0])) for source in ours.values())
    best = max(fitting, key=lambda mapping: _matches(mapping, there), default=None)
    if best is None or own > _matches(best, there):
        columns = {**general.columns, **_found(ours, there)}
        return Mapping("", kind, _distinct(columns, there), values=general.values)
    columns = {**_found(general.columns, there), **_found(ours, there), **best.columns}
    claimed = {name for source in best.columns.values() for part in source.parts for name in part}
    columns = {
        key: source
        for key, source in columns.items()
        if key in best.columns or not claimed & {n for part in source.parts for n in part}
    }
    return Mapping(
        best.name,
        kind,
        columns,
        best.constants,
        general.values | best.values,
        best.forms,
        best.read,
    )


def over(known: Mapping, given: Mapping) -> Mapping:
    """What the user says, and for what they leave open what was recognised."""
    claimed = {name for source in given.columns.values() for part in source.parts for name in part}
    left = {
        key: source
        for key, source in known.columns.items()
        if key not in given.constants
        and not claimed & {name for part in source.parts for name in part}
    }
    layout = {name: value or getattr(known.read, name) for name, value in vars(given.read).items()}
    return Mapping(
        given.name,
        given.kind,
        left | given.columns,
        known.constants | given.constants,
        known.values | given.values,
        known.forms | given.forms,
        Layout(**layout),
    )


def _own(table: Table) -> dict[str, Source]:
    """Our own headers, in every language."""
    named: dict[str, list[str]] = {}
    for header, key in table.headers().items():
        if not table[key].ours:
            named.setdefault(key, []).append(fold_words(header))
    return {key: Source((tuple(headers),)) for key, headers in named.items()}


def _matches(mapping: Mapping, there: set[str]) -> int:
    return sum(
        bool(there & set(part)) for source in mapping.columns.values() for part in source.parts
    )


def _found(columns: dict[str, Source], there: set[str]) -> dict[str, Source]:
    return {
        key: source
        for key, source in columns.items()
        if any(there & set(part) for part in source.parts)
    }


def _distinct(columns: dict[str, Source], there: set[str]) -> dict[str, Source]:
    """A header that two of our columns claim goes to the one that names it first."""
    taken: dict[str, str] = {}
    out: dict[str, Source] = {}
    for key, source in sorted(columns.items(), key=lambda item: _rank(item[1], there)):
        used = {next((name for name in part if name in there), "") for part in source.parts} - {""}
        if used and not used & taken.keys():
            taken |= dict.fromkeys(used, key)
            out[key] = source
    return out


def _rank(source: Source, there: set[str]) -> int:
    return min(
        (at for part in source.parts for at, name in enumerate(part) if name in there), default=99
    )
