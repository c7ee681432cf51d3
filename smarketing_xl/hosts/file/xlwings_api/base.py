"""What the objects of a workbook file share."""

from __future__ import annotations

from typing import Any

from smarketing_xl.hosts.base import Unbuilt
from smarketing_xl.i18n import N_


class FileObject(Unbuilt):
    """Base of the engine's objects."""

    host = N_("a workbook file")

    @property
    def api(self) -> Any:
        """What the object stands on: itself, where there is nothing beneath."""
        return self
