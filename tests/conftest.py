"""What all tests share: what pytest leaves alone, and a Spark session where Spark is installed."""

import os
import shutil

import pytest

collect_ignore = ["hostile/fuzz.py"]  # started by hand


@pytest.fixture(scope="session")
def spark():
    """One local Spark session for all tests."""
    pytest.importorskip("pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

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
