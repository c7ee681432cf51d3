"""What all tests share: what pytest leaves alone, what CI may not skip, a demo, a Spark session."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator
from contextlib import chdir
from pathlib import Path
from typing import IO

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported; xdist has the cores

import pytest
from typer.testing import CliRunner

import udfs  # noqa: F401  its formulas are known to hosts
from smarketing_xl.cli.app import app

NO_DATA = "the public data is not beside the checkout"
os.environ["LC_ALL"] = "C.UTF-8"  # commands speak the language of the computer: English here
collect_ignore = ["hostile/fuzz.py"]  # started by hand
if "SMARKETING_WINDOWS" not in os.environ:
    collect_ignore.append("vba/test_on_a_windows_python.py")  # python tests/vba/wine.py FOLDER


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a host that was not there is a failure; only data that is not ours may be missing."""
    report = yield
    if report.skipped and "CI" in os.environ and NO_DATA not in str(report.longrepr):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `smarketing demo` makes, once for all processes that run tests; to be copied."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and os.name == "posix":
        folder = folder.parent
    with (folder / "demo.lock").open("w") as lock:
        _wait_for(lock)
        made = folder / "Smarketing-demo.xlsm"
        if not made.exists():
            with chdir(folder):
                answer = CliRunner().invoke(app, ["demo"])
            assert answer.exit_code == 0, answer.output
            assert made.name in answer.output.replace("\n", "")
    return made


def _wait_for(lock: IO[str]) -> None:
    """Until no other process makes the same; on Windows each makes its own."""
    if os.name == "posix":
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory):
    """One local Spark session for all tests; its tables go with the tests."""
    pytest.importorskip("pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not the first on PATH
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
