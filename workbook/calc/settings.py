"""What LibreOffice reads of the extension: names, help, menus, in English and Spanish."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from smarketing_xl.hosts.calc.formulas import SERVICE
from smarketing_xl.i18n import (
    LANGUAGES,
    N_,
    Language,
    translate,
)
from udfs.buttons import GROUPS, TAB, Button
from udfs.functions import FORMULAS
from udfs.macros import BUTTONS, EXPORT
from udfs.registry import Formula

IDENTIFIER = "org.smarketing.xl"
SERVICES = (SERVICE, "org.smarketing.Buttons", "org.smarketing.Events")
PROTOCOL = "org.smarketing:"
WATCHED = ("OnLoadFinished", "OnSave", "OnSaveAs", "OnSaveDone", "OnSaveAsDone")
CATEGORY = "Add-In"  # Calc's list of categories is closed; one place holds all of ours
FIRST_FREE_ROW = 4  # below Calc's own toolbars
TOOLBARS: dict[
    str, tuple[str, ...]
] = {  # groups and menus, each on a row that a laptop's screen holds
    IDENTIFIER: ("personas", "goals", "sla"),
    f"{IDENTIFIER}.more": ("history", "feedback"),
    f"{IDENTIFIER}.workbook": (EXPORT.name, "workbook"),
}
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
GUARD = "SmarketingGuard"  # the folder of the library is its name
OFF = N_(
    "Smarketing XL is off here: LibreOffice was started from a virtual environment, and cannot "
    "use its Python. Do not save; close LibreOffice, and start it from the desktop."
)

_OOR = "http://openoffice.org/2001/registry"
_TAGS: dict[Language, str] = {language: language for language in LANGUAGES} | {"en": "en-US"}
_ET_XML = "{http://www.w3.org/XML/1998/namespace}lang"
ET.register_namespace("oor", _OOR)


def add_ins() -> bytes:
    """CalcAddIns.xcu: every formula with its help and its arguments."""
    root = _component("CalcAddIns", "org.openoffice.Office")
    service = _node(_node(root, "AddInInfo"), SERVICE, "replace")
    functions = _node(service, "AddInFunctions")
    for formula in FORMULAS.values():
        _function(_node(functions, formula.name, "replace"), formula)
    return _bytes(root)


def _function(node: ET.Element, formula: Formula) -> None:
    _text(node, "DisplayName", formula.name)
    _text(node, "Description", formula.help)
    _value(node, "Category", CATEGORY)
    _text(node, "CompatibilityName", formula.name)
    parameters = _node(node, "Parameters")
    for at, argument in enumerate(formula.arguments):  # LibreOffice sorts them by node
        parameter = _node(parameters, f"a{at:02}", "replace")
        _text(parameter, "DisplayName", argument.name)
        _text(parameter, "Description", argument.help)


def buttons() -> bytes:
    """Addons.xcu: the ribbon's buttons as a menu, by step, and as toolbars, each one row."""
    root = _component("Addons", "org.openoffice.Office")
    ui = _node(root, "AddonUI")
    menu = _node(_node(ui, "OfficeMenuBar"), IDENTIFIER, "replace")
    _text(menu, "Title", TAB)
    _value(menu, "Context", SPREADSHEET)
    steps = _node(menu, "Submenu")
    for at, (group, members) in enumerate(groupby(BUTTONS.values(), lambda it: it.group)):
        step = _node(steps, f"m{at:02}", "replace")
        _text(step, "Title", GROUPS[group])
        _value(step, "URL", "")
        inner = _node(step, "Submenu")
        for number, button in enumerate(members):
            _button(_node(inner, f"m{number:02}", "replace"), button, named=True)
    bars = _node(ui, "OfficeToolBar")
    for name, shown in TOOLBARS.items():
        bar, last = _node(bars, name, "replace"), None
        for number, button in enumerate(it for it in BUTTONS.values() if _stands_on(it, shown)):
            if last is not None and last.group != button.group:
                _value(_node(bar, f"m{number:02}_", "replace"), "URL", "private:separator")
            named = last is None or last.menu != button.menu
            _button(_node(bar, f"m{number:02}a", "replace"), button, named=named)
            last = button
    return _bytes(root)


def _stands_on(button: Button, shown: tuple[str, ...]) -> bool:
    """Whether a toolbar shows a button: the one of its menu, else the one of its group."""
    menu = button.menu.name if button.menu else ""
    own = {name for names in TOOLBARS.values() for name in names}
    return (menu if menu in own else button.group) in shown


def _button(node: ET.Element, button: Button, *, named: bool) -> None:
    """named: with the name of the menu that holds it, where there is one."""
    labels = {
        language: (
            f"{translate(button.menu.label, language).rstrip('…')}: "
            if button.menu and named
            else ""
        )
        + translate(button.label, language)
        for language in LANGUAGES
    }
    _value(node, "Context", SPREADSHEET)
    _value(node, "URL", PROTOCOL + button.name)
    _spoken(node, "Title", labels)
    _value(node, "Target", "_self")


def window_state() -> bytes:
    """CalcWindowState.xcu: where the toolbars stand from the first start on, and their names.

    Without it they float over the sheet as "Add-On 1", longer than a screen.
    """
    root = _component("CalcWindowState", "org.openoffice.Office.UI")
    states = _node(_node(root, "UIElements"), "States")
    for row, (name, shown) in enumerate(TOOLBARS.items()):
        bar = _node(states, f"private:resource/toolbar/addon_{name}", "replace")
        _spoken(bar, "UIName", {it: f"{translate(TAB, it)} {_span(shown, it)}" for it in LANGUAGES})
        for key, value in (
            ("Docked", "true"),
            ("DockingArea", "0"),
            ("DockPos", f"0,{FIRST_FREE_ROW + row}"),
            ("Visible", "true"),
            ("Locked", "false"),
            ("ContextSensitive", "false"),
        ):
            _value(bar, key, value)
    return _bytes(root)


def _span(shown: tuple[str, ...], language: Language) -> str:
    """The steps that a toolbar serves, or what else it is for."""
    first, *more = (translate(GROUPS[group], language) for group in GROUPS if group in shown)
    return f"{first[0]}–{more[-1][0]}" if more else first


def protocol() -> bytes:
    """ProtocolHandler.xcu: who answers to the buttons."""
    root = _component("ProtocolHandler", "org.openoffice.Office")
    handler = _node(_node(root, "HandlerSet"), "org.smarketing.Buttons.python", "replace")
    listed = ET.SubElement(
        handler, "prop", {f"{{{_OOR}}}name": "Protocols", f"{{{_OOR}}}type": "oor:string-list"}
    )
    ET.SubElement(listed, "value").text = PROTOCOL + "*"
    return _bytes(root)


def jobs() -> bytes:
    """Jobs.xcu: documents opened and saved are told to the extension."""
    root = _component("Jobs", "org.openoffice.Office")
    job = _node(_node(root, "Jobs"), "SmarketingEvents", "replace")
    _value(job, "Service", "org.smarketing.Events")
    events = _node(root, "Events")
    for event in WATCHED:
        listed = _node(_node(events, event, "fuse"), "JobList")
        _node(listed, "SmarketingEvents", "replace")
    return _bytes(root)


def events() -> bytes:
    """Events.xcu: the guard is asked before the first document."""
    root = _component("Events", "org.openoffice.Office")
    bindings = _node(_node(root, "ApplicationEvents"), "Bindings")
    script = f"vnd.sun.star.script:{GUARD}.Guard.Started?language=Basic&location=application"
    _value(_node(bindings, "OnStartApp", "replace"), "BindingURL", script)
    return _bytes(root)


def guard(text: str) -> dict[str, bytes]:
    """The guard as a library of Basic: its parts by their names. text: its module, with braces
    where a sentence stands."""
    for language in LANGUAGES:
        text = text.replace(f"{{{language}}}", translate(OFF, language))
    listed = {"name": GUARD, "readonly": "true", "passwordprotected": "false"}
    library = "http://openoffice.org/2000/library"
    ET.register_namespace("library", library)
    parts = {}
    for kind, members in (("script", ("Guard",)), ("dialog", ())):
        root = ET.Element(
            f"{{{library}}}library", {f"{{{library}}}{key}": value for key, value in listed.items()}
        )
        for member in members:
            ET.SubElement(root, f"{{{library}}}element", {f"{{{library}}}name": member})
        parts[f"{GUARD}/{kind}.xlb"] = _bytes(root)
    script = "http://openoffice.org/2000/script"
    ET.register_namespace("script", script)
    module = ET.Element(
        f"{{{script}}}module",
        {f"{{{script}}}name": "Guard", f"{{{script}}}language": "StarBasic"},
    )
    module.text = text
    parts[f"{GUARD}/Guard.xba"] = ET.tostring(module, encoding="UTF-8", xml_declaration=True)
    return parts


def components() -> bytes:
    """The services, and the file that they are in."""
    root = ET.Element("components", xmlns="http://openoffice.org/2010/uno-components")
    loader = {"loader": "com.sun.star.loader.Python", "uri": "./smarketing_addin.py"}
    component = ET.SubElement(root, "component", loader)
    for service in SERVICES:
        made = ET.SubElement(component, "implementation", name=f"{service}.python")
        ET.SubElement(made, "service", name=service)
    return _bytes(root)


def manifest() -> bytes:
    """Which file of the extension is of which kind."""
    settings = "application/vnd.sun.star.configuration-data"
    kinds = {
        "formulas.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "smarketing.components": "application/vnd.sun.star.uno-components",
        "CalcAddIns.xcu": settings,
        "Addons.xcu": settings,
        "CalcWindowState.xcu": settings,
        "ProtocolHandler.xcu": settings,
        "Jobs.xcu": settings,
        "Events.xcu": settings,
        f"{GUARD}/": "application/vnd.sun.star.basic-library",
    }
    space = "http://openoffice.org/2001/manifest"
    ET.register_namespace("manifest", space)
    root = ET.Element(f"{{{space}}}manifest")
    for path, kind in kinds.items():
        entry = {f"{{{space}}}media-type": kind, f"{{{space}}}full-path": path}
        ET.SubElement(root, f"{{{space}}}file-entry", entry)
    return _bytes(root)


def description(version: str) -> bytes:
    """What the extension manager shows."""
    space = "http://openoffice.org/extensions/description/2006"
    root = ET.Element("description", xmlns=space)
    ET.SubElement(root, "identifier", value=IDENTIFIER)
    ET.SubElement(root, "version", value=version)
    names = ET.SubElement(root, "display-name")
    for language in LANGUAGES:
        ET.SubElement(names, "name", lang=_TAGS[language]).text = "Smarketing XL"
    return _bytes(root)


def _component(name: str, package: str) -> ET.Element:
    return ET.Element(
        f"{{{_OOR}}}component-data", {f"{{{_OOR}}}name": name, f"{{{_OOR}}}package": package}
    )


def _node(parent: ET.Element, name: str, operation: str = "") -> ET.Element:
    attributes = {f"{{{_OOR}}}name": name}
    if operation:
        attributes[f"{{{_OOR}}}op"] = operation
    return ET.SubElement(parent, "node", attributes)


def _value(node: ET.Element, name: str, value: str) -> None:
    made = ET.SubElement(node, "prop", {f"{{{_OOR}}}name": name})
    ET.SubElement(made, "value").text = value


def _text(node: ET.Element, name: str, text: str) -> None:
    _spoken(node, name, {language: translate(text, language) for language in LANGUAGES})


def _spoken(node: ET.Element, name: str, texts: dict[Language, str]) -> None:
    made = ET.SubElement(node, "prop", {f"{{{_OOR}}}name": name})
    for language, text in texts.items():
        ET.SubElement(made, "value", {_ET_XML: _TAGS[language]}).text = text


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"
