"""The computer that Excel runs on, as far as the set-up must know it."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Registry = Callable[[str, str], object | None]


@dataclass(frozen=True)
class Machine:
    """system: as sys.platform has it. registry: a value of HKEY_CURRENT_USER or, failing that,
    of HKEY_LOCAL_MACHINE; None where there is none. user_packages: Smarketing was installed with
    pip --user."""

    system: str
    interpreter: Path
    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    registry: Registry = lambda key, name: None
    user_packages: bool = False

    @property
    def setting(self) -> str:
        """The setting of xlwings.conf that names the interpreter on this system."""
        return "INTERPRETER_MAC" if self.system == "darwin" else "INTERPRETER_WIN"

    @property
    def own_settings(self) -> Path:
        """The file in which xlwings looks for the user's own settings, whatever the workbook."""
        if self.system == "darwin":
            return self.home / "Library/Containers/com.microsoft.Excel/Data/xlwings.conf"
        return self.home / ".xlwings" / "xlwings.conf"


def this_machine() -> Machine:
    """The computer this runs on."""
    return Machine(
        sys.platform,
        Path(sys.executable),
        Path.home(),
        dict(os.environ),
        _registry_value,
        Path(__file__).is_relative_to(site.getusersitepackages()),
    )


def _registry_value(key: str, name: str) -> object | None:
    if sys.platform != "win32":
        return None
    import winreg

    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        try:
            with winreg.OpenKey(root, key) as handle:
                return winreg.QueryValueEx(handle, name)[0]
        except OSError:
            continue
    return None
