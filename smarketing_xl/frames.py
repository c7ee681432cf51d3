"""Data frames of any kind as arrays and back: pandas, Polars, or a lazy table such as DuckDB's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from numpy.typing import NDArray

from smarketing_xl.arrays import Flags, Floats, Moments, Texts


class Columns:
    """The columns of a frame as arrays; a column that is not there is blank."""

    def __init__(self, native: IntoFrame, *names: str) -> None:
        frame = nw.from_native(native)
        there = [name for name in names if name in frame.collect_schema().names()]
        chosen = frame.select(there or frame.collect_schema().names()[:1])
        collected = chosen.collect("pandas") if isinstance(chosen, nw.LazyFrame) else chosen
        self._columns = {name: collected[name].to_numpy() for name in there}
        self.rows = len(collected)

    def texts(self, name: str) -> Texts:
        """A column as texts, blanks (spaces alone too) as None. name: one given at the start."""
        if name not in self._columns:
            return np.full(self.rows, None, dtype=object)
        column = self._columns[name]
        if column.dtype != object:
            column = pd.Series(column).astype(object).to_numpy()
        out: Texts = column.copy()
        spaces = [isinstance(cell, str) and (not cell or cell.isspace()) for cell in out]
        out[pd.isna(out) | np.array(spaces, dtype=np.bool_)] = None
        return out

    def times(self, name: str) -> Moments:
        """Times as datetime64[us], blanks as NaT."""
        return pd.to_datetime(self._given(name)).to_numpy().astype("datetime64[us]")

    def flags(self, name: str) -> Flags:
        """A column as yes and no: True where the cell is true, blanks False."""
        return self._given(name).eq(True).to_numpy(dtype=np.bool_, na_value=False)

    def numbers(self, name: str) -> Floats:
        """A column as floats, blanks as NaN. Raises ValueError where a cell is no number."""
        return pd.to_numeric(self._given(name)).to_numpy(dtype=np.float64, na_value=np.nan)

    def _given(self, name: str) -> pd.Series[Any]:
        return pd.Series(self._columns.get(name, np.full(self.rows, None, dtype=object)))


def like(native: IntoFrame, columns: Mapping[str, NDArray[Any]]) -> Any:
    """A frame of the same kind (pandas for a lazy one), with the index of a pandas frame."""
    frame = nw.from_native(native)
    if isinstance(native, pd.DataFrame):
        return pd.DataFrame(dict(columns), index=native.index)
    if isinstance(frame, nw.LazyFrame):
        return pd.DataFrame(dict(columns))
    plain = {
        name: column.tolist() if column.dtype == object else column
        for name, column in columns.items()
    }
    return nw.from_dict(plain, backend=frame.implementation).to_native()
