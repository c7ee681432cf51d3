"""The Smarketing tab: valid by Microsoft's schema, every button wired, in both languages."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree
from openxml_audit.context import ValidationContext
from openxml_audit.schema.validator import SchemaValidator, get_constraint_for_tag

from smarketing_xl.i18n import LANGUAGES, Language
from udfs.buttons import GROUPS
from udfs.macros import BUTTONS
from workbook import pictures
from workbook.ribbon import NAMESPACE, ribbon_xml
from workbook.vba_project import modules

UI = f"{{{NAMESPACE}}}"


def tab(language: Language) -> Any:
    return etree.fromstring(ribbon_xml(language))


def test_every_click_has_its_callback_and_every_callback_its_button() -> None:
    clicked = tab("en").xpath("//@onAction")
    callbacks = re.findall(r"Public Sub (\w+)\(control As Object\)", modules("en")["Ribbon"])
    assert sorted(clicked) == sorted(callbacks) and len(set(clicked)) == len(clicked)
    assert len(clicked) == len(BUTTONS)


def test_groups_follow_the_five_steps() -> None:
    labels = [group.get("label") for group in tab("en").iter(f"{UI}group")]
    assert labels == list(GROUPS.values())
    assert all(len(group) for group in tab("en").iter(f"{UI}group"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_says_what_it_does(language: Language) -> None:
    for button in tab(language).iter(f"{UI}button"):
        for said in ("label", "screentip", "supertip", "imageMso"):
            assert button.get(said), (button.get("id"), said)
        assert len(button.get("supertip")) <= 1024


def test_spanish_and_english_differ_only_in_what_is_said() -> None:
    said = {"label", "screentip", "supertip"}

    def skeleton(language: Language) -> list[Any]:
        return [
            (element.tag, {k: v for k, v in element.attrib.items() if k not in said})
            for element in tab(language).iter()
        ]

    assert skeleton("en") == skeleton("es")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tab_is_valid_by_the_schema_that_microsoft_publishes(language: Language) -> None:
    assert schema_faults(ribbon_xml(language)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b'size="large"', b'size="huge"'),
        (b"onAction=", b"onClick="),
        (b'<group id="group_goals"', b'<group idd="group_goals"'),
        (b"<tabs>", b"<tabs><button/>"),
    ],
)
def test_the_schema_notices_a_wrong_tab(right: bytes, wrong: bytes) -> None:
    xml = ribbon_xml("en")
    assert right in xml
    assert schema_faults(xml.replace(right, wrong, 1))


@pytest.mark.parametrize("name", pictures.pictures())
def test_the_pictures_of_the_set_up_page_are_drawn_from_what_is_declared(name: str) -> None:
    assert (pictures.IMAGES / name).read_text(encoding="utf-8") == pictures.pictures()[name]
    etree.fromstring(pictures.pictures()[name])


def schema_faults(xml: bytes) -> list[str]:
    """What the customUI schema of Microsoft's Open XML SDK says against it."""
    root = etree.fromstring(xml)
    part = SimpleNamespace(xml=root, uri="/customUI/customUI14.xml")
    found = SchemaValidator().validate_part(part, ValidationContext())
    return [str(fault) for fault in found] + [
        f"{element.tag} has no attribute {name}"
        for element in root.iter()
        for name in element.attrib
        if name not in {it.local_name for it in get_constraint_for_tag(element.tag).attributes}
    ]
