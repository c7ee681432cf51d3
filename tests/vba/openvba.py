"""The workbook's VBA running in pyOpenVBA, an interpreter in Python, with Excel in memory.

Only what xlwings brings is replaced: its XLPy answers through the real server of xlwings, as COM
would carry the values.
"""

from __future__ import annotations

import re
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter._objects import VBAObject, method
from pyopenvba.interpreter._values import (
    EMPTY,
    MISSING,
    VBAArray,
    VBADate,
    VBAErrorValue,
    VBAInt,
    error,
)

from smarketing_xl.i18n import Language
from smarketing_xl.setup.xlwings_module import DICTIONARY
from tests.vba import com
from workbook.vba_project import modules

NUMBERS = {"#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NUM!": 2036, "#N/A": 2042}
ERRORS = {number: text for text, number in NUMBERS.items()}

XLWINGS = """Attribute VB_Name = "xlwings"
Public Function XLPy() As Object
    Set XLPy = CreateObject("xlwings.XLPython").Activated()
End Function

Public Function CoRegisterMessageFilter(ByVal filter As Variant, ByRef before As Variant) As Long
End Function

Public Sub ExecuteMac(command As String, python As String, Optional path As String)
    CreateObject("xlwings.XLPython").ExecuteMac command, python, path
End Sub

Public Function ToPosixPath(ByVal path As String) As String
    ToPosixPath = path
End Function

Public Function GetConfig(ByVal key As String, Optional ByVal default As String = "") As Variant
    GetConfig = CreateObject("xlwings.XLPython").GetConfig(key, default)
End Function

Public Function FileExists(ByVal path As String) As Boolean
    FileExists = CreateObject("xlwings.XLPython").FileExists(path)
End Function
"""


class Server(VBAObject):
    """XLPy as VBA sees it: calls go to the server of xlwings, or fail where there is none."""

    vba_type_name = "XLPython"

    def __init__(self, target: Any, config: dict[str, str] | None = None) -> None:
        self.target = target
        self.config = {"INTERPRETER_WIN": "C:\\Python\\python.exe"} if config is None else config
        self.calls: list[tuple[Any, ...]] = []
        self.looked_up: list[str] = []  # settings and files

    def _call(self, name: str, *args: Any) -> Any:
        self.calls.append((name, *args))
        if self.target is None:
            raise error(1, "Could not load xlwings64.dll")
        return to_vba(com.carried(getattr(self.target, name)(*map(to_python, args))))

    @method
    def CallUDF(self, module: Any, function: Any, args: Any) -> Any:  # noqa: N802
        return self._call("CallUDF", module, function, args)

    @method
    def Module(self, name: Any) -> Any:  # noqa: N802
        return self._call("Module", name)

    @method
    def SetAttr(self, target: Any, name: Any, value: Any) -> Any:  # noqa: N802
        return self._call("SetAttr", target, name, value)

    @method
    def Exec(self, statement: Any) -> Any:  # noqa: N802
        return self._call("Exec", statement)

    @method
    def Activated(self) -> Any:  # noqa: N802
        """The server itself, as the library of xlwings starts it or fails to."""
        if self.target is None:
            self.calls.append(("Activated",))
            raise error(1, "Could not load xlwings64.dll")
        return self

    @method
    def ExecuteMac(self, command: Any, python: Any, path: Any) -> Any:  # noqa: N802
        self.calls.append(("ExecuteMac", str(command), str(python), str(path)))
        return EMPTY

    @method
    def GetConfig(self, key: Any, default: Any) -> Any:  # noqa: N802
        self.looked_up.append(str(key))
        return self.config.get(str(key), str(default))

    @method
    def FileExists(self, path: Any) -> Any:  # noqa: N802
        self.looked_up.append(str(path))
        return str(path) in self.config.values()


class Excel:
    """A workbook open in Excel, with our VBA in it."""

    def __init__(
        self,
        server: Any,
        *,
        mac: bool = False,
        language: Language = "en",
        config: dict[str, str] | None = None,
    ) -> None:
        self.app = ExcelApplication()
        self.book = self.app.add_workbook()
        self.server = Server(server, config)
        self.app.interpreter.host.create = lambda name: self.server  # type: ignore[method-assign]
        self._files: Any = None
        self.escape_breaks_macros = True
        self.status_bar_given_back = False
        self.described: list[dict[str, Any]] = []
        self._answer_for_excel()
        for name, source in modules(language).items():
            if name == DICTIONARY:  # which the module of xlwings needs, left out too
                continue
            text = XLWINGS if name == "xlwings" else _without_help(source)
            if mac:
                text = f"#Const Mac = True\n{text}"
            kind = "document" if name == "ThisWorkbook" else "standard"
            self.app.add_module(text, name=name, kind=kind)

    def _answer_for_excel(self) -> None:
        """What pyOpenVBA leaves out of Application: the cell that asks, file dialogs, Escape."""
        application = self.app.application
        known, settable = application.vba_get, application.vba_set

        def vba_get(name: str, *args: Any, **named: Any) -> Any:
            if name.lower() == "caller":
                return self.book.active_sheet.vba_get("Range", ["B3"])
            if name.lower() in ("getopenfilename", "getsaveasfilename"):
                return self._files
            if name.lower() == "ontime":
                self.status_bar_given_back = True
                return EMPTY
            if name.lower() == "macrooptions":
                self.described.append({key.lower(): shown(value) for key, value in args[1].items()})
                return EMPTY
            return known(name, *args, **named)

        def vba_set(name: str, value: Any, *args: Any, **named: Any) -> None:
            if name.lower() == "enablecancelkey":
                self.escape_breaks_macros = bool(shown(value))
            else:
                settable(name, value, *args, **named)

        application.vba_get = vba_get  # type: ignore[method-assign]
        application.vba_set = vba_set  # type: ignore[method-assign]

    def answer_files(self, answer: str | bool) -> None:
        """What the next file dialog gives: a path, or False where it is closed."""
        self._files = answer

    @property
    def status_bar(self) -> Any:
        return self.app.application.vba_get("StatusBar")

    def formula(self, name: str, *cells: Any) -> Any:
        """What a formula shows for these cells (rows of cells for ranges)."""
        given = [to_vba(cell) for cell in cells]
        return shown(self.app.interpreter.run(name, given))

    def run(self, procedure: str, *args: Any) -> Any:
        return shown(self.app.interpreter.run(procedure, [to_vba(arg) for arg in args]))


def _without_help(source: str) -> str:
    """The code without declarations of libraries and attributes."""
    source = re.sub(r"Private Declare PtrSafe Function \w+ .* _\n.*\n", "\n", source)
    return re.sub(r"(?m)^Attribute \w+\.VB_Description = .*$", "", source)


def to_python(value: Any) -> Any:
    """A VBA value as pywin32 hands it to Python."""
    if value is EMPTY:
        return None
    if value is MISSING:
        return com.MISSING
    if isinstance(value, VBAErrorValue):
        return -2146828288 + value.number
    if isinstance(value, VBADate):
        return value.to_datetime()
    if isinstance(value, VBAArray):
        return _rows(value, to_python)
    if isinstance(value, VBAObject):
        return value.target if isinstance(value, Held) else com.Dispatched(value)
    return int(value) if isinstance(value, VBAInt) else value


class Held(VBAObject):
    """A Python object that VBA only passes on."""

    vba_type_name = "XLPythonObject"

    def __init__(self, target: Any) -> None:
        self.target = target


def to_vba(value: Any) -> Any:
    """A Python value as VBA receives it."""
    if value is None:
        return EMPTY
    if isinstance(value, str) and value in NUMBERS:
        return VBAErrorValue(NUMBERS[value])
    if isinstance(value, com.Served):
        return Held(value)
    if isinstance(value, list | tuple):
        nested = bool(value) and isinstance(value[0], list | tuple)
        if not nested:
            return VBAArray([(0, len(value) - 1)], items=[to_vba(cell) for cell in value])
        height, width = len(value), len(value[0])
        array = VBAArray([(0, height - 1), (0, width - 1)])
        for row in range(height):
            for column in range(width):
                array.items[array.offset([row, column])] = to_vba(value[row][column])
        return array
    return value


def _rows(array: VBAArray, convert: Any) -> tuple[Any, ...]:
    spans = [range(lower, upper + 1) for lower, upper in array.bounds]
    if len(spans) == 1:
        return tuple(convert(array.items[array.offset([at])]) for at in spans[0])
    return tuple(
        tuple(convert(array.items[array.offset([row, column])]) for column in spans[1])
        for row in spans[0]
    )


def shown(value: Any) -> Any:
    """What Excel would show: errors by their texts."""
    if isinstance(value, VBAErrorValue):
        return ERRORS[value.number]
    if isinstance(value, VBAArray):
        return _rows(value, shown)
    return to_python(value)
