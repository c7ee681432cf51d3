"""LibreOffice Calc as an engine of xlwings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from smarketing_xl.a1.areas import Area
from smarketing_xl.hosts.calc import windows
from smarketing_xl.hosts.calc.books import Book, Books, Sheet
from smarketing_xl.hosts.calc.office import CalcObject, Office, start
from smarketing_xl.hosts.calc.ranges import Range
from smarketing_xl.hosts.calc.values import PLAIN, SHOWN_ERRORS


class Engine(CalcObject):
    """What xlwings asks of an engine."""

    name = "calc"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(cell: Any, _options: Any) -> Any:
        """A value as ranges take it: blanks as None, numbers of NumPy as Python's."""
        if type(cell) in PLAIN:
            return None if cell != cell or cell == "" else cell
        if isinstance(cell, bool | str | dt.date):
            return None if cell != cell else cell  # NaT is a datetime that does not equal itself
        if hasattr(cell, "item"):
            cell = cell.item()
        return float(cell) if isinstance(cell, int) else None if cell != cell else cell

    @staticmethod
    def clean_value_data(
        rows: Any,
        datetime_builder: Any,
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Values as the caller of xlwings wants them."""

        def clean(cell: Any) -> Any:
            if cell is None:
                return empty_as
            if isinstance(cell, SHOWN_ERRORS):
                return str(cell) if err_to_str else None
            if isinstance(cell, dt.datetime):
                return cell if datetime_builder is dt.datetime else _built(cell, datetime_builder)
            if number_builder is not None and type(cell) is float:
                return number_builder(cell)
            return cell

        if empty_as is None and number_builder is None:
            return [row if set(map(type, row)) <= PLAIN else list(map(clean, row)) for row in rows]
        return [list(map(clean, row)) for row in rows]


def _built(time: dt.datetime, builder: Callable[..., Any]) -> Any:
    return builder(
        year=time.year,
        month=time.month,
        day=time.day,
        hour=time.hour,
        minute=time.minute,
        second=time.second,
        microsecond=time.microsecond,
        tzinfo=None,
    )


class Apps(CalcObject):
    """The LibreOffices we speak to."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._offices: dict[int, Office] = {}

    def keys(self) -> list[int]:
        """A number for each that still answers."""
        for key, office in list(self._offices.items()):
            if not office.lives():
                del self._offices[key]
        return list(self._offices)

    def join(self, office: Office) -> App:
        """Count an office among the apps."""
        for key, known in self._offices.items():
            if known is office or (known.name == office.name and known.lives()):
                return App(self, key, known)
        key = max(self._offices, default=0) + 1
        self._offices[key] = office
        return App(self, key, office)

    def add(
        self, spec: Any = None, add_book: bool = False, xl: Any = None, visible: Any = None
    ) -> App:
        """Start a LibreOffice without windows.

        add_book: open an empty workbook in it. spec, xl, visible: for xlwings; not used.
        """
        app = self.join(start())
        if add_book:
            app.books.add()
        return app

    def __iter__(self) -> Iterator[App]:
        return (self[key] for key in self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def __getitem__(self, pid: int) -> App:
        return App(self, pid, self._offices[pid])


class App(CalcObject):
    """A running LibreOffice, as xlwings knows an application."""

    def __init__(self, apps: Apps, key: int, office: Office) -> None:
        self._apps = apps
        self._key = key
        self.office = office

    @property
    def engine(self) -> Engine:
        """The xlwings engine that the application belongs to."""
        return self._apps.engine

    @property
    def api(self) -> Any:
        """The desktop: LibreOffice's own object for all that is open."""
        return self.office.desktop

    @property
    def pid(self) -> int:
        """The number that tells it from the others (LibreOffice does not say its process)."""
        return self._key

    @property
    def hidden(self) -> bool:
        """Whether documents open without a window, because the office is ours."""
        return self.office.process is not None

    @property
    def visible(self) -> bool:
        """Whether LibreOffice shows windows; NotImplementedError where one without is told to."""
        return not self.hidden

    @visible.setter
    def visible(self, value: bool) -> None:
        if value and self.hidden:
            raise NotImplementedError("An office started without windows stays without")

    @property
    def books(self) -> Books:
        """The spreadsheets that are open in this LibreOffice."""
        return Books(self)

    @property
    def selection(self) -> Range | None:
        """The cells selected in the window in front."""
        book = self.books.active
        controller = book.api.getCurrentController() if book else None
        if book is None or controller is None:
            return None
        chosen = controller.getSelection()
        if not hasattr(chosen, "getRangeAddress"):
            return None
        at = chosen.getRangeAddress()
        area = Area(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1)
        return Range(book.sheets(at.Sheet + 1), area)

    def alert(
        self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: Any
    ) -> str:
        """Say something in a box; which button closed it."""
        return windows.ask(self.office, prompt, title or "", buttons, mode)

    @property
    def status_bar(self) -> str:
        """The text in the status bar of the window in front."""
        return self.office.status

    @status_bar.setter
    def status_bar(self, value: str | bool | None) -> None:
        text = value if isinstance(value, str) else ""
        self.office.status = text
        self.office.shown = text or self.office.shown
        windows.show(self.office, text)

    def escaped(self) -> bool:
        """Redraws the windows; whether Escape was pressed since the button that works now was."""
        if self.office.escape is None:
            return False
        windows.redraw(self.office)
        return bool(self.office.escape.pressed)

    @property
    def display_alerts(self) -> bool:
        """Calc asks nothing of those who drive it from outside."""
        return False

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        """Taken for xlwings; Calc has nothing to switch."""

    @property
    def screen_updating(self) -> bool:
        """Whether windows are redrawn at once."""
        return not any(book.api.hasControllersLocked() for book in self.books)

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        for book in self.books:
            if value and book.api.hasControllersLocked():
                book.api.unlockControllers()
            elif not value and not book.api.hasControllersLocked():
                book.api.lockControllers()

    @property
    def calculation(self) -> str:
        """Whether formulas follow by themselves."""
        book = self.books.active
        automatic = book is None or book.api.isAutomaticCalculationEnabled()
        return "automatic" if automatic else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.api.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        """Calculate every formula anew."""
        for book in self.books:
            book.api.calculateAll()

    def activate(self, steal_focus: bool = False) -> None:
        """Bring it to the front."""

    def settle(self) -> None:
        """End an office that was started for one workbook, once that is closed."""
        if self.office.process is not None and self.office.alone and not len(self.books):
            self.quit()

    def quit(self) -> None:
        """End LibreOffice without saving what is open in it."""
        self.office.quit()

    kill = quit


__all__ = ["App", "Apps", "Book", "Engine", "Sheet"]
