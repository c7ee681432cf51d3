"""Sheets, messages and help call every button by its very name, in every language."""

from __future__ import annotations

import re

import pytest

from smarketing_xl.i18n import LANGUAGES, Language, translate
from udfs.buttons import TAB
from udfs.macros import BUTTONS
from workbook import catalogue

TEXTS = sorted({text for text, _place in catalogue.texts()})


def paths(language: Language) -> tuple[str, ...]:
    """The way to each button, as texts write it behind the tab's name."""
    return tuple(
        " → ".join(translate(label, language) for label in labels)
        for button in BUTTONS.values()
        for labels in [[button.menu.label, button.label] if button.menu else [button.label]]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_way_to_a_button_leads_to_one(language: Language) -> None:
    ways = re.compile(rf"{translate(TAB, language)} → ([^;]+)")
    named = [(text, way) for text in TEXTS for way in ways.findall(translate(text, language))]
    assert len(named) > 25
    assert [text for text, way in named if not way.startswith(paths(language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_undo_is_called_by_its_name(language: Language) -> None:
    label = translate(BUTTONS["undo"].label, language).rstrip("…")
    first = " ".join(label.split()[:2])
    wrong = [
        text for text in TEXTS if first in (said := translate(text, language)) and label not in said
    ]
    assert wrong == []
