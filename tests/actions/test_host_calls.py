"""How often an action calls its host: in Excel each call goes to another process and back."""

from __future__ import annotations

import datetime as dt
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from smarketing_xl import actions
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.hosts.file.xlwings_api import engine, ranges, tables_and_names
from tests.meeting.script import few

NOW = dt.datetime(2026, 9, 30, 12)
CLASSES = (
    engine.Book, engine.Sheets, engine.Sheet, ranges.Range, tables_and_names.Tables,
    tables_and_names.Table, tables_and_names.Names, tables_and_names.Name,
)  # fmt: skip
MOST = {  # in a workbook whose tables are all filled for the first time
    "plan": 255, "score": 180, "sla": 445, "attribution": 400, "find_duplicates": 75,
    "learn": 170, "check": 870, "undo": 95,
}  # fmt: skip
AGAIN = {"sla": 375, "attribution": 325}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every member of the host's objects that is read, set or called from outside, how often."""
    count: Counter[str] = Counter()
    inside = False

    def counted(name: str, member: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal inside
            if inside:  # the host by itself
                return member(*args, **kwargs)
            count[name] += 1
            inside = True
            try:
                return member(*args, **kwargs)
            finally:
                inside = False

        return call

    for kind in CLASSES:
        for name in dir(kind):
            if name.startswith("_") and name != "__call__":
                continue  # within the host itself
            member = inspect.getattr_static(kind, name)
            where = f"{kind.__name__}.{name}"
            if isinstance(member, property):
                both = (each and counted(where, each) for each in (member.fget, member.fset))
                monkeypatch.setattr(kind, name, property(*both))
            elif callable(member):
                monkeypatch.setattr(kind, name, counted(where, member))
    return count


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    path = make(folder / "book.xlsm")
    with opened(path, "file") as book:
        for kind, file in few(folder).items():
            actions.import_file(book, file, kind)
    return path


@pytest.fixture
def book(filled: Path) -> Iterator[xw.Book]:
    with opened(filled, "file", save=False) as book:
        yield book


@pytest.mark.parametrize("name", MOST)
def test_an_action_calls_its_host_a_bounded_number_of_times(
    book: xw.Book, calls: Counter[str], name: str
) -> None:
    step = getattr(actions, name)
    takes_now = name in ("score", "sla", "attribution", "learn")
    for most in (MOST, AGAIN) if name in AGAIN else (MOST,):
        calls.clear()
        step(book, **({"now": NOW} if takes_now else {}))
        assert calls.total() <= most[name], calls.most_common(12)
        assert calls["Name.name"] == 0
