"""Smarketing XL in a Python of another version than LibreOffice's: a process started on demand.

It ends with LibreOffice, whose end closes its pipes.
"""

import operator
import os
import subprocess
from pathlib import Path

import uno

from smarketing_calc.wire import Link

HERE = Path(__file__).resolve().parents[1]

DONE_HERE = {
    "get": getattr,
    "set": setattr,
    "call": lambda called, given: called(*given),
    "list": list,
    "len": len,
    "item": operator.getitem,
}


class Outside:
    """Answers as udfs.calc does. `where`: that Python and its packages."""

    def __init__(self, where):
        self._where = where
        self._process = self._link = None

    def answer(self, name, cells, language):
        return self._ask("answer", name, cells, language)

    def press(self, name, document, given, escape):
        try:
            return self._open().ask("press", name, document, given, escape)
        except (EOFError, OSError):
            self._close()
            raise
        finally:
            if self._link is not None:
                self._link.forget()

    def saving(self, document, path):
        self._ask("saving", document, path)

    def saved(self, document, path, language):
        return self._ask("saved", document, path, language)

    def _ask(self, *question):
        """Once more where the process is gone: these questions change no document."""
        try:
            return self._open().ask(*question)
        except (EOFError, OSError):
            self._close()
            return self._open().ask(*question)

    def _open(self):
        if self._link is None:
            self._process = subprocess.Popen(
                [self._where["python"], "-m", "smarketing_calc.process", *self._where["paths"]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._link = Link(self._process.stdout, self._process.stdin, _do, shared=uno)
        return self._link

    def _close(self):
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = self._link = None


def _do(operation, *given):
    return DONE_HERE[operation](*given)


def _environment():
    """Without what leads to LibreOffice's own Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": str(HERE)}
