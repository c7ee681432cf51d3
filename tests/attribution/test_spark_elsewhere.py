"""Spark from a terminal: a Connect server of two workers, and a catalogue that outlives its Spark.

Each command runs in a Python of its own, as people run it; the answers are those of the sheets.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from smarketing_xl.actions import duplicates_outside
from smarketing_xl.book.read import read_table
from smarketing_xl.errors import BadData
from smarketing_xl.hosts import opened
from smarketing_xl.sample import AS_OF
from smarketing_xl.schema import tables
from smarketing_xl.schema.model import Table

pytestmark = [
    pytest.mark.timeout(1_200),  # several Sparks start
    pytest.mark.skipif(
        os.name != "posix"
        or find_spec("pyspark") is None
        or not (shutil.which("java") or os.environ.get("JAVA_HOME")),
        reason="Spark needs Java",
    ),
]
STARTS_WITHIN = 180  # seconds
SAVE = (
    "import os, sys\n"
    "from pyspark.sql import SparkSession\n"
    "session = SparkSession.builder.getOrCreate()\n"
    "for name in sys.argv[1:]:\n"
    "    session.read.parquet(os.path.abspath(name + '.parquet')).write.saveAsTable(name)\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What names a Spark Connect server of a cluster of two workers, for as long as it runs."""
    import pyspark

    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "localhost",
        "spark.connect.grpc.binding.port": port,
        "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.ui.enabled": "false",
    }
    command = [
        str(Path(pyspark.__file__).parent / "bin/spark-submit"),
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
        *("--master", "local-cluster[2,1,512]", "--driver-memory", "1g"),
        *(part for key, value in settings.items() for part in ("--conf", f"{key}={value}")),
        "spark-internal",
    ]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not answers(port):
            assert running.poll() is None and time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.5)
        yield {"SPARK_REMOTE": f"sc://localhost:{port}"}
    finally:
        running.terminate()
        running.wait(30)


def answers(port: int) -> bool:
    """Whether anybody answers at a port of this machine."""
    with socket.socket() as asked:
        return asked.connect_ex(("localhost", port)) == 0


@pytest.fixture
def book(tmp_path: Path, demo_file: Path) -> Path:
    """The demo, with its leads and interactions beside it in Parquet files."""
    path = tmp_path / "Sales.xlsm"
    shutil.copy(demo_file, path)
    for table in (tables.LEADS, tables.INTERACTIONS):
        rows = read(path, table).drop(columns=[c.key for c in table if c.ours], errors="ignore")
        shown = rows.dropna(axis="columns", how="all")
        duckdb.from_df(shown).write_parquet(str(tmp_path / f"{table.name.lower()}.parquet"))
    return path


def read(path: Path, table: Table) -> pd.DataFrame:
    with opened(path, "file", save=False) as book:
        return read_table(book, table, ())


def run(spark: dict[str, str], folder: Path, *command: str) -> str:
    """What a Python says that runs in a folder, with a Spark of its own."""
    setting = os.environ | {"PYSPARK_PYTHON": sys.executable} | spark
    done = subprocess.run(
        [sys.executable, *command], env=setting, cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FutureWarning" not in done.stderr or command[0] == "-c"
    return done.stdout


def smarketing(spark: dict[str, str], book: Path, command: str, *rest: str) -> str:
    said = ("-m", "smarketing_xl", command, book.name, *rest)
    return run(spark, book.parent, *said)


def test_a_connect_server_answers_as_the_sheets_do(server: dict[str, str], book: Path) -> None:
    before = read(book, tables.LEADS).set_index("lead_id")
    credited = read(book, tables.ATTRIBUTION).set_index("channel")
    run(server, book.parent, "-c", SAVE, "leads", "interactions")
    day = ("--as-of", f"{AS_OF:%Y-%m-%d %H:%M}")
    smarketing(server, book, "score", "--from", "spark:leads", "--to", "parquet:scores", *day)
    scores = duckdb.read_parquet(f"{book.parent}/scores/*.parquet").df().set_index("lead_id")
    answers = ["persona", "score", "grade"]
    pd.testing.assert_frame_equal(
        scores.loc[before.index, answers], before[answers], check_dtype=False
    )
    smarketing(server, book, "attribution", "--from", "spark:interactions", *day)
    after = read(book, tables.ATTRIBUTION).set_index("channel")
    models = ["first", "last", "markov", "shapley"]
    pd.testing.assert_frame_equal(after[models], credited[models], rtol=1e-9)


def test_a_catalogue_that_lasts_knows_what_another_spark_saved(book: Path) -> None:
    folder = book.parent
    (folder / "spark-defaults.conf").write_text(
        "spark.sql.catalogImplementation hive\n"
        f"spark.sql.warehouse.dir {folder}/warehouse\n"
        f"spark.hadoop.javax.jdo.option.ConnectionURL jdbc:derby:{folder}/metastore;create=true\n"
        "spark.ui.enabled false\n"
        "spark.sql.shuffle.partitions 2\n"
    )
    spark = {"SPARK_CONF_DIR": str(folder)}
    run(spark, folder, "-c", SAVE, "leads")
    said = smarketing(
        spark, book, "duplicates", "--from", "spark:leads", "--to", "parquet:twice.parquet"
    )
    assert "65" in said
    twice = duckdb.read_parquet(f"{folder}/twice.parquet").df()
    known = read(book, tables.LEADS)["duplicate_of"].notna().sum()
    assert twice["duplicate_of"].notna().sum() == known == 65
    with opened(book, "file", save=False) as there, pytest.raises(BadData, match="--force"):
        duplicates_outside(there, "spark:leads", f"parquet:{folder}/twice.parquet")
