"""Journeys from touches in DuckDB, more of them than memory holds: part after part in memory.

One pass lays touches and ends out in files of a private folder, all of a lead in the same part, by
a hash of its ID. Each part is then worked on as data in memory is, and the journeys of all parts
stand in the order that they would have had there: every number is the same, those of chance too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import narwhals as nw

from smarketing_xl.attribution.columns import no_times
from smarketing_xl.attribution.journeys_eager import portion
from smarketing_xl.attribution.portions import joined
from smarketing_xl.attribution.settings import JourneyRules
from smarketing_xl.attribution.types import Journeys
from smarketing_xl.files import private_folder
from smarketing_xl.progress import steps
from smarketing_xl.results import literal, quoted

Frame = nw.LazyFrame[Any]
PARTS = 64
AT_ONCE = 1_500_000
"""Touches worked on together, in parts that are read together as far as they are small."""

AS_PARQUET = (
    "FORMAT parquet, PARTITION_BY (part), COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000"
)
"""What costs the processor least: read once, the files need not be small."""

SETTINGS = {
    "enable_progress_bar": "true",
    "enable_progress_bar_print": "false",
    "partitioned_write_flush_threshold": 131_072,  # rows kept in memory
}
TOUCH = ("lead_id", "time", "channel", "campaign", "kind", "by")
END = ("lead_id", "time", "won", "revenue", "margin", "created", "deal_created")
TYPES = {"won": "BOOLEAN", "revenue": "DOUBLE", "margin": "DOUBLE"}


@dataclass(frozen=True)
class Parts:
    """Touches and ends in files by lead."""

    folder: Path

    def journeys(self, rules: JourneyRules) -> Journeys:
        """Journeys, one row each, as from data in memory."""
        wanted = ("channel", "kind") if rules.by == "channel" else ("campaign",)
        some = max(1, PARTS * AT_ONCE // max(self._rows(), 1))
        runs = [range(PARTS)[at : at + some] for at in range(0, PARTS, some)]
        portions = []
        with steps(len(runs)) as step:
            for run in runs:
                step()
                touches = self._read("touches", run, ("lead_id", "time", *wanted, "by", "row"))
                ends = self._read("ends", run, (*END, "row")).sort("row")  # money adds up alike
                portions.append(portion(touches, ends, rules))
        return joined(portions, rules)

    def _rows(self) -> int:
        import polars as pl

        return int(pl.scan_parquet(self._files("touches")).select(pl.len()).collect().item())

    def _files(self, name: str, parts: Iterable[int] = range(PARTS)) -> list[Path]:
        """Those of some parts; the first has no rows, and the columns of parts without any."""
        within = ((self.folder / name / f"part={part}").glob("*.parquet") for part in parts)
        return [self.folder / f"{name}.parquet", *chain.from_iterable(within)]

    def _read(self, name: str, parts: Iterable[int], columns: tuple[str, ...]) -> nw.DataFrame[Any]:
        import polars as pl

        files = self._files(name, parts)
        known = pl.read_parquet_schema(files[0])
        asked = [column for column in columns if column in known]
        rows = pl.read_parquet(files, columns=asked, hive_partitioning=False)
        return nw.from_native(rows, eager_only=True)


@contextmanager
def laid_out(interactions: Frame, conversions: Frame) -> Iterator[Parts]:
    """Touches and ends in DuckDB, by lead in a folder that is gone afterwards.

    Raises WrongType for times that are none.
    """
    for frame in (interactions, conversions):
        dtype = frame.collect_schema()["time"]
        if not isinstance(dtype, nw.Date | nw.Datetime):
            raise no_times("time", dtype)
    key = _key(*(frame.collect_schema()["lead_id"] for frame in (interactions, conversions)))
    with private_folder() as folder, steps(2) as step:
        for name, frame, columns in (
            ("touches", interactions, TOUCH),
            ("ends", conversions, END),
        ):
            step()
            _lay_out(frame, columns, key, folder / name)
        yield Parts(folder)


def _key(one: nw.dtypes.DType, other: nw.dtypes.DType) -> str:
    """What is the same, as SQL, for IDs that are the same in memory (see columns.leads)."""
    if one.is_numeric() and other.is_numeric():
        return "lead_id::DOUBLE"
    if one == other:
        return "lead_id"
    return r"regexp_replace(lead_id::VARCHAR, '\.0$', '')"


def _lay_out(frame: Frame, columns: tuple[str, ...], key: str, folder: Path) -> None:
    """The columns that there are, with `row`, the number of the row; blank IDs go to any part."""
    have = frame.collect_schema().names()
    rows = frame.to_native().project(
        ", ".join(
            [
                f"{quoted(name)}::{TYPES[name]} AS {name}" if name in TYPES else quoted(name)
                for name in columns
                if name in have
            ]
            + ["row_number() OVER () AS row"]
        )
    )
    rows.limit(0).write_parquet(str(folder.with_suffix(".parquet")))
    part = f"CASE WHEN lead_id IS NULL THEN hash(row) ELSE hash({key}) END % {PARTS} AS part"
    _write(rows.project(f"*, {part}"), folder)


def _write(rows: Any, folder: Path) -> None:
    """Write the parts, telling how far that is, and stop where whoever watches stops."""
    import duckdb

    connection = duckdb.default_connection()
    for name, value in SETTINGS.items():
        connection.execute(f"SET {name} = {value}")
    order = f"COPY (FROM laid_out) TO {literal(str(folder))} ({AS_PARQUET})"
    with ThreadPoolExecutor(1) as beside, steps(100) as step:
        writing = beside.submit(rows.query, "laid_out", order)
        try:
            told = 0
            while wait([writing], 0.2).not_done:
                while told < min(connection.query_progress(), 100):
                    step()
                    told += 1
        except BaseException:
            while wait([writing], 0.1).not_done:
                connection.interrupt()
            raise
        writing.result()
