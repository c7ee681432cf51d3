"""Help and refusals of the command line, in the language of the person who typed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from smarketing_xl.cli import help
from smarketing_xl.cli.app import app
from smarketing_xl.cli.output import out
from smarketing_xl.i18n import language_of_the_user, speaking, translate

ENGLISH, SPANISH = {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "", "LANG": "es_ES.UTF-8"}


def smarketing(words: str, locale: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "smarketing_xl",
        *words.split(),
    ]
    given = {**os.environ, **locale}
    return subprocess.run(
        command, cwd=cwd, env=given, capture_output=True, text=True, timeout=300, encoding="utf-8"
    )


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, f"{name} {word}")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "es_AR", "LANG": "en_US"}, "es"),
        ({"LANG": "est"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_system(
    locale: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert language_of_the_user() == language


@pytest.mark.parametrize("name", [name for name, _command in commands(get_command(app), "")])
def test_the_help_of_every_command_is_all_in_spanish(name: str) -> None:
    command = dict(commands(get_command(app), ""))[name]
    with speaking("es"), out.capture() as shown:
        command.main(["--help"], prog_name="smarketing", standalone_mode=False)
    text = " ".join(shown.get().split())
    own = [text for text in help.texts(command) if not hasattr(command, "commands")]
    for said in [*own, "Options"]:
        assert " ".join(translate(said, "es").split())[:30] in text
        assert translate(said, "es") == said or f"{said} " not in text


@pytest.mark.parametrize("locale", [ENGLISH, SPANISH])
def test_help_teaches_and_ends_well(locale: dict[str, str], tmp_path: Path) -> None:
    done = smarketing("score --help", locale, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "smarketing score Sales.xlsm --as-of 2026-09-30" in done.stdout
    spanish = locale is SPANISH
    assert ("Personas: puntúa, clasifica y explica cada lead." in done.stdout) == spanish
    assert ("Personas: score, grade and explain every lead." in done.stdout) != spanish


def test_without_words_the_commands_are_listed(tmp_path: Path) -> None:
    done = smarketing("", SPANISH, tmp_path)
    assert done.returncode == 2
    assert "Los cinco pasos" in done.stdout and "Crea un libro vacío" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "english", "spanish"),
    [
        ("score", "FILE is missing", "Falta ARCHIVO"),
        ("score a --host moon", "--host is one of these: auto,", "--host es uno de estos: auto,"),
        ("score a --host", "--host is not used like that", "--host no se usa así"),
        (
            "score a --as-of then",
            "--as-of is written such as 2026-09-30",
            "--as-of se escribe como 2026",
        ),
        ("log a --last 0", "--last is a whole number of 1", "--last es un número entero de 1"),
        ("edition a", "--macros or --no-macros is missing", "Falta --macros o --no-macros"),
        ("score a --moon", "There is no option --moon", "No existe la opción --moon"),
        ("score a b", "This is too much: b", "Esto sobra: b"),
        ("scroe", "no command scroe; score is one", "la orden scroe; sí existe score"),
        ("frobnicate", "There is no command frobnicate.", "No existe la orden frobnicate."),
        ("merge a", "Give the IDs of duplicates", "Indique los ID de los duplicados"),
    ],
)
def test_what_was_mistyped_is_said_in_one_line(
    words: str, english: str, spanish: str, tmp_path: Path
) -> None:
    for locale, said in ((ENGLISH, english), (SPANISH, spanish)):
        done = smarketing(words, locale, tmp_path)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert said in line and line.endswith("--help")


def test_a_workbook_is_made_in_the_language_of_its_maker(tmp_path: Path) -> None:
    from smarketing_xl.book.read import language
    from smarketing_xl.hosts import opened

    for locale, words, made in [
        (SPANISH, "new mine.xlsm", "es"),
        (SPANISH, "new theirs.xlsm --lang en", "en"),
        (ENGLISH, "new ours.xlsm", "en"),
    ]:
        assert smarketing(words, locale, tmp_path).returncode == 0
        with opened(tmp_path / words.split()[1], "file") as book:
            assert language(book) == made
