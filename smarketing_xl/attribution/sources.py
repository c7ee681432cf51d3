"""Data that lies outside the workbook: parquet:PATH, duckdb:PATH#TABLE, spark:TABLE.

Names and paths never become part of an SQL text without being quoted as what they are.
"""

from __future__ import annotations

import glob
import json
import os
import re
import socket
import threading
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import narwhals as nw
import pandas as pd

from smarketing_xl.attribution.settings import known_zone
from smarketing_xl.i18n import _
from smarketing_xl.results import PLACES, literal, no_place, quoted

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
FEW = 10_000_000  # rows that are read into memory
OWN = nw.col("lead_id").cast(nw.String).str.strip_chars()
MOST_SECONDS = 1800  # that a source may take
_PATIENCE = 30  # seconds until a server must answer


def open_source(source: str, timezone: str = "UTC") -> Any:
    """The table that a text such as "parquet:clicks/" names; nothing is read yet.

    parquet: a file, or a folder of files at any depth (with Hive partitions as columns).
    duckdb: a database file and a table in it, with its schema if need be; opened read-only.
    spark: a table of the running Spark session's catalogue, or of a new local session.
    timezone: the local time in which times with a zone are read.
    Raises BadData where there is no such thing, OutOfRange for an unknown time zone.
    """
    kind, _colon, place = source.partition(":")
    openers = {"parquet": _parquet, "duckdb": _duckdb, "spark": _spark}
    if kind not in openers or not place:
        raise no_place(_("This names no source of data"), source, _(PLACES))
    if kind != "spark" and find_spec("duckdb") is None:
        remedy = _('Install it: pip install "smarketing-xl[duckdb]"')
        raise no_place(_("DuckDB is not installed"), source, remedy)
    return openers[kind](place, known_zone(timezone))


@contextmanager
def limited(source: str, seconds: float = MOST_SECONDS) -> Iterator[None]:
    """What is asked of DuckDB meanwhile stops after some time: a view may go on for ever.

    Raises BadData then, naming the source.
    """
    if source.startswith("spark") or find_spec("duckdb") is None:
        yield
        return
    import duckdb

    connection, over = duckdb.default_connection(), threading.Event()

    def stop() -> None:
        over.set()
        connection.interrupt()

    alarm = threading.Timer(seconds, stop)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    except Exception as error:
        if not over.is_set():
            raise
        problem = _("It takes longer than {minutes} minutes").format(minutes=round(seconds / 60))
        remedy = _("Save its rows as a table, or give fewer of them")
        raise no_place(problem, source, remedy) from error
    finally:
        alarm.cancel()


def beside(home: nw.LazyFrame[Any], frame: Frame) -> nw.LazyFrame[Any]:
    """A frame brought to where another one lies, so that the two can be joined."""
    if isinstance(frame, nw.LazyFrame):
        return frame
    if home.implementation.is_pyspark() or home.implementation.is_pyspark_connect():
        there: nw.LazyFrame[Any] = nw.from_native(in_spark(frame, home.to_native().sparkSession))
        return there
    lazy: nw.LazyFrame[Any] = frame.lazy(backend=home.implementation)
    return lazy


@contextmanager
def worked_out(*frames: nw.LazyFrame[Any]) -> Iterator[tuple[nw.LazyFrame[Any], ...]]:
    """Frames that are asked several things: Spark keeps their rows meanwhile, once it has them.

    Without that it would think through all that leads to them again for every question, which for
    long chains of them takes longer than the rows.
    """
    kept = [frame.to_native().persist() for frame in frames if frame.implementation.is_spark_like()]
    try:
        yield tuple(map(nw.from_native, kept)) if kept else frames
    finally:
        for frame in kept:
            frame.unpersist()


def in_spark(frame: nw.DataFrame[Any], session: Any) -> Any:
    """A frame in memory as one of a Spark session."""
    return session.createDataFrame(*_rows(frame))


def with_leads(interactions: Any, names: pd.DataFrame) -> Any:
    """Interactions where they lie, those of duplicates and merged leads with the lead they are.

    names: known_as, lead; each ID once, Salesforce's as its 15 characters (matching.plain_ids).
    """
    long = OWN.str.contains("^[A-Za-z0-9]{15}[A-Z0-5]{3}$") & OWN.str.contains("[0-9]")
    return renamed(interactions, names, nw.when(long).then(OWN.str.slice(0, 15)).otherwise(OWN))


def renamed(interactions: Any, names: pd.DataFrame, known_as: nw.Expr = OWN) -> Any:
    """Interactions where they lie, by the leads that IDs stand for.

    names: known_as, lead; each ID once. known_as: under which of them an interaction is looked up.
    """
    frame: nw.LazyFrame[Any] = nw.from_native(interactions).lazy()
    columns = frame.collect_schema().names()
    if "lead_id" not in columns or names.empty:
        return interactions
    known = beside(frame, nw.from_native(names, eager_only=True))
    asked = frame.with_columns(lead_id=OWN, known_as=known_as)
    joined = asked.join(known, on="known_as", how="left")
    others = [name for name in columns if name != "lead_id"]
    return joined.select(*others, lead_id=nw.coalesce("lead", "lead_id")).to_native()


def _rows(frame: nw.DataFrame[Any]) -> tuple[list[tuple[Any, ...]], str]:
    """Plain rows and their types, for Spark: blanks are None there, never not-a-number."""
    rows = zip(
        *([_plain(v) for v in column.to_list()] for column in frame.iter_columns()), strict=True
    )
    columns = (f"`{name}` {_spark_type(dtype)}" for name, dtype in frame.schema.items())
    return list(rows), ", ".join(columns)


def _plain(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value


def _spark_type(dtype: nw.dtypes.DType) -> str:
    if dtype == nw.Boolean:
        return "boolean"
    if dtype.is_numeric():
        return "bigint" if dtype.is_integer() else "double"
    return "timestamp" if dtype.is_temporal() else "string"


def _parquet(place: str, timezone: str) -> Any:
    path = Path(place).expanduser()
    if not path.exists():
        raise no_place(_("There is no such file or folder"), place, _("Check the path"))
    files = [path] if path.is_file() else sorted(path.rglob("*.parquet"))
    if not files:
        raise no_place(_("There is no Parquet file in this folder"), place, _("Check the path"))
    import duckdb

    connection = _session(timezone)
    try:
        return connection.read_parquet(
            [glob.escape(str(file)) for file in files],
            hive_partitioning=path.is_dir(),
            union_by_name=True,
        )
    except duckdb.Error as error:
        raise no_place(str(error).splitlines()[0], place, _("Give Parquet files")) from None


def _duckdb(place: str, timezone: str) -> Any:
    name, _hash, table = place.rpartition("#")
    path = Path(name).expanduser()
    if not name or not table:
        raise no_place(_("This names no table"), place, _(PLACES))
    if not path.is_file():
        raise no_place(_("There is no such file"), name, _("Check the path"))
    import duckdb

    connection = _session(timezone)
    database = _attached(connection, path.resolve())
    parts = [database, *table.split(".")]
    try:
        _check_views(connection, database, table)
        return connection.sql("SELECT * FROM " + ".".join(map(quoted, parts)))
    except duckdb.Error:
        raise no_place(_("There is no such table in the file"), table, _("Check it")) from None


def _spark(place: str, timezone: str) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise no_place(
            _("Spark is not installed"), place, _('Install it: pip install "smarketing-xl[spark]"')
        ) from None
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        _reach(os.environ.get("SPARK_REMOTE", ""))
        session = SparkSession.builder.getOrCreate()
        session.conf.set("spark.sql.session.timeZone", timezone)
    except Exception as error:  # whatever Spark or its server says
        problem = _("Spark does not start, or its server does not answer: {why}").format(
            why=f"{error} ".splitlines()[0].strip()
        )
        remedy = _("Check SPARK_REMOTE and SPARK_HOME, or unset them")
        raise no_place(problem, place, remedy) from None
    try:
        table = session.table(place)
        table.schema  # noqa: B018 - Spark looks the table up only now
    except PySparkException:
        remedy = _("Check its name, and the catalogue that Spark is set up with")
        raise no_place(_("There is no such table"), place, remedy) from None
    return table


def _reach(server: str) -> None:
    """OSError where nobody answers at a Connect server's address: Spark itself would try on and on.

    server: as in SPARK_REMOTE, such as sc://host:15002/;token=….
    """
    address = urlsplit(server)
    if address.scheme == "sc" and address.hostname:
        socket.create_connection((address.hostname, address.port or 15_002), _PATIENCE).close()


def _session(timezone: str) -> Any:
    """DuckDB in this process: frames can only be joined inside one connection."""
    import duckdb

    connection = duckdb.default_connection()
    connection.execute(f"SET TimeZone = {literal(timezone)}")
    for extensions in ("autoinstall_known_extensions", "autoload_known_extensions"):
        connection.execute(f"SET {extensions} = false")
    connection.execute("SET allow_community_extensions = false")
    return connection


_NAME = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_VIEW = re.compile(rf"\s*CREATE\s+VIEW\s+{_NAME}(?:\.{_NAME})*\s*(?:\([^()]*\)\s*)?AS\b", re.I)


def _check_views(connection: Any, database: str, table: str) -> None:
    """BadData where the table is a view that does more than to read tables of its own file.

    A view is a program that comes with the file: it may read other files of this computer, by a
    function, by a path in place of a table, or by a macro.
    """
    views = dict(_catalogue(connection, "lower(view_name), sql FROM duckdb_views()", database))
    own = {
        name
        for (name,) in _catalogue(connection, "lower(table_name) FROM duckdb_tables()", database)
    }
    macros = {
        name
        for (name,) in _catalogue(
            connection, "lower(function_name) FROM duckdb_functions()", database
        )
    }
    todo, seen = [table.rpartition(".")[2].lower()], set[str]()
    while todo:
        view = todo.pop()
        if view in seen or view not in views:
            continue
        seen.add(view)
        select = _VIEW.sub("", views[view], count=1).rstrip("; \n")
        parsed = json.loads(
            connection.execute("SELECT json_serialize_sql(?)", [select]).fetchall()[0][0]
        )
        read = _tables_read(parsed, macros)
        if read is None or not read <= own | set(views):
            raise no_place(
                _("The view {view} does more than read tables of its file").format(view=view),
                table,
                _("Save its rows as a table: CREATE TABLE … AS SELECT"),
            )
        todo += read


def _catalogue(connection: Any, what: str, database: str) -> list[Any]:
    rows: list[Any] = connection.execute(
        f"SELECT {what} WHERE database_name = ? AND NOT internal", [database]
    ).fetchall()
    return rows


def _tables_read(node: Any, macros: Collection[str]) -> set[str] | None:
    """The tables that a parsed query reads, but for its own common tables; None for more."""
    if isinstance(node, list):
        parts = [_tables_read(part, macros) for part in node]
    elif isinstance(node, dict):
        calls = node.get("function_name", "").lower() in macros
        if node.get("error") is True or node.get("type") in ("TABLE_FUNCTION", "SHOW_REF") or calls:
            return None
        parts = [_tables_read(part, macros) for part in node.values()]
        if node.get("type") == "BASE_TABLE":
            parts.append({node.get("table_name", "").lower()})
    else:
        return set()
    if any(part is None for part in parts):
        return None
    common = node.get("cte_map", {}).get("map", []) if isinstance(node, dict) else []
    own = {entry["key"].lower() for entry in common}
    return {name for part in parts for name in part or ()} - own


def _attached(connection: Any, path: Path) -> str:
    """The name under which the database file is open, read-only."""
    import duckdb

    known = connection.execute("SELECT path, database_name FROM duckdb_databases()").fetchall()
    names = dict(known)
    if str(path) in names:
        return str(names[str(path)])
    name = f"source_{len(known)}"
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS {quoted(name)} (READ_ONLY)")
    except duckdb.Error as error:
        problem = str(error).splitlines()[0]
        raise no_place(problem, str(path), _("Close it elsewhere, or check the file")) from None
    return name
