"""Every text that people can see is in the catalogue of each language, complete and compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

from smarketing_xl.singulars import ONE
from workbook import catalogue
from workbook.catalogue import asked, forms, messages

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
ADVICE = "run: python workbook/catalogue.py, and translate what it lists"
each_file = pytest.mark.parametrize("file", catalogue.FILES, ids=lambda file: file.parts[-3])


@each_file
def test_every_text_said_is_in_the_catalogue_and_no_other(file: Path) -> None:
    kept = {asked(message)[-1] for message in messages(catalogue.read(file))}
    texts = {text for text, _file in catalogue.texts()}
    assert texts - kept == set(), ADVICE
    assert kept - texts == set(), ADVICE


@each_file
def test_every_text_is_translated_for_sure(file: Path) -> None:
    texts = catalogue.read(file)
    assert [message.id for message in messages(texts) if not all(forms(message))] == [], ADVICE
    assert [message.id for message in messages(texts) if message.fuzzy] == []


@each_file
def test_every_translation_has_the_same_placeholders(file: Path) -> None:
    for message in messages(catalogue.read(file)):
        for form, text in enumerate(forms(message)):
            ours = sorted(PLACEHOLDER.findall(text))
            theirs = asked(message)[0 if form == 0 else -1]  # one may leave out who has most
            assert ours == sorted(PLACEHOLDER.findall(theirs)), message.id


@each_file
def test_what_counts_has_the_forms_of_its_language(file: Path) -> None:
    texts = catalogue.read(file)
    counting = {message.id: message for message in messages(texts) if message.pluralizable}
    assert set(counting) == {(one, many) for many, one in ONE.items()}
    assert {len(forms(message)) for message in counting.values()} == {texts.num_plurals}


@each_file
def test_the_compiled_catalogue_is_that_of_the_text(file: Path) -> None:
    with file.with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    for message in messages(catalogue.read(file)):
        if message.pluralizable:
            assert compiled.ngettext(*message.id, 1) == message.string[0], ADVICE
            assert compiled.ngettext(*message.id, 2) == message.string[-1], ADVICE
        else:
            assert compiled.gettext(message.id) == message.string, ADVICE
