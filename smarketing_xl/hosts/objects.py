"""What every host's objects share: members not built say so, collections find things by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, NoReturn, TypeVar

from smarketing_xl.texts import _

Item = TypeVar("Item", bound="Named")


class Unbuilt:
    """Base of a host's objects: what is not defined is not built, and says so by name."""

    host: ClassVar[str]

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(
            _("{object}.{name} is not available in {host}").format(
                object=type(self).__name__, name=name, host=self.host
            )
        )


class Named(Unbuilt):
    """Anything that is found by its name."""

    name: Any


class Collection(Unbuilt, Generic[Item]):
    """Things in order, found by position (from 1) or by name."""

    def _items(self) -> list[Item]:
        raise NotImplementedError

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
