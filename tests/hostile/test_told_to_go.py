"""A command that is told to go (SIGTERM, a closed terminal) takes what is half-made with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of Unix")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_half_made_is_left(tmp_path: Path, number: signal.Signals) -> None:
    temporary, folder = tmp_path / "tmp", tmp_path / "work"
    temporary.mkdir()
    folder.mkdir()
    made = folder / "demo.xlsm"
    with subprocess.Popen(
        [sys.executable, "-m", "smarketing_xl", "demo", str(made)],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        until = time.monotonic() + 120
        while not made.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(1)  # at work on it now
        process.send_signal(number)
        assert process.wait(120) == 128 + number
    assert list(folder.iterdir()) == []
    assert [each for each in temporary.rglob("*") if each.is_file()] == []
