"""Leads and what they did, in Spark."""

import pandas as pd
import pytest

TYPES = {"float64": "double", "boolean": "boolean", "datetime64[us]": "timestamp_ntz"}


def plain(cell):
    """A cell as Spark takes it: no missing values, times and truths of Python's own types."""
    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime()
    return getattr(cell, "item", lambda: cell)()


@pytest.fixture
def in_spark(spark):
    """A function that brings a pandas frame to Spark, typed column by column."""

    def bring(frame):
        schema = ", ".join(
            f"`{name}` {TYPES.get(str(frame[name].dtype), 'string')}" for name in frame
        )
        cells = [tuple(map(plain, row)) for row in frame.itertuples(index=False)]
        return spark.createDataFrame(cells, schema)

    return bring
