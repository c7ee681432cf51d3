"""The thinnest stand-in for pywin32 under which the server of xlwings runs unmodified.

It says what pywin32 says about values: what a VBA value is in Python, and which Python values may
go back. Nothing here knows Smarketing.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

MISSING = -2147352572  # what pywin32 makes of an argument left out
IID_DISPATCH = "{00020400-0000-0000-C000-000000000046}"
IID_RANGE = "{00020846-0000-0000-C000-000000000046}"


class ComError(Exception):
    hresult = -2147352567


class Dispatched:
    """An object of Excel as pywin32 hands it over: its type can be asked."""

    def __init__(self, target: Any, iid: str = IID_DISPATCH) -> None:
        self._target = target
        kind = SimpleNamespace(iid=iid)
        info = SimpleNamespace(
            GetTypeAttr=lambda: kind, GetDocumentation=lambda number: (type(target).__name__,)
        )
        self._oleobj_ = SimpleNamespace(GetTypeInfo=lambda: info)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)


class Served:
    """A Python object as COM clients hold it: util.wrap made it, util.unwrap opens it."""

    def __init__(self, target: Any) -> None:
        self.target = target


def wrap(target: Any, iid: object = None) -> Served:
    return Served(target)


def unwrap(served: Any) -> Any:
    if not isinstance(served, Served):
        raise ComError("not a Python object")
    return served.target


def carried(value: Any) -> Any:
    """A Python value on its way to VBA. Raises for what pywin32 cannot turn into a VARIANT."""
    if (
        value is None
        or type(value) in (bool, int, float, str, dt.datetime)
        or isinstance(value, Served)
    ):
        return value
    if type(value) in (list, tuple):
        return tuple(carried(item) for item in value)
    raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a VARIANT")


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    sys.modules[name] = module
    _STANDING_IN.add(name)
    return module


def install() -> None:
    """Put the stand-in where `import pythoncom` and its like look."""
    iid = str
    _module("pywintypes", IID=iid, com_error=ComError, error=ComError, TimeType=dt.datetime)
    _module(
        "pythoncom",
        __file__=None,
        CoInitialize=lambda: None,
        IID_IDispatch=IID_DISPATCH,
        IID_IEnumVARIANT="{00020404-0000-0000-C000-000000000046}",
        TypeIIDs={IID_DISPATCH: type("PyIDispatch", (), {})},
        com_error=ComError,
        ole_error=ComError,
    )
    for name in ("win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone"):
        _module(name)
    client = _module(
        "win32com.client",
        CDispatch=type("CDispatch", (), {}),
        CoClassBaseClass=object,
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
        Dispatch=lambda target, **_: target,
        DispatchEx=lambda target, **_: target,
    )
    util = _module("win32com.server.util", wrap=wrap, unwrap=unwrap)
    policy = _module("win32com.server.policy", DefaultPolicy=object)
    dispatcher = _module("win32com.server.dispatcher")
    server = _module("win32com.server", util=util, policy=policy, dispatcher=dispatcher)
    _module("win32com", client=client, server=server)


class _AnyLibrary:
    """A DLL of Windows that is asked for at import and never called."""

    def __getattr__(self, name: str) -> Any:
        return _AnyLibrary()

    def __call__(self, *args: Any) -> Any:
        return _AnyLibrary()


@contextmanager
def server() -> Iterator[Any]:
    """xlwings.com_server, unmodified, as `xlwings.serve()` starts it in Excel on Windows.

    What xlwings sets up when it is imported on Windows (its decorators, its engine) stands while
    the context lasts; afterwards nothing of it is left.
    """
    import xlwings

    modules = dict(sys.modules)
    before = dict(vars(xlwings))
    sys.modules.pop("udfs.excel", None)
    try:
        install()
        _import_windows_parts()
        udfs = sys.modules["xlwings.udfs"]
        xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
        xlwings.engines = type(xlwings.engines)()
        xlwings.engines.add(xlwings.Engine(impl=sys.modules["xlwings._xlwindows"].engine))
        yield sys.modules["xlwings.com_server"].XLPython()
    finally:
        for name in {*_STANDING_IN, "udfs.excel", *(f"xlwings.{part}" for part in _PARTS)}:
            sys.modules.pop(name, None)
            if name in modules:
                sys.modules[name] = modules[name]
        for name in set(vars(xlwings)) - set(before):
            delattr(xlwings, name)
        vars(xlwings).update(before)


_PARTS = ("_xlwindows", "com_server", "udfs")
_STANDING_IN: set[str] = set()


def _import_windows_parts() -> None:
    kept = {name: getattr(ctypes, name, None) for name in ("windll", "oledll", "PyDLL")}
    try:
        for name in kept:
            setattr(ctypes, name, _AnyLibrary())
        for part in _PARTS:
            importlib.import_module(f"xlwings.{part}")
    finally:
        for name, library in kept.items():
            if library is None:
                delattr(ctypes, name)
            else:
                setattr(ctypes, name, library)
