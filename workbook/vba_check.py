"""What keeps VBA from compiling, found without Excel.

VBA compiles a module whole when one of its procedures first runs: a name that it cannot resolve
stops every procedure in it. Interpreters are kinder. Here every identifier is resolved as the
compiler does under Option Explicit, once for each kind of Excel (conditional compilation differs),
and the limits of the language are held: https://learn.microsoft.com/office/vba/language/reference/.

    python workbook/vba_check.py      checks both workbooks' modules
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # run as a script: the project is one folder up
    sys.path.insert(0, str(HERE.parent))

from workbook.vba_language import (  # noqa: E402
    BUILT_IN,
    GLOBAL,
    KEYWORDS,
    TYPES,
    Line,
    arguments_of,
    logical_lines,
    names_declared,
    parameters_of,
    statements,
)

PLATFORMS: dict[str, dict[str, object]] = {
    "Windows, 64 bit": {"vba7": 1, "win64": 1, "win32": 1},
    "Windows, 32 bit": {"vba7": 1, "win64": 0, "win32": 1},
    "Mac": {"vba7": 1, "win64": 1, "mac": 1, "mac_office_version": 16},
}
MOST_CONTINUATIONS = 24
LONGEST_LINE = 1023
LARGEST_PROCEDURE = 65_536
LONGEST_NAME = 255

_PROCEDURE = re.compile(
    r"\s*(?P<scope>Public |Private |Friend |Global )?\s*(?:Static )?\s*"
    r"(?P<declare>Declare (?P<safe>PtrSafe )?)?(?P<kind>Function|Sub|Property [GLS]et|Property Let)"
    r" (?P<name>\w+)(?P<rest>.*)",
    re.I,
)
_BLOCK = re.compile(r"\s*(?P<scope>Public |Private )?(?P<kind>Type|Enum) (?P<name>\w+)\s*$", re.I)
_END = re.compile(r"\s*End (Function|Sub|Property)\b", re.I)
_VARIABLES = re.compile(
    r"\s*(?P<scope>Public|Private|Global|Dim|Const)\s+(?P<const>Const\s+)?(?:WithEvents\s+)?"
    r"(?P<rest>(?!Declare\b|Function\b|Sub\b|Property\b|Type\b|Enum\b).*)",
    re.I,
)
_LOCAL = re.compile(r"\s*(?P<kind>Dim|Static|Const|ReDim(?: Preserve)?)\s+(?P<rest>.*)", re.I)
_TYPE = re.compile(r"\b(?:As\s+New|As|New)\s+([\w.]+)", re.I)
_WORD = re.compile(r"(?P<dot>[.!]\s*)?(?P<name>[A-Za-z_]\w*)[$%&!#@]?(?P<named>\s*:=)?")
_LABEL = re.compile(r"\s*(\w+):\s*$")
_JUMP = re.compile(r"\b(?:GoTo|GoSub|Resume)\s+(\w+)", re.I)
_OPENS = {
    "if": re.compile(r"\s*If\b.*\bThen\s*$", re.I),
    "for": re.compile(r"\s*For\b", re.I),
    "do": re.compile(r"\s*Do\b", re.I),
    "while": re.compile(r"\s*While\b", re.I),
    "select": re.compile(r"\s*Select Case\b", re.I),
    "with": re.compile(r"\s*With\b", re.I),
}
_CLOSES = {
    "if": re.compile(r"\s*End If\b", re.I),
    "for": re.compile(r"\s*Next\b", re.I),
    "do": re.compile(r"\s*Loop\b", re.I),
    "while": re.compile(r"\s*Wend\b", re.I),
    "select": re.compile(r"\s*End Select\b", re.I),
    "with": re.compile(r"\s*End With\b", re.I),
}


@dataclass(frozen=True)
class VbaFault:
    """Why a module would not compile: on which kind of Excel, where, and what."""

    platform: str
    module: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.platform}: {self.module}, line {self.line}: {self.problem}"


@dataclass
class Procedure:
    """A function or a sub: its lines, what it declares, how many arguments it takes."""

    name: str
    line: int
    public: bool
    least: int
    most: float
    parameters: list[str]
    types: list[str]
    body: list[Line] = field(default_factory=list)


@dataclass
class Module:
    """A module as one kind of Excel reads it."""

    name: str
    explicit: bool
    is_class: bool
    variables: dict[str, tuple[int, bool]] = field(default_factory=dict)  # name → line, public
    procedures: dict[str, Procedure] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    typed: list[tuple[int, str]] = field(default_factory=list)  # types of its variables
    faults: list[tuple[int, str]] = field(default_factory=list)

    def public(self, name: str) -> bool | None:
        """Whether a name is public; None where the module has no such name."""
        if name in self.procedures:
            return self.procedures[name].public
        return self.variables[name][1] if name in self.variables else None


def check(sources: Mapping[str, str], classes: frozenset[str] = frozenset()) -> list[VbaFault]:
    """Every fault of a project, on every kind of Excel.

    sources: the text of each module by its name. classes: those that are class modules or belong
    to a sheet or the workbook.
    """
    faults: list[VbaFault] = []
    for platform, constants in PLATFORMS.items():
        modules = {
            name.lower(): _read(name, text, constants, name in classes)
            for name, text in sources.items()
        }
        for module in modules.values():
            problems = [*module.faults, *_unresolved(module, modules)]
            faults += [VbaFault(platform, module.name, *problem) for problem in problems]
    for name, text in sources.items():
        faults += [VbaFault("everywhere", name, *problem) for problem in _too_long(text)]
    return faults


# --- reading ------------------------------------------------------------------------------------


def _read(name: str, text: str, constants: Mapping[str, object], is_class: bool) -> Module:
    lines = logical_lines(text, constants)
    explicit = any(re.match(r"\s*Option Explicit\b", line.text, re.I) for line in lines)
    module = Module(name, explicit, is_class)
    inside: Procedure | None = None
    block = ""
    for line in lines:
        if opened := _BLOCK.match(line.text):
            block = opened["kind"].lower()
            module.types.add(opened["name"].lower())
        elif block:
            member = re.match(r"\s*(\w+)", line.text)
            if re.match(r"\s*End (Type|Enum)\b", line.text, re.I):
                block = ""
            elif block == "enum" and member:
                module.variables[member[1].lower()] = line.number, True
        elif inside is not None:
            if _END.match(line.text):
                inside = None
            else:
                inside.body.append(line)
        elif match := _PROCEDURE.match(line.text):
            procedure = _procedure(match, line.number, constants, module)
            inside = None if match["declare"] else procedure
        elif match := _VARIABLES.match(line.text):
            _variables(match, line.number, module)
    if inside is not None:
        module.faults.append((inside.line, f"{inside.name} has no end"))
    return module


def _procedure(
    match: re.Match[str], number: int, constants: Mapping[str, object], module: Module
) -> Procedure:
    parameters = parameters_of(match["rest"])
    least = sum(not optional for _name, optional, _many in parameters)
    many = any(many for _name, _optional, many in parameters)
    public = (match["scope"] or "public").strip().lower() != "private"
    procedure = Procedure(
        match["name"],
        number,
        public,
        least - many,
        float("inf") if many else len(parameters),
        [name for name, _optional, _many in parameters],
        _types(match["rest"]),
    )
    if match["declare"] and not match["safe"] and constants.get("vba7"):
        module.faults.append((number, f"{match['name']}: Declare without PtrSafe"))
    property_half = match["kind"].lower().startswith("property")
    if not (property_half and match["name"].lower() in module.procedures):
        _declare(module, match["name"], number)
    module.procedures[match["name"].lower()] = procedure
    return procedure


def _variables(match: re.Match[str], number: int, module: Module) -> None:
    public = match["scope"].lower() in ("public", "global")
    for name in names_declared(match["rest"]):
        _declare(module, name, number)
        module.variables[name.lower()] = number, public
    module.typed += [(number, each) for each in _types(match["rest"])]


def _declare(module: Module, name: str, number: int) -> None:
    if name.lower() in module.procedures or name.lower() in module.variables:
        module.faults.append((number, f"{name} is declared twice"))
    module.faults += [(number, problem) for problem in _bad_name(name)]


def _bad_name(name: str) -> Iterator[str]:
    if name.lower() in KEYWORDS:
        yield f"{name} is a word of the language"
    if len(name) > LONGEST_NAME or not name[:1].isalpha():
        yield f"{name} is no name"


# --- resolving ----------------------------------------------------------------------------------


def _unresolved(module: Module, modules: Mapping[str, Module]) -> Iterator[tuple[int, str]]:
    if not module.explicit and module.name != "xlwings":
        yield 1, "there is no Option Explicit"
    shared = _shared(modules)
    types = TYPES.union(*(it.types for it in modules.values()))
    types |= {name for name, it in modules.items() if it.is_class}
    for number, name in module.typed:
        if name.lower() not in types:
            yield number, f"the type {name} is not defined"
    for procedure in module.procedures.values():
        for number, name in [(procedure.line, it) for it in procedure.types] + [
            (line.number, it) for line in procedure.body for it in _types(line.text)
        ]:
            if name.lower() not in types:
                yield number, f"the type {name} is not defined"
        yield from _of_procedure(procedure, module, modules, shared)


def _shared(modules: Mapping[str, Module]) -> dict[str, list[str]]:
    """The modules that offer each public name to others; what a class holds is its own."""
    shared: dict[str, list[str]] = {}
    for module in modules.values():
        if not module.is_class:
            for name in [*module.procedures, *module.variables]:
                if module.public(name):
                    shared.setdefault(name, []).append(module.name)
    return shared


def _of_procedure(
    procedure: Procedure,
    module: Module,
    modules: Mapping[str, Module],
    shared: Mapping[str, list[str]],
) -> Iterator[tuple[int, str]]:
    local = [name.lower() for name in procedure.parameters]
    if procedure.name.lower() in local:
        yield procedure.line, f"{procedure.name} is also the name of an argument"
    for name in procedure.parameters:
        for problem in _bad_name(name):
            yield procedure.line, problem
    labels = {label[1].lower() for line in procedure.body if (label := _LABEL.match(line.text))}
    pieces = [(line.number, text) for line in procedure.body for text in statements(line.text)]
    for number, text in pieces:
        if declared := _LOCAL.match(text):
            again = declared["kind"].lower().startswith("redim")
            for name in names_declared(declared["rest"]):
                if again:
                    local += [] if _known(name.lower(), module, modules, shared) else [name.lower()]
                    continue
                if name.lower() in (procedure.name.lower(), *local):
                    yield number, f"{name} is declared twice"
                for problem in _bad_name(name):
                    yield number, problem
                local.append(name.lower())
    for name, count in Counter(name for name in local).items():
        if count > 1 and name in [it.lower() for it in procedure.parameters]:
            yield procedure.line, f"{name} is declared twice"
    yield from _blocks(pieces)
    reach = {procedure.name.lower(), *local}
    for number, text in pieces:
        for target in _JUMP.findall(text):
            if target.lower() not in labels | {"0", "next"} and not target.isdigit():
                yield number, f"there is no label {target}"
        yield from ((number, it) for it in _wrong_names(text, reach, module, modules, shared))


def _known(
    name: str, module: Module, modules: Mapping[str, Module], shared: Mapping[str, list[str]]
) -> bool:
    return (
        name in KEYWORDS
        or name in BUILT_IN
        or name in GLOBAL
        or name in shared
        or name in modules
        or any(name in it.types for it in modules.values())
        or module.public(name) is not None
    )


def _wrong_names(
    text: str,
    reach: set[str],
    module: Module,
    modules: Mapping[str, Module],
    shared: Mapping[str, list[str]],
) -> Iterator[str]:
    if _LABEL.match(text):
        return
    if not re.match(r"\s*Open\b", text, re.I):
        text = _TYPE.sub(" ", text)
    text = _JUMP.sub(" ", text)
    text = re.sub(r"&[HO][0-9A-F]+&?|\b\d[\d.]*(?:E[+-]?\d+)?[#&!@%^]?", " 0 ", text, flags=re.I)
    for match in _WORD.finditer(text):
        name = match["name"].lower()
        if match["named"]:
            continue
        if match["dot"]:
            owner = re.search(r"(\w+)\s*$", text[: match.start()])
            if owner and owner[1].lower() in modules and owner[1].lower() not in reach:
                there = modules[owner[1].lower()]
                if not there.is_class and not there.public(name):
                    yield f"{there.name} offers no {match['name']}"
            continue
        if name not in reach and not _known(name, module, modules, shared):
            hidden = [it.name for it in modules.values() if it.public(name) is False]
            where = f"; it is private to {', '.join(hidden)}" if hidden else ""
            if module.explicit or hidden or _called(text, match.end()):
                yield f"{match['name']} is not defined{where}"
        elif name not in reach and module.public(name) is None and len(shared.get(name, ())) > 1:
            yield f"{match['name']} is ambiguous"
        elif name not in reach or name in module.procedures:
            yield from _wrong_count(text, match, module, modules, shared)


def _called(text: str, end: int) -> bool:
    return text[end:].lstrip().startswith("(")


def _wrong_count(
    text: str,
    match: re.Match[str],
    module: Module,
    modules: Mapping[str, Module],
    shared: Mapping[str, list[str]],
) -> Iterator[str]:
    name = match["name"].lower()
    if name in module.variables:
        return
    procedure = module.procedures.get(name)
    if procedure is None and name in shared:
        procedure = modules[shared[name][0].lower()].procedures.get(name)
        if procedure is None:
            return
    limits = (procedure.least, procedure.most) if procedure else BUILT_IN.get(name)
    given = arguments_of(text, match.start(), match.end())
    if limits is None or given is None:
        return
    if not limits[0] <= given <= limits[1]:
        yield f"{match['name']} is given {given} arguments"


def _types(text: str) -> list[str]:
    """The types that a line names; `Open ... As` names a file's number."""
    return [] if re.match(r"\s*Open\b", text, re.I) else _TYPE.findall(text)


def _blocks(pieces: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Blocks that are not closed, or closed by another's end."""
    open_: list[tuple[str, int]] = []
    for number, text in pieces:
        for kind, pattern in _CLOSES.items():
            if pattern.match(text):
                if not open_ or open_[-1][0] != kind:
                    yield number, f"{text.strip()} closes nothing"
                else:
                    open_.pop()
        open_ += [(kind, number) for kind, pattern in _OPENS.items() if pattern.match(text)]
    for kind, number in open_:
        yield number, f"the block {kind} is not closed"


# --- limits -------------------------------------------------------------------------------------


def _too_long(text: str) -> Iterator[tuple[int, str]]:
    continued = size = start = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            yield number, f"a line of {len(line)} characters"
        try:
            line.encode("cp1252")
        except UnicodeEncodeError as error:
            yield number, f"{line[error.start]!r} is not in the code page of VBA"
        continued = continued + 1 if line.rstrip().endswith(" _") else 0
        if continued == MOST_CONTINUATIONS + 1:
            yield number, f"more than {MOST_CONTINUATIONS} continuations"
        if _PROCEDURE.match(line):
            start, size = number, 0
        size += len(line) + 2
        if _END.match(line) and size > LARGEST_PROCEDURE:
            yield start, f"a procedure of {size:,} bytes"


def main() -> int:
    """Check the modules of both workbooks; 1 where there is a fault."""
    from smarketing_xl.i18n import LANGUAGES
    from workbook.vba_project import CLASSES, modules

    faults = [fault for language in LANGUAGES for fault in check(modules(language), CLASSES)]
    print("\n".join(map(str, faults)) or "no faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
