"""Interest: what a lead did lately, apart from who it is (its fit, see `scoring`).

Each interaction is worth points by its kind, and fades: after its half-life, half is left. Points
become a score from 0 to 100 that depends on nobody else's, so that it means the same every month:

    points = sum of points of the kind x 0.5 ^ (days ago / half-life of the kind)
    interest = 100 x (1 - 0.5 ^ (points / 10))       10 points are 50, 20 are 75, 30 are 87.5

Grade and interest together are the rating: A1 fits and wants, A4 fits and sleeps, D1 wants and
does not fit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrameT
from numpy.typing import NDArray

from smarketing_xl.blanks import is_blank
from smarketing_xl.clock import HOUR, microseconds, microseconds_of
from smarketing_xl.errors import BadData, Fault
from smarketing_xl.i18n import _, current_language
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.schema.tables import INTERACTION_KINDS, INTEREST

HALFWAY = 10.0  # points that make an interest of 50
LEVELS = (75.0, 50.0, 25.0)  # interest from which the rating is 1, 2, 3; below: 4


@dataclass(frozen=True)
class Weight:
    """What an interaction of one kind is worth when new, and the days after which half is left."""

    points: float
    half_life: float


WEIGHTS: dict[str, Weight] = {
    "visit": Weight(1, 14),
    "ad": Weight(1, 14),
    "email": Weight(2, 14),
    "message": Weight(5, 30),
    "form": Weight(10, 30),
    "call": Weight(8, 30),
    "event": Weight(8, 60),
    "meeting": Weight(15, 60),
}


def read_weights(frame: pd.DataFrame) -> dict[str, Weight]:
    """The weights of an Interest frame (columns by the keys of `tables.INTEREST`).

    Kinds without a row have the weights above. Raises BadData with every fault.
    """
    faults: list[Fault] = []
    weights = dict(WEIGHTS)
    sheet = frame.attrs.get("sheet")
    for row, cells in zip(frame.index, frame.to_dict("records"), strict=True):
        points, half_life = as_number(cells["points"]), as_number(cells["half_life"])
        wrong = {}
        if is_blank(cells["kind"]) or cells["kind"] not in INTERACTION_KINDS.labels:
            wrong["kind"] = (_("is not in the list"), _("Choose a type of interaction"))
        if points is None or not 0 <= points < np.inf:
            wrong["points"] = (_("is not a number from 0"), _("Type the points, such as 5"))
        if half_life is None or not 0 < half_life < np.inf:
            wrong["half_life"] = (_("is not a number above 0"), _("Type the days, such as 30"))
        faults += [
            Fault(
                *wording,
                sheet,
                row,
                INTEREST[str(key)].title(current_language()),
                _shown(cells[key]),
            )
            for key, wording in wrong.items()
        ]
        if not wrong and points is not None and half_life is not None:
            weights[str(cells["kind"])] = Weight(points, half_life)
    if faults:
        raise BadData(faults)
    return weights


def _shown(cell: object) -> object:
    return None if is_blank(cell) else cell


def interest_scores(
    interactions: IntoFrameT, now: dt.datetime, weights: Mapping[str, Weight] = WEIGHTS
) -> IntoFrameT:
    """The interest of every lead that did something: lead_id, interest (0 to 100).

    interactions: a pandas, Polars, DuckDB or Spark frame; columns by the keys of
    `tables.INTERACTIONS`. Counted: touchpoints (nobody's name under `by`) and meetings, to which
    two come. Not counted: what has no time, lies ahead of `now`, or is of no known kind.
    """
    frame: Any = nw.from_native(interactions)
    kind = nw.col("kind")
    hours = (microseconds_of(now) - microseconds(nw.col("time"))) / HOUR
    frame = frame.select("lead_id", "time", "kind", "by").filter(
        ~nw.col("time").is_null()
        & ~nw.col("lead_id").is_null()
        & (nw.col("time") <= nw.lit(now))
        & (nw.col("by").is_null() | (nw.col("by") == "") | (kind == "meeting"))
    )
    worth = [
        (kind == name).cast(nw.Float64())
        * weight.points
        * (hours * (-np.log(2) / 24 / weight.half_life)).exp()
        for name, weight in weights.items()
    ]
    points = frame.with_columns(_worth=reduce(add, worth)).group_by("lead_id")
    summed = points.agg(_points=nw.col("_worth").sum())
    return summed.select(  # type: ignore[no-any-return]
        "lead_id",
        interest=100.0 - (nw.col("_points") * (-np.log(2) / HALFWAY)).exp() * 100.0,
    ).to_native()


def interest_of(
    leads: pd.DataFrame,
    interactions: pd.DataFrame,
    now: dt.datetime,
    weights: Mapping[str, Weight] = WEIGHTS,
) -> pd.Series[float]:
    """The interest of each lead, in their order; 0 for those that did nothing."""
    scores = interest_scores(interactions, now, weights).set_index("lead_id")["interest"]
    return leads["lead_id"].map(scores).fillna(0.0).astype("float64").rename("interest")


def rating(grades: Sequence[Any], interests: Sequence[float]) -> NDArray[np.object_]:
    """Grade and level of interest in one, such as A1; None where there is no grade.

    >>> rating(["A", "A", "D", None], [80, 10, 50, 99]).tolist()
    ['A1', 'A4', 'D2', None]
    """
    reached = np.searchsorted(np.array(LEVELS[::-1]), np.asarray(interests, float), side="right")
    level = (len(LEVELS) + 1 - reached).astype(str).astype(object)
    names = pd.Series(grades, dtype=object)
    known = names.notna().to_numpy()
    both = names.where(known, "").to_numpy(dtype=object) + level
    return np.asarray(np.where(known, both, None), dtype=object)
