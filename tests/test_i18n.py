"""Whose language is spoken, and how it writes numbers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog

from smarketing_xl import i18n
from smarketing_xl.i18n import (
    LANGUAGES,
    N_,
    Language,
    _,
    current_language,
    format_number,
    format_percent,
    language_of,
    language_of_the_user,
    speaking,
    translate,
)
from smarketing_xl.singulars import NUMBERS, ONE
from workbook.catalogue import as_mo, without_singular


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es", "es"), ("es-PA", "es"), ("pt_BR.UTF-8", "pt"), ("pt-PT", "pt"),
        ("es_MX.UTF-8", "es"), ("en_GB", "en"), ("C.UTF-8", "en"),
        ("", "en"), ("est", "en"), ("de_DE", "en"),
    ],
)  # fmt: skip
def test_a_locale_has_a_language(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_the_first_variable_that_is_set_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "es_PA.UTF-8")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert language_of_the_user() == "es"


def test_a_language_is_spoken_for_a_while_and_by_nobody_else() -> None:
    heard = []
    with speaking("es"):
        assert _("Yes") == translate("Yes", "es") != "Yes"
        with speaking("en"):
            assert _("Yes") == "Yes"
        assert current_language() == "es"
        other = threading.Thread(target=lambda: heard.append(current_language()))
        other.start()
        other.join()
    assert current_language() == "en"
    assert heard == ["en"]


def test_a_text_that_is_only_declared_stays_english() -> None:
    with speaking("es"):
        assert N_("Yes") == "Yes"
        assert _("") == ""


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("es_PA.UTF-8", "1,234.5"), ("es-MX", "1,234.5"), ("es", "1,234.5"), ("C.UTF-8", "1,234.5"),
        ("es_ES.UTF-8", "1.234,5"), ("es-CO", "1.234,5"), ("es_AR", "1.234,5"),
    ],
)  # fmt: skip
def test_the_readers_country_decides_how_numbers_are_written(
    locale: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    with speaking("es"):
        assert format_number(1234.5, 1) == written
    with speaking("en"):
        assert format_number(1234.5, 1) == "1,234.5"
    with speaking("pt"):
        assert format_number(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ONE)
def test_no_text_says_many_of_one(text: str, language: Language) -> None:
    said = translate(text, language)
    given = {name: "7" for _before, name, *_rest in Formatter().parse(text) if name}
    number = next(name for name in NUMBERS if name in given)
    none, one, two, thousand = (
        said.format(**given | {number: n}) for n in ("0", "1", "2", "1,001")
    )
    assert one.replace("1", "2") != two or language != "en"
    assert none.replace("0", "2", 1) == two or language == "pt"
    assert thousand.replace("1,001", "2") == two
    with_one = {**given, number: "1"}
    assert language != "en" or one == ONE[text].format(**with_one)


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language of three plural forms, as one more file of texts."""
    catalogue = Catalog(locale="pl")
    catalogue.add(
        ("{count} row", "{count} rows"), ("{count} wiersz", "{count} wiersze", "{count} wierszy")
    )
    compiled = tmp_path / "pl/LC_MESSAGES/smarketing.mo"
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(as_mo(catalogue))
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    yield "pl"
    i18n._catalogue.cache_clear()


def test_the_rule_of_the_language_decides_the_plural(polish: Any) -> None:
    said = translate("{count} rows", polish)
    shown = [said.format(count=format_number(count)) for count in (0, 1, 2, 5, 22, 1_001)]
    assert shown == [
        "0 wierszy", "1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze", "1,001 wierszy",
    ]  # fmt: skip


def test_every_text_that_counts_knows_the_singular() -> None:
    assert without_singular() == set()


def test_numbers_have_no_idle_zeros() -> None:
    assert format_number(1234.5, 2) == "1,234.5"
    assert format_number(1200) == "1,200"
    assert format_percent(0.155, 1) == "15.5 %"
