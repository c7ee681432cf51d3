"""Putting the extension into LibreOffice, and taking it out again."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc.office import program
from smarketing_xl.i18n import _

IDENTIFIER = "org.smarketing.xl"
WHERE = "where.json"
_PACKAGE = Path(__file__).resolve().parents[1]
_SHIPPED = (
    _PACKAGE / "setup" / "Smarketing.oxt",
    _PACKAGE.parent / "workbook" / "calc" / "Smarketing.oxt",
)


def install(profile: Path | None = None) -> str:
    """Install the extension, tied to the Python that runs now, for this user; for all, if root.

    profile: the folder of another user profile of LibreOffice; nothing is changed outside of it.
    Answers what was done, in words. Raises WorkbookError where LibreOffice refuses.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder, "Smarketing.oxt")
        file.write_bytes(extension())
        _unopkg("add", "--force", str(file), profile=profile)
    return _("Smarketing is in LibreOffice; it works from the next start on")


def uninstall(profile: Path | None = None) -> str:
    """Take the extension out again."""
    _unopkg("remove", IDENTIFIER, profile=profile)
    return _("Smarketing is no longer in LibreOffice")


def places(profile: Path) -> tuple[str, ...]:
    """What LibreOffice must be started with to find what was installed in a profile's folder."""
    user, shared = profile.resolve().as_uri(), (profile / "shared").resolve().as_uri()
    return (
        f"-env:UserInstallation={user}",
        f"-env:UNO_SHARED_PACKAGES={shared}",
        f"-env:UNO_SHARED_PACKAGES_CACHE={shared}/cache",
    )


def extension() -> bytes:
    """The extension as shipped, with a note of where this Python and its packages are."""
    shipped = next((path for path in _SHIPPED if path.exists()), None)
    if shipped is None:
        raise WorkbookError(
            _("The extension Smarketing.oxt is missing from this installation"),
            _("Install smarketing-xl again, or run python workbook/calc/build.py"),
        )
    stream = io.BytesIO(shipped.read_bytes())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(WHERE, json.dumps(where()))
    return stream.getvalue()


def where() -> dict[str, object]:
    """This Python, its version, and the folders of its packages."""
    standard = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    standard |= {folder / "lib-dynload" for folder in standard}
    elsewhere = {Path.cwd().resolve(), *standard}  # where a command happens to be typed
    folders = [Path(entry).resolve() for entry in sys.path if entry]
    others = [folder for folder in folders if folder.is_dir() and folder not in elsewhere]
    kept = [str(folder) for folder in dict.fromkeys([_PACKAGE.parent, *others])]
    return {"python": sys.executable, "version": list(sys.version_info[:2]), "paths": kept}


def _unopkg(*arguments: str, profile: Path | None) -> None:
    """LibreOffice's own tool. It serves the superuser only for everybody at once."""
    options = [*places(profile)] if profile else []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--shared")
    done = subprocess.run(
        [str(program("unopkg")), *arguments, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        output = (done.stderr or done.stdout).strip()
        raise WorkbookError(
            _("LibreOffice refused: {why}").format(why=output),
            _("Close LibreOffice, and try again"),
        )
