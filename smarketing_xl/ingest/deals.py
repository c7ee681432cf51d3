"""What every CRM says otherwise about a deal, said in one way."""

from __future__ import annotations

import numpy as np
import polars as pl

from smarketing_xl.outcomes.stages import status_of_stages

_ADDRESS = r"([^\s(<;,]+@[^\s)>;,]+)"


def complete_deals(frame: pl.DataFrame) -> pl.DataFrame:
    """Deals with their status, and their date where it belongs.

    A status that is blank is told by the stage ("Closed Won", "Perdida"). Most CRMs have one date:
    of a deal that is over it is when it closed, of an open one when it shall. A probability of 60
    is 60 %. Of a contact such as "Ana Vera (ana@firm.com)" the address is kept.
    """
    if "stage" in frame or "status" in frame:
        stage = frame["stage"].cast(pl.String) if "stage" in frame else _blank(frame)
        by_stage = status_of_stages(np.array(stage.to_list(), dtype=object))
        own = frame["status"].cast(pl.String) if "status" in frame else _blank(frame)
        status = own.fill_null(pl.Series(by_stage.tolist(), dtype=pl.String))
        frame = frame.with_columns(status=status)
        over = status.is_in(["won", "lost"])
        expected, closed = (
            frame[key].cast(pl.Datetime("us")) if key in frame else _blank(frame, pl.Datetime("us"))
            for key in ("expected", "closed")
        )
        never = _blank(frame, pl.Datetime("us"))
        frame = frame.with_columns(
            expected=expected.fill_null(closed).zip_with(~over, expected),
            closed=closed.fill_null(expected).zip_with(over, never),
        )
    if "probability" in frame:
        chance = frame["probability"]
        scale = 100.0 if (chance.max() or 0) > 1 else 1.0  # type: ignore[operator]
        frame = frame.with_columns(probability=chance / scale)
    for key, pattern in (("email", _ADDRESS), ("lead_id", r"^\s*([^\s;,]+)")):
        if key in frame:
            frame = frame.with_columns(frame[key].cast(pl.String).str.extract(pattern).alias(key))
    return frame


def _blank(frame: pl.DataFrame, kind: pl.DataType | None = None) -> pl.Series:
    return pl.repeat(None, len(frame), dtype=kind or pl.String(), eager=True)
