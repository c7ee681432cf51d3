"""LibreOffice itself: where it is installed, how one is started, how one is spoken to."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

from smarketing_xl.errors import WorkbookError
from smarketing_xl.files import private_folder
from smarketing_xl.hosts.base import Named, Unbuilt
from smarketing_xl.i18n import _

PIPE = os.environ.get("SMARKETING_PIPE") or "smarketing"  # where one with our extension answers
PATIENCE = 60.0  # seconds for an office to start
ANSWER = 10.0  # seconds for one that is open to answer
_SETTLED = 10.0  # seconds for an office to end

_PROGRAMS = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice*/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
    "C:/Program Files (x86)/LibreOffice/program",
)
_PIPE_FOLDERS = (Path("/tmp"), Path("/var/tmp"))
# Starts a program whose whole group is killed when the other end of its standard input is gone, as
# when our Python was killed; the group's number is nobody else's as long as who waits is in it.
_WATCHED = """exec 3<&0 </dev/null
(read -r gone <&3; rm -f /tmp/OSL_PIPE_*_"$0" /var/tmp/OSL_PIPE_*_"$0"; kill -9 0) &
exec "$@" 3<&-
"""
_UNO_FOLDERS = (
    "/usr/lib/python3/dist-packages",
    "/usr/lib64/python3*/site-packages",
    "/usr/lib/python3*/site-packages",
    "/Applications/LibreOffice.app/Contents/Resources",
)


class CalcObject(Unbuilt):
    """Base of the engine's objects."""

    host = "LibreOffice Calc"


class NamedObject(CalcObject, Named):
    """What Calc keeps under a name: a sheet, a table, a name."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def api(self) -> Any:
        """Calc's own object."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """How formulas and code call it."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.setName(value)
        self._name = value


@dataclass
class Office:
    """A LibreOffice that answers. `process` and `folder`: only where we started it."""

    context: Any
    name: str
    process: subprocess.Popen[bytes] | None = None
    folder: ExitStack | None = None  # holds its throw-away profile, gone when closed
    alone: bool = False  # started for one workbook, and ends with it
    status: str = ""
    shown: str = ""  # the last message or status
    agreed: bool = False  # whether who pressed the button said yes beforehand
    indicator: Any = None  # while a status bar shows a text of ours: its window, and what shows it
    escape: Any = None  # says whether Escape was pressed, while a button works
    desktop: Any = field(init=False)

    def __post_init__(self) -> None:
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        """A new object of a service."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def lives(self) -> bool:
        """Whether it still answers."""
        if self.process is not None and self.process.poll() is not None:
            return False
        try:
            return self.desktop.getFrames() is not None
        except Exception:  # the bridge is gone, in whatever words
            return False

    def quit(self) -> None:
        """End it, without saving; one of ours that does not answer is killed."""
        asking = Thread(target=self._terminate, daemon=True)
        asking.start()
        asking.join(_SETTLED)
        if self.process is not None:
            try:
                self.process.wait(_SETTLED)
            except subprocess.TimeoutExpired:
                _kill(self.process)
            if self.process.stdin is not None:
                self.process.stdin.close()
        if self.folder is not None:
            with suppress(OSError):
                self.folder.close()

    def _terminate(self) -> None:
        with suppress(Exception):  # it is gone, or goes down while it answers
            self.desktop.terminate()


def program_folder() -> Path | None:
    """The folder of LibreOffice's programs, if there is one on this machine."""
    configured = os.environ.get("SMARKETING_LIBREOFFICE")
    if configured:
        return Path(configured)
    executable = shutil.which("soffice") or shutil.which("libreoffice")
    if executable:
        return Path(executable).resolve().parent
    for pattern in _PROGRAMS:
        for folder in sorted(_matching(pattern), reverse=True):
            if (folder / "soffice").exists() or (folder / "soffice.exe").exists():
                return folder
    return None


def program(name: str) -> Path:
    """A program of LibreOffice. Raises WorkbookError where it is not installed."""
    folder = program_folder()
    for suffix in ("", ".exe"):
        if folder is not None and (folder / f"{name}{suffix}").exists():
            return folder / f"{name}{suffix}"
    raise WorkbookError(
        _("LibreOffice was not found ({program})").format(program=name),
        _("Install LibreOffice Calc, or set SMARKETING_LIBREOFFICE to its program folder"),
    )


_elsewhere: list[Any] = []


def speak_through(bridge: Any) -> None:
    """Reach LibreOffice through the bridge of another Python."""
    _elsewhere[:] = [bridge]


def uno() -> Any:
    """LibreOffice's bridge to Python. Raises WorkbookError where this Python cannot load it."""
    return _elsewhere[0] if _elsewhere else _imported()


@cache
def _imported() -> Any:
    """The bridge in this Python.

    A distribution's package folder is looked into for this one import only, so that nothing else
    is taken from there.
    """
    folder = program_folder()
    places = [place for pattern in _UNO_FOLDERS for place in _matching(pattern)]
    for place in (None, *([folder] if folder else []), *places):
        bridge = _imported_from(place)
        if bridge is not None:
            bridge._uno_struct__setattr__ = _set_on_struct
            for known in ("Exception", "RuntimeException"):  # made before
                bridge.getClass(f"com.sun.star.uno.{known}").__setattr__ = _set_on_struct
            return bridge
    raise WorkbookError(
        _("This Python ({version}) cannot speak to LibreOffice").format(
            version=f"{sys.version_info.major}.{sys.version_info.minor}"
        ),
        _("Install python3-uno, and use a Python of the same version as LibreOffice's"),
    )


def _imported_from(place: Path | None) -> Any:
    try:
        if place is not None:
            sys.path.append(str(place))
        importlib.import_module("unohelper")
        return importlib.import_module("uno")
    except ImportError:  # not there, or another Python's
        return None
    finally:
        if place is not None:
            sys.path.remove(str(place))


def _set_on_struct(self: Any, name: str, value: object) -> None:
    """LibreOffice's own refuses `__traceback__`, so that its errors break `with` statements."""
    if name.startswith("__"):
        object.__setattr__(self, name, value)
    else:
        setattr(self.__dict__["value"], name, value)


def struct(name: str, **fields: object) -> Any:
    """A structure of LibreOffice's, with fields set."""
    made = uno().createUnoStruct(name)
    for field_name, value in fields.items():
        setattr(made, field_name, value)
    return made


def enum(kind: str, name: str) -> Any:
    """A value of one of LibreOffice's enumerations."""
    return uno().Enum(kind, name)


def arguments(**values: object) -> tuple[Any, ...]:
    """Named values as LibreOffice takes them."""
    return tuple(
        struct("com.sun.star.beans.PropertyValue", Name=name, Value=value)
        for name, value in values.items()
    )


def connect(pipe: str | None = None, *, port: int | None = None, wait: float = 0.0) -> Office:
    """The LibreOffice that answers on a named pipe or a port of this machine.

    wait: how many seconds to try. Raises WorkbookError when nobody answers in time, and where the
    pipe is another user's, who would get whatever is filled there.
    """
    bridge = uno()
    where = f"socket,host=127.0.0.1,port={port}" if port else f"pipe,name={pipe or PIPE}"
    url = f"uno:{where};urp;StarOffice.ComponentContext"
    local = bridge.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + wait
    while True:
        try:
            if not port:
                check_pipe(pipe or PIPE)
            return Office(_in_time(partial(resolver.resolve, url)), where)
        except WorkbookError:
            raise
        except Exception as error:  # NoConnectException, whose class exists only with LibreOffice
            if time.monotonic() >= until:
                raise WorkbookError(
                    _("No LibreOffice answers ({where})").format(where=where),
                    _("Open the workbook in LibreOffice with the extension installed"),
                ) from error
            time.sleep(0.05)


def check_pipe(name: str) -> None:
    """WorkbookError where the pipe of that name is not this user's own; closed to others if it is.

    On Unix it is a socket in a folder that every user may write to, so anybody may have made it.
    On Windows the system keeps the pipes of users apart.
    """
    if not hasattr(os, "geteuid"):
        return
    for folder in _PIPE_FOLDERS:
        for place in (folder / f"OSL_PIPE_{os.geteuid()}_{name}", folder / f"OSL_PIPE_{name}"):
            with suppress(FileNotFoundError):
                status = place.lstat()
                if status.st_uid != os.geteuid() or not stat.S_ISSOCK(status.st_mode):
                    raise WorkbookError(
                        _("{place} belongs to another user of this computer").format(place=place),
                        _("Update the file instead: --host file"),
                    )
                if status.st_mode & 0o077:
                    place.chmod(0o600)


def _in_time(ask: Callable[[], Any]) -> Any:
    """An answer of LibreOffice. Raises WorkbookError where it is frozen, and what it raises."""
    answers: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(ask())
        except BaseException as error:
            errors.append(error)

    asking = Thread(target=run, daemon=True)
    asking.start()
    asking.join(ANSWER)
    if errors:
        raise errors[0]
    if not answers:
        raise WorkbookError(
            _("LibreOffice does not answer"),
            _("Answer what it asks, or end it; or update the file: --host file"),
        )
    return answers[0]


def start(
    profile: Path | None = None,
    *,
    pipe: str | None = None,
    options: tuple[str, ...] = (),
    reachable: str = "",
) -> Office:
    """A LibreOffice of our own, without windows.

    profile: the folder of its user profile; a throw-away one by default. options: further
    command-line options. reachable: the pipe on which its extension lets others in; none by
    default, so that nobody takes it for one with a user before it. Where this Python is killed, it
    ends too (on Windows it stays), and the next run removes the throw-away profile.
    """
    pipe = pipe or f"smarketing-{uuid4().hex[:12]}"
    environment = _environment() | {"SMARKETING_PIPE": reachable}
    with ExitStack() as folder:
        if profile is None:
            profile = folder.enter_context(private_folder())
            environment["TMPDIR"] = str(profile)  # what it makes of a workbook goes with it
        command = [
            str(program("soffice")),
            "--headless",
            "--invisible",
            "--norestore",
            "--nologo",
            "--nodefault",
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            f"--accept=pipe,name={pipe};urp",
            *options,
        ]
        posix = os.name == "posix"
        process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHED, pipe, *command] if posix else command,
            stdin=subprocess.PIPE if posix else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
            umask=0o077 if posix else -1,  # the pipe is nobody else's
        )
        try:
            office = connect(pipe, wait=PATIENCE)
        except BaseException:
            _kill(process)
            raise
        office.process, office.folder = process, folder.pop_all()
    return office


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End an office that does not go by itself: the program started, and the one it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment() -> dict[str, str]:
    """Ours without what would lead LibreOffice's Python to the standard library of another one.

    A distribution's LibreOffice finds that library through the first `python3` on PATH: in a
    virtual environment one built elsewhere, on which its extensions fail.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and not name.endswith("_TOKEN")  # a CRM's is not its
    }
    return kept if os.name == "nt" else {**kept, "PATH": os.defpath}


def _matching(pattern: str) -> list[Path]:
    root = Path(pattern).anchor or "."
    return [path for path in Path(root).glob(str(Path(pattern).relative_to(root))) if path.exists()]
