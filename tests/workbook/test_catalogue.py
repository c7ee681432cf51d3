"""Every text that people can see is in the Spanish catalogue, complete and compiled."""

from __future__ import annotations

import gettext
import re

from workbook import catalogue

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
ADVICE = "run: python workbook/catalogue.py, and translate what it lists"


def test_every_text_said_is_in_the_catalogue_and_no_other() -> None:
    kept = {message.id for message in catalogue.read() if message.id}
    said = {text for text, _file in catalogue.texts()}
    assert said - kept == set(), ADVICE
    assert kept - said == set(), ADVICE


def test_every_text_is_translated_for_sure() -> None:
    missing = [message.id for message in catalogue.read() if message.id and not message.string]
    assert missing == [], ADVICE
    assert [message.id for message in catalogue.read() if message.fuzzy and message.id] == []


def test_every_translation_has_the_same_placeholders() -> None:
    for message in catalogue.read():
        if message.id:
            ours = sorted(PLACEHOLDER.findall(str(message.string)))
            assert ours == sorted(PLACEHOLDER.findall(str(message.id))), message.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with catalogue.PO.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue.read():
        if message.id and message.string:
            assert compiled.gettext(str(message.id)) == message.string, ADVICE
