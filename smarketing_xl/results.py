"""Results that go outside the workbook: parquet:PATH, duckdb:PATH#TABLE, spark:TABLE.

A file is made beside its place and put there when it is whole; a table is made in one transaction.
"""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from smarketing_xl.errors import BadData, Fault
from smarketing_xl.files import FileKind, check_target
from smarketing_xl.i18n import N_, _

PLACES = N_("Write parquet:PATH, duckdb:PATH#TABLE or spark:TABLE")
_PARQUET = FileKind("Parquet", (".parquet",), b"PAR1")
_DATABASE = FileKind("DuckDB", (".duckdb", ".db"))


def check_result(place: str, source: str, replace: bool = False) -> None:
    """Raises BadData or WorkbookError where no result may be written to a place.

    source: where its rows come from, in the same words; a result never goes where they lie, and
    what comes from Spark goes to Spark or to Parquet. replace: a file or table there may go.
    """
    kind, where = _parts(place)
    origin = source.partition(":")[0]
    if kind == "spark" or origin == "spark":
        if kind == "duckdb" or origin != "spark":
            problem = _("What lies in Spark stays there, and nothing else goes there")
            raise no_place(problem, place, _("Write it to Parquet, or to a table of Spark"))
        if kind == "parquet" and not replace and Path(where).expanduser().exists():
            remedy = _("Choose another name, or say that it may be replaced: --force")
            raise no_place(_("{path} already exists").format(path=where), place, remedy)
        return
    if find_spec("duckdb") is None:
        remedy = _('Install it: pip install "smarketing-xl[duckdb]"')
        raise no_place(_("DuckDB is not installed"), place, remedy)
    if kind == "parquet":
        path = Path(where).expanduser()
        check_target(path, _PARQUET, source=_file(source), replace=replace)
        return
    path, _table = _database(where)
    check_target(path, _DATABASE, source=_file(source), replace=True)


def write_result(result: Any, place: str, replace: bool = False) -> None:
    """Write a frame to a place that `check_result` let pass.

    result: a DuckDB relation of the default connection, a pandas frame, or a Spark frame. replace:
    a file or table there may go. Raises BadData where a table stands there that may not.
    """
    kind, where = _parts(place)
    if hasattr(result, "sparkSession"):
        _write_from_spark(result, kind, where, replace)
        return
    import duckdb

    rows = result if isinstance(result, duckdb.DuckDBPyRelation) else duckdb.from_df(result)
    if kind == "parquet":
        path = Path(where).expanduser()
        with tempfile.TemporaryDirectory(prefix=".smarketing-", dir=path.parent) as folder:
            made = Path(folder, "result.parquet")
            rows.write_parquet(str(made))
            made.replace(path)
        return
    _write_table(rows, *_database(where), replace)


def quoted(name: str) -> str:
    """A name as SQL text."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as SQL text."""
    return "'" + value.replace("'", "''") + "'"


def no_place(problem: str, value: str, remedy: str) -> BadData:
    """What to raise of a place outside of the workbook."""
    return BadData(Fault(problem, remedy, value=value))


def _parts(place: str) -> tuple[str, str]:
    kind, _colon, where = place.partition(":")
    if kind not in ("parquet", "duckdb", "spark") or not where:
        raise no_place(_("This names no place for a result"), place, _(PLACES))
    return kind, where


def _database(where: str) -> tuple[Path, str]:
    name, _hash, table = where.rpartition("#")
    if not name or not table:
        raise no_place(_("This names no table"), where, _(PLACES))
    return Path(name).expanduser(), table


def _file(source: str) -> Path | None:
    """The file that a source lies in."""
    kind, _colon, where = source.partition(":")
    name = where.rpartition("#")[0] if kind == "duckdb" else where
    path = Path(name).expanduser()
    return path if path.is_file() else None


def _write_table(rows: Any, path: Path, table: str, replace: bool) -> None:
    import duckdb

    connection, is_new = duckdb.default_connection(), not path.exists()
    name = ".".join(map(quoted, ("result", *table.split("."))))
    create = "CREATE OR REPLACE TABLE" if replace else "CREATE TABLE"
    file = str(path.resolve())
    known = connection.execute("SELECT path, database_name FROM duckdb_databases()").fetchall()
    if file in dict(known):  # read from before, and nothing is left to be read
        connection.execute(f"DETACH {quoted(dict(known)[file])}")
    try:
        connection.execute(f"ATTACH {literal(file)} AS result")
    except duckdb.Error as error:
        problem = str(error).splitlines()[0]
        raise no_place(problem, str(path), _("Close it elsewhere, or check the file")) from None
    done = False
    try:
        rows.query("made", f"{create} {name} AS SELECT * FROM made")
        done = True
    except duckdb.CatalogException:
        remedy = _("Choose another name, or say that it may be replaced: --force")
        raise no_place(_("There is such a table already"), table, remedy) from None
    finally:
        connection.execute("DETACH result")
        if is_new and not done:
            path.unlink(missing_ok=True)


def _write_from_spark(result: Any, kind: str, where: str, replace: bool) -> None:
    from pyspark.errors import PySparkException

    writer = result.write.mode("overwrite" if replace else "error")
    try:
        if kind == "parquet":
            writer.parquet(where if "://" in where else str(Path(where).expanduser().absolute()))
        else:
            writer.saveAsTable(where)
    except PySparkException as error:
        remedy = _("Choose another name, or say that it may be replaced: --force")
        raise no_place(str(error).splitlines()[0], where, remedy) from None
