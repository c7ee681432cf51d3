"""Keeps the catalogues of texts: takes every marked text out of the code and compiles the answers.

    python workbook/catalogue.py

Texts are looked for in smarketing_xl, udfs and workbook only. New texts appear in each .po with an
empty translation, and are listed, until somebody translates them; texts no longer said are dropped.
What counts is a plural entry of gettext: the header Plural-Forms of the .po says how many forms the
language has, and which number takes which.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from smarketing_xl.cli import app, help
from smarketing_xl.i18n import LOCALE
from smarketing_xl.singulars import ONE

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("smarketing_xl", "udfs", "workbook")
MARKS = ("_", "N_", "translate")
DATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FILES = tuple(sorted(LOCALE.glob("*/LC_MESSAGES/smarketing.po")))


def texts() -> Iterator[tuple[str, str]]:
    """Every marked text, and every help of a command, with the file it is said in."""
    for file in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name(name), [ast.Constant(str(text)), *_]):
                    if text and name in MARKS:
                        yield text, file.relative_to(ROOT).as_posix()
    for text in ONE:
        yield text, "smarketing_xl/singulars.py"
    for text in help.texts(get_command(app.app)):
        yield text, "smarketing_xl/cli/app.py"


PLAIN = {
    "Give at most {count}", "Markov has no interval: its chain has more than {count} states",
    "and {count} more", "{count} left out: {why}", "{count} numbers for {paths} paths",
}  # fmt: skip
"""Texts with a count that say the same of one."""


def without_singular() -> set[str]:
    """Texts that count and of which smarketing_xl/singulars.py does not say what is said of one."""
    counting = {text for text, _file in texts() if "{count}" in text}
    return counting - PLAIN - set(ONE)


def read(path: Path) -> Catalog:
    """A catalogue as it is committed, with fixed dates: written again, it is the same."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], domain="smarketing")
    catalogue.creation_date = catalogue.revision_date = DATED
    return catalogue


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The texts of a catalogue, without its header."""
    return (message for message in catalogue if message.id)


def asked(message: Message) -> tuple[str, ...]:
    """A text in English: once, or of one and of many."""
    return message.id if message.pluralizable else (message.id,)


def forms(message: Message) -> tuple[str, ...]:
    """What a language says for a text: once, or once for each of its plural forms."""
    return message.string if message.pluralizable else (message.string,)


def renewed(old: Catalog) -> Catalog:
    """A catalogue of exactly the texts now said, with the translations already there."""
    new = Catalog(locale=old.locale, fuzzy=False)
    new.mime_headers = [("Plural-Forms", old.plural_forms)]
    files: dict[str, set[str]] = {}
    for message, file in texts():
        files.setdefault(message, set()).add(file)
    for message in sorted(files):
        name = (ONE[message], message) if message in ONE else message
        known = old.get(name)
        kept = known.string if known and known.pluralizable == (message in ONE) else ""
        new.add(name, kept, locations=[(file, None) for file in sorted(files[message])])
    return new


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as text, without dates."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, sort_output=True, omit_header=True)
    header = (
        f'# Texts of Smarketing XL in {catalogue.locale.english_name}.\nmsgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header.encode() + stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def main() -> None:
    """Renew each .po, compile its .mo, list what still needs a translation."""
    for path in FILES:
        path.write_bytes(as_po(renewed(read(path))))
        catalogue = read(path)
        path.with_suffix(".mo").write_bytes(as_mo(catalogue))
        for message in messages(catalogue):
            if not all(forms(message)):
                print(f"to translate into {catalogue.locale.english_name}: {message.id!r}")
    for text in sorted(without_singular()):
        print(f"to say of one, in smarketing_xl/singulars.py: {text!r}")


if __name__ == "__main__":
    main()
