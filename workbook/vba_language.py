"""VBA as text: its words, its conditional compilation, its statements and lists of arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MANY = float("inf")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYWORDS = _words(
    """
    and any as attribute boolean byref byte byval call case close const currency debug decimal
    declare dim do double each else elseif empty end enum erase event exit false for friend function
    get global gosub goto if imp implements in input integer is let like lock long longlong longptr
    loop lset me mod new next not nothing null on open option optional or paramarray preserve print
    private ptrsafe public put raiseevent redim rem resume return rset seek select set single static
    stop sub then to true type typeof until variant wend while with withevents write xor
    """
)
"""Words that cannot be names."""

BUILT_IN: Mapping[str, tuple[float, float] | None] = {
    "abs": (1, 1), "appactivate": (1, 2), "array": (0, MANY), "asc": (1, 1), "ascw": (1, 1),
    "atn": (1, 1), "beep": (0, 0), "cbool": (1, 1), "cdate": (1, 1), "cdbl": (1, 1), "chr": (1, 1),
    "chrw": (1, 1), "choose": (2, MANY), "cint": (1, 1), "clng": (1, 1), "cos": (1, 1),
    "createobject": (1, 2), "cstr": (1, 1), "cvar": (1, 1), "cverr": (1, 1), "dateadd": (3, 3),
    "datediff": (3, 5), "dateserial": (3, 3), "datevalue": (1, 1), "day": (1, 1), "dir": (0, 2),
    "doevents": (0, 0), "environ": (1, 1), "eof": (1, 1), "exp": (1, 1), "filecopy": (2, 2),
    "fix": (1, 1), "format": (1, 4), "freefile": (0, 1), "getattr": (1, 1), "getobject": (0, 2),
    "hex": (1, 1), "hour": (1, 1), "iif": (3, 3), "inputbox": (1, 7), "instr": (2, 4),
    "instrrev": (2, 4), "int": (1, 1), "isarray": (1, 1), "isdate": (1, 1), "isempty": (1, 1),
    "iserror": (1, 1), "ismissing": (1, 1), "isnull": (1, 1), "isnumeric": (1, 1),
    "isobject": (1, 1), "join": (1, 2), "kill": (1, 1), "lbound": (1, 2), "lcase": (1, 1),
    "left": (2, 2), "len": (1, 1), "log": (1, 1), "ltrim": (1, 1), "macscript": (1, 1),
    "applescripttask": (3, 3), "mid": (2, 3), "minute": (1, 1), "mkdir": (1, 1),
    "month": (1, 1), "msgbox": (1, 5), "now": (0, 0), "oct": (1, 1), "randomize": (0, 1),
    "replace": (3, 6), "rgb": (3, 3), "right": (2, 2), "rnd": (0, 1), "round": (1, 2),
    "rtrim": (1, 1), "second": (1, 1), "sendkeys": (1, 2), "setattr": (2, 2), "sgn": (1, 1),
    "shell": (1, 2), "sin": (1, 1), "space": (1, 1), "split": (1, 4), "sqr": (1, 1), "str": (1, 1),
    "strcomp": (2, 3), "strconv": (2, 3), "string": (2, 2), "switch": (2, MANY), "tan": (1, 1),
    "timer": (0, 0), "timeserial": (3, 3), "timevalue": (1, 1), "trim": (1, 1), "typename": (1, 1),
    "ubound": (1, 2), "ucase": (1, 1), "val": (1, 1), "vartype": (1, 1), "weekday": (1, 2),
    "year": (1, 1), "date": None, "time": None, "err": None, "error": None, "vba": None,
}  # fmt: skip
"""Functions and statements of VBA, and how many arguments each takes; None: not counted."""

GLOBAL = _words(
    """
    vbboolean vbcritical vbcr vbcrlf vbdate vbdirectory vbdouble vberror vbexclamation vbinformation
    vbinteger vblf vblong vbnewline vbnullstring vbok vbokonly vbokcancel vbquestion vbstring
    vbempty vbnull vbobject vbarray vbtab vbtextcompare vbbinarycompare vbvariant vbyes vbno
    vbyesno vbobjecterror
    application activecell activesheet activeworkbook thisworkbook range cells rows columns
    worksheets sheets selection workbooks xldown xlup xltoleft xltoright xlcalculationautomatic
    xlcalculationmanual
    access append alias base binary compare explicit len lib line module object output property
    random read shared step text width
    """
)
"""What Excel and VBA offer to every module, and words that mean something in their place only."""

TYPES = _words(
    """
    any boolean byte collection currency date double integer long longlong longptr object single
    string variant range workbook worksheet
    """
)


@dataclass(frozen=True)
class Line:
    """A line with its continuations joined, texts emptied and remarks gone."""

    number: int
    text: str


def logical_lines(source: str, constants: Mapping[str, object]) -> list[Line]:
    """The lines that are compiled where the constants hold."""
    lines: list[Line] = []
    joined, first = "", 0
    for number, line in enumerate(_compiled(source, constants), start=1):
        bare = _bare(line)
        first = first if joined else number
        if bare.rstrip().endswith(" _"):
            joined += bare.rstrip()[:-1]
            continue
        text = joined + bare
        joined = ""
        if text.strip() and not re.match(r"\s*(Attribute|VERSION|BEGIN|END$|MultiUse)\b", text):
            lines.append(Line(first, text))
    return lines


def _bare(line: str) -> str:
    line = re.sub(r'"(?:[^"]|"")*"', '""', line)
    mark = line.find("'")
    line = line[:mark] if mark >= 0 else line
    return re.sub(r"^\s*Rem\b.*", "", line, flags=re.I)


def _compiled(source: str, constants: Mapping[str, object]) -> Iterator[str]:
    """Every line of a source, blank where conditional compilation leaves it out."""
    known = dict(constants)
    taken: list[tuple[bool, bool]] = []  # whether this branch is compiled, whether one was
    for line in source.replace("\r\n", "\n").split("\n"):
        match = re.match(r"\s*#(Const|If|ElseIf|Else|End If)\b(.*)", line, re.I)
        if not match:
            yield line if all(branch for branch, _any in taken) else ""
            continue
        yield ""
        word, rest = match[1].lower(), match[2]
        if word == "const":
            name, _equals, value = rest.partition("=")
            known[name.strip().lower()] = value.split("'")[0].strip().strip('"')
        elif word == "if":
            holds = _holds(rest, known)
            taken.append((holds, holds))
        elif word == "elseif":
            holds = not taken[-1][1] and _holds(rest, known)
            taken[-1] = holds, taken[-1][1] or holds
        elif word == "else":
            taken[-1] = not taken[-1][1], True
        else:
            taken.pop()


def _holds(condition: str, known: Mapping[str, object]) -> bool:
    """A condition of conditional compilation: tests joined by And, or by Or."""
    condition = re.sub(r"\bThen\b.*", "", condition, flags=re.I).strip()
    if alternatives := re.split(r"\s+Or\s+", condition, flags=re.I)[1:]:
        first = re.split(r"\s+Or\s+", condition, flags=re.I)[0]
        return any(_holds(each, known) for each in [first, *alternatives])
    return all(_test(each, known) for each in re.split(r"\s+And\s+", condition, flags=re.I))


def _test(test: str, known: Mapping[str, object]) -> bool:
    """`X`, `Not X`, `X = "text"` or `X >= 15`; what is not known is 0."""
    if match := re.fullmatch(r"Not\s+(\w+)", test, re.I):
        return not _test(match[1], known)
    if match := re.fullmatch(r'(\w+)\s*=\s*"(.*)"', test):
        return known.get(match[1].lower()) == match[2]
    if match := re.fullmatch(r"(\w+)\s*>=\s*(\d+)", test):
        return int(str(known.get(match[1].lower(), 0))) >= int(match[2])
    if re.fullmatch(r"\w+", test):
        return known.get(test.lower(), 0) not in (0, "0", "False")
    raise ValueError(f"conditional compilation by {test!r} is not understood")


def statements(line: str) -> list[str]:
    """The statements of a line: those after `Then` and `Else` and between colons too."""
    if re.match(r"\s*\w+:\s*$", line):
        return [line]
    out: list[str] = []
    depth, start = 0, 0
    for at, letter in enumerate(line):
        depth += (letter == "(") - (letter == ")")
        if letter == ":" and depth == 0 and line[at + 1 : at + 2] != "=":
            out.append(line[start:at])
            start = at + 1
    out.append(line[start:])
    split: list[str] = []
    single = False
    for statement in out:
        match = re.match(r"(\s*(?:Else)?If\b.*\bThen)\s+(\S.*)", statement, re.I)
        single = single or bool(match)
        if match:
            split.append(match[1] + " :")
        rest = match[2] if match else statement
        split += re.split(r"\bElse\b", rest, flags=re.I) if single else [rest]
    return [it for it in split if it.strip()]


def names_declared(declared: str) -> list[str]:
    """`a As Long, b() As String, c = 3` → a, b, c."""
    names = (re.match(r"\s*([A-Za-z_]\w*)", part) for part in _parts(declared))
    return [match[1] for match in names if match]


def parameters_of(rest: str) -> list[tuple[str, bool, bool]]:
    """What follows a procedure's name → name, optional, many, of each parameter."""
    if not rest.lstrip(" $%&!#@").startswith("(") and "(" not in rest:
        return []
    inside = _inside(rest, rest.index("("))
    parameters = []
    for part in _parts(inside):
        words = part.split()
        many = any(word.lower() == "paramarray" for word in words)
        optional = any(word.lower() == "optional" for word in words)
        plain = [w for w in words if w.lower() not in ("optional", "byval", "byref", "paramarray")]
        if plain:
            name = re.match(r"[A-Za-z_]\w*", plain[0])
            if name:
                parameters.append((name[0], optional, many))
    return parameters


def arguments_of(text: str, start: int, end: int) -> int | None:
    """How many arguments a name is given in a statement; None where it is given none there.

    Counted are `name(...)`, and `name ...` or `Call name(...)` at the start of a statement.
    """
    before, after = text[:start].strip(), text[end:]
    if after.lstrip().startswith("("):
        opening = end + after.index("(")
        inside = _inside(text, opening)
        behind = text[opening + len(inside) + 2 :].strip()
        if before == "" and behind[:1] in (",", "&", "+", "-"):  # `name (a), b`
            return len(_parts(after))
        return len(_parts(inside)) if inside.strip() else 0
    if before == "" and after[:1] == " " and not re.match(r"\s*(=|As\b)", after, re.I):
        given = after.strip()
        return len(_parts(given)) if given else 0
    return None


def _inside(text: str, opening: int) -> str:
    depth = 0
    for at in range(opening, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return text[opening + 1 : at]
    return text[opening + 1 :]


def _parts(text: str) -> list[str]:
    """Split at the commas that stand in no parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts if text.strip() else []
