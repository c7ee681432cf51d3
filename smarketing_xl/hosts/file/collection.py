"""Things in order, found by position or by name, as xlwings' collections want them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from smarketing_xl.hosts.file.unbuilt import Unbuilt

Item = TypeVar("Item", bound="Named")


class Named(Unbuilt):
    """Anything that is found by its name."""

    name: Any


class Collection(Unbuilt, Generic[Item]):
    """Things in order, found by position (from 1) or by name."""

    def _items(self) -> list[Item]:
        raise NotImplementedError

    @property
    def api(self) -> Collection[Item]:
        return self

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items())

    def __contains__(self, key: str | int) -> bool:
        try:
            self(key)
        except (KeyError, IndexError):
            return False
        return True

    def __call__(self, key: str | int) -> Item:
        items = self._items()
        if isinstance(key, int):
            return items[key - 1]
        for item in items:
            if item.name.lower() == key.lower():
                return item
        raise KeyError(key)
