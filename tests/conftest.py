"""What all tests share: what pytest leaves alone, what CI may not skip, and a Spark session."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator

import pytest

import udfs  # noqa: F401  its formulas are known to hosts

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
def spark():
    """One local Spark session for all tests."""
    pytest.importorskip("pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not the first on PATH
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
