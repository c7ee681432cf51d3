"""What the file host does not have says so, by name."""

from __future__ import annotations

from typing import NoReturn

from smarketing_xl.texts import _


class Unbuilt:
    """Base of the engine's objects: whatever is not defined is not built."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(
            _("{object}.{name} is not available for a workbook file").format(
                object=type(self).__name__, name=name
            )
        )
