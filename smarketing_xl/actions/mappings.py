"""Mappings: which of a file's columns is which of ours, kept inside the workbook."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Summary
from smarketing_xl.book.kept_texts import forget_text, keep_text, kept_names, kept_text
from smarketing_xl.book.read import language
from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _, speaking
from smarketing_xl.ingest import Importable
from smarketing_xl.ingest import mapping as mappings
from smarketing_xl.ingest.mapping import KeptMapping
from smarketing_xl.schema import tables

_ENDING = ".toml"


def write_mapping(book: xw.Book, path: Path, kind: Importable, target: Path) -> None:
    """Write what is understood of a file as a mapping to edit."""
    from smarketing_xl.ingest import make_mapping, readers
    from smarketing_xl.ingest.importer import TABLES

    if target.exists():
        raise BadData(_("{name} is there already").format(name=target.name), _("Give another name"))
    with speaking(language(book)):
        sheet = readers.read_file(path, kind=kind)
        make_mapping.write_mapping(target, sheet, TABLES[kind], kind)


def kept_mapping(book: xw.Book, kind: str, headers: Sequence[str]) -> KeptMapping | None:
    """The mapping that is kept for files with such headers; None where there is none."""
    name = mappings.kept_name(kind, headers)
    text = kept_text(book, name)
    return None if text is None else KeptMapping(name, text)


def keep_mapping(book: xw.Book, kind: str, headers: Sequence[str], mapping: Path) -> None:
    """Keep a mapping for files with such headers; a blank one makes the workbook forget it."""
    name, text = mappings.kept_name(kind, headers), mapping.read_text(encoding="utf-8-sig")
    if text.strip():
        keep_text(book, name, text)
    else:
        forget_text(book, name)


def list_mappings(book: xw.Book) -> Summary:
    """The mappings that the workbook keeps: name, table, the headers that they read, and what they
    say of every row (channel = Web)."""
    with speaking(language(book)):
        names = _kept(book)
        rows = [
            {
                _("Mapping"): name,
                _("Table"): _(tables.SHEETS.get(name.split(".")[0], "WhatsApp")),
                _("Headers"): ", ".join(_headers(kept_text(book, name) or "")),
            }
            for name in names
        ]
        return Summary(_("Mappings kept in this workbook"), len(names), table=pd.DataFrame(rows))


def show_mapping(book: xw.Book, name: str) -> str:
    """A kept mapping as it was given. Raises BadData where none has that name."""
    with speaking(language(book)):
        return kept_text(book, _known(book, name)) or ""


def forget_mapping(book: xw.Book, name: str) -> Summary:
    """The next file with those headers is read as its headers tell. Raises BadData as above."""
    with speaking(language(book)):
        forget_text(book, _known(book, name))
        return Summary(_("Forgotten: {name}").format(name=name), 1)


def _kept(book: xw.Book) -> list[str]:
    return [name for name in kept_names(book) if name.endswith(_ENDING)]


def _known(book: xw.Book, name: str) -> str:
    names = _kept(book)
    for known in names:
        if name.lower() in (known, known.removesuffix(_ENDING)):
            return known
    remedy = _("Choose one of: {labels}").format(labels=", ".join(names))
    raise BadData(
        _("The workbook keeps no mapping {name}").format(name=name),
        remedy if names else _("One is kept when it was given with --map and served"),
    )


def _headers(text: str) -> list[str]:
    """The headers that a mapping reads, and its constants; of chats whom they are with."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return []
    found: list[str] = []
    for source in given.get("columns", {}).values():
        parts = source.values() if isinstance(source, dict) else [source]
        found += [
            str(each) for part in parts for each in (part if isinstance(part, list) else [part])
        ]
    found += [f"{key} = {value}" for key, value in given.get("constants", {}).items()]
    return found or [*given.get("leads", {}), *given.get("sellers", {})]
