"""The main job needs no network: it runs where there is none, and nothing is tried."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = """
import socket, sys
from pathlib import Path
tried = []
whole = socket.socket.connect
def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        tried.append(address)
    return whole(self, address)
socket.socket.connect = connect
from smarketing_xl.cli import app
sys.argv = ["smarketing", "demo", sys.argv[1]]
try:
    app.main()
finally:
    print("tried", tried, file=sys.stderr)
"""


def test_the_demo_runs_without_a_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    alone = [unshare, "--net", "--map-root-user"] if unshare else []
    if unshare and subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this computer lets nobody make a network namespace")
    made = tmp_path / "demo.xlsm"
    command = [*alone, sys.executable, "-c", DEMO, str(made)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert made.exists()
    assert "tried []" in done.stderr
