"""Journeys from interactions and what became of the leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import narwhals as nw

from smarketing_xl.attribution.journeys_eager import eager_journeys
from smarketing_xl.attribution.settings import By, JourneyRules
from smarketing_xl.attribution.types import Journeys
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _

__all__ = ["By", "JourneyRules", "Journeys", "build_journeys"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def build_journeys(interactions: Any, conversions: Any, **settings: Any) -> Journeys:
    """The touches of each lead in order, cut wherever the lead was won or lost.

    interactions: a frame of lead_id, time, channel, campaign, kind, by (pandas, Polars, DuckDB or
    Spark; the last three columns may be missing). Rows with `by` filled are follow-ups by sales and
    no touches; a touch without a channel goes by its kind (a call, an event).
    conversions: a frame of the same home or of pandas: lead_id, time, and if known won (yes: a
    sale, the default; no: the lead was lost), revenue, margin. A lead may have several. A time at
    midnight is a day, and means its end.
    settings: the fields of `JourneyRules`; as_of must be given. What is left out is counted in
    `.dropped` and said in `.notes`.
    Raises BadData for a missing column, WrongType for times that are none.
    """
    rules = JourneyRules(**settings)
    with ready(interactions, conversions) as make:
        return make(rules)


@contextmanager
def ready(interactions: Any, conversions: Any) -> Iterator[Callable[[JourneyRules], Journeys]]:
    """What makes journeys by one rule after another: touches in DuckDB are sorted by lead once.

    interactions, conversions: as `build_journeys` takes them. Raises what that raises.
    """
    touches: Frame = nw.from_native(interactions)
    ends: Frame = nw.from_native(conversions)
    _require(touches, ("lead_id", "time"), _("interactions"))
    _require(ends, ("lead_id", "time"), _("conversions"))
    if not isinstance(touches, nw.LazyFrame):
        here = ends.collect(backend="pandas") if isinstance(ends, nw.LazyFrame) else ends
        yield lambda rules: eager_journeys(touches, here, rules)
        return
    from smarketing_xl.attribution.sources import beside

    there = beside(touches, ends)
    if touches.implementation.is_duckdb():
        from smarketing_xl.attribution.journeys_parts import laid_out

        with laid_out(touches, there) as parts:
            yield parts.journeys
    else:
        from smarketing_xl.attribution.journeys_lazy import lazy_journeys

        yield lambda rules: lazy_journeys(touches, there, rules)


def _require(frame: Frame, wanted: tuple[str, ...], of: str) -> None:
    have = frame.collect_schema().names()
    faults = [
        Fault(
            _("There is no column {column} in the {table}").format(column=column, table=of),
            _("Add it"),
            column=column,
        )
        for column in wanted
        if column not in have
    ]
    if faults:
        raise BadData(faults)
