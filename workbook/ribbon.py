"""The Smarketing tab: customUI XML made from the buttons that udfs/macros.py declares.

Labels are written into the XML in the workbook's language, so that the tab reads well even where
macros are still blocked.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from smarketing_xl.i18n import Language, translate
from udfs.buttons import GROUPS, TAB, Button, Menu
from udfs.macros import BUTTONS

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"


def callback(button: Button) -> str:
    """The VBA procedure a click calls."""
    return f"Smarketing_{button.name}"


def ribbon_xml(language: Language) -> bytes:
    """The part customUI/customUI14.xml."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}customUI")
    ribbon = _inside(root, "ribbon")
    tab = _inside(_inside(ribbon, "tabs"), "tab", id="smarketing", label=translate(TAB, language))
    for key, label in GROUPS.items():
        group = _inside(tab, "group", id=f"group_{key}", label=translate(label, language))
        buttons = [button for button in BUTTONS.values() if button.group == key]
        for menu, members in groupby(buttons, key=lambda button: button.menu):
            parent = _menu(group, menu, language) if menu else group
            for button in members:
                _button(parent, button, language)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _inside(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def _menu(group: ET.Element, menu: Menu, language: Language) -> ET.Element:
    return _inside(
        group,
        "menu",
        id=menu.name,
        imageMso=menu.image,
        size="large",
        label=translate(menu.label, language),
        screentip=translate(menu.screentip, language),
        supertip=translate(menu.supertip, language),
    )


def _button(parent: ET.Element, button: Button, language: Language) -> None:
    size = {"size": "large" if button.large else "normal"} if button.menu is None else {}
    _inside(
        parent,
        "button",
        id=button.name,
        imageMso=button.image,
        **size,
        label=translate(button.label, language),
        screentip=translate(button.screentip, language),
        supertip=translate(button.supertip, language),
        onAction=callback(button),
    )
