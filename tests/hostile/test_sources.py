"""What a database or a file of Parquet from outside may not do: run what it brings along."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from smarketing_xl.attribution.sources import limited, open_source
from smarketing_xl.errors import BadData


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a table, views that read it, and views that read a file of this computer."""
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in (
            "CREATE TABLE touches(lead_id text, channel text)",
            "INSERT INTO touches VALUES ('1', 'web')",
            "CREATE VIEW good AS WITH t AS (SELECT * FROM touches) "
            "SELECT upper(channel) AS channel FROM t WHERE lead_id IN (SELECT lead_id FROM t)",
            'CREATE VIEW "AS it is"(who, what) AS SELECT * FROM touches',
            f"CREATE VIEW by_function AS SELECT * FROM read_csv('{secret}')",
            f"CREATE VIEW by_path AS SELECT * FROM '{secret}'",
            f"CREATE MACRO m() AS (SELECT max(a) FROM read_csv('{secret}'))",
            "CREATE VIEW by_macro AS SELECT m() AS a FROM touches",
            "CREATE VIEW by_another AS SELECT * FROM good, by_function",
            f"CREATE VIEW inside AS SELECT (SELECT max(a) FROM read_csv('{secret}')) AS a",
        ):
            connection.execute(statement)
    return path


@pytest.mark.parametrize("table", ["touches", "good", "main.good", "AS it is"])
def test_tables_and_views_of_tables_are_read(database: Path, table: str) -> None:
    assert len(open_source(f"duckdb:{database}#{table}").fetchall()) == 1


@pytest.mark.parametrize(
    "view", ["by_function", "by_path", "by_macro", "by_another", "inside", "BY_FUNCTION"]
)
def test_a_view_that_reads_other_files_is_refused(database: Path, view: str) -> None:
    with pytest.raises(BadData, match="more than read tables"):
        open_source(f"duckdb:{database}#{view}")


def test_a_view_without_end_is_stopped(database: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "CREATE VIEW endless AS WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 "
            "FROM t WHERE n < 1e15) SELECT n FROM t"
        )
    source = f"duckdb:{database}#endless"
    with pytest.raises(BadData, match="takes longer"), limited(source, 0.3):
        open_source(source).fetchall()


def test_no_extension_is_loaded_or_fetched_by_itself(database: Path) -> None:
    open_source(f"duckdb:{database}#touches")
    settings = duckdb.sql(
        "SELECT value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', "
        "'autoload_known_extensions', 'allow_community_extensions')"
    ).fetchall()
    assert [value for (value,) in settings] == ["false"] * 3


def test_the_path_of_a_parquet_file_is_no_pattern(tmp_path: Path) -> None:
    duckdb.execute(f"COPY (SELECT 1 AS x) TO '{tmp_path / 'mine.parquet'}'")
    duckdb.execute(f"COPY (SELECT 2 AS x) TO '{tmp_path / 'a1.parquet'}'")
    shutil.move(tmp_path / "mine.parquet", tmp_path / "a[12].parquet")
    assert open_source(f"parquet:{tmp_path / 'a[12].parquet'}").fetchall() == [(1,)]
