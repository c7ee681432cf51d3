"""How far long work is: it tells its steps, and whoever watches shows them, or stops it.

The work knows nobody who watches; where nobody does, telling costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Watch = Callable[[str, float], None]
Step = Callable[..., None]


@dataclass(frozen=True)
class _Part:
    """A part of the whole work: where it begins and how much of it it is, both from 0 to 1."""

    watch: Watch
    what: str = ""
    start: float = 0.0
    size: float = 1.0

    def of(self, count: int, at: int, what: str) -> _Part:
        """One of `count` equal parts of this part."""
        label = ": ".join(filter(None, (self.what, what)))
        return _Part(self.watch, label, self.start + self.size * at / count, self.size / count)


_TENTHS = 10
_under_way: ContextVar[_Part | None] = ContextVar("under way", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Work that `watch` is told of: what is being done, and the share done before (0 to 1).

    Where work is done several times within a step, the share stays until it is passed. It may
    raise errors.Cancelled to stop the work there.
    """
    furthest = 0.0

    def onward(what: str, share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        watch(what, furthest)

    token = _under_way.set(_Part(onward))
    try:
        yield
    finally:
        _under_way.reset(token)


@contextmanager
def steps(count: int) -> Iterator[Step]:
    """Work in `count` steps of about the same length; each is announced, with what it does.

    Steps inside a step are parts of it.

    >>> with watched(lambda what, share: print(f"{share:.0%} {what}")), steps(2) as step:
    ...     step("Reading")
    ...     step("Counting")
    ...     with steps(2) as inner:
    ...         inner("leads")
    ...         inner("sales")
    0% Reading
    50% Counting
    50% Counting: leads
    75% Counting: sales
    """
    whole = _under_way.get()
    begun = iter(range(count))

    def step(what: str = "") -> None:
        at = next(begun)
        if whole is not None:
            part = whole.of(count, at, what)
            _under_way.set(part)
            part.watch(part.what, part.start)

    try:
        yield step
    finally:
        _under_way.set(whole)


@contextmanager
def tenths(total: int) -> Iterator[Callable[[int, str], None]]:
    """Work on so many bytes: told how many are done, it announces each tenth.

    Afterwards the work that this was a part of is announced again.

    >>> with watched(lambda what, share: print(f"{share:.0%} {what}")), steps(1) as step:
    ...     step("Scoring")
    ...     with tenths(20) as after:
    ...         for done in (0, 1, 2):
    ...             after(done, f"{done} bytes read")
    0% Scoring
    0% Scoring: 0 bytes read
    10% Scoring: 2 bytes read
    10% Scoring
    """
    announced = 0
    with steps(_TENTHS) as step:

        def after(done: int, what: str) -> None:
            nonlocal announced
            while announced < min(_TENTHS, done * _TENTHS // total + 1):
                step(what)
                announced += 1

        yield after
    whole = _under_way.get()
    if whole is not None and announced:
        whole.watch(whole.what, whole.start)
