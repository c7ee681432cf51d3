"""The main job needs no network: it runs where there is none, and nothing is tried."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from smarketing_xl.ingest import System

LISTED = Path(__file__).parents[2] / "docs" / "privacy.md"
COMMANDS = """
import sys
tried, ended = [], []
def hook(event, given):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "webbrowser.open"):
        tried.append((event, given))
    elif event == "socket.connect" and isinstance(given[1], tuple):  # no pipe of this machine
        tried.append((event, given[1]))
sys.addaudithook(hook)
from smarketing_xl import sample
from smarketing_xl.cli import app
book, folder = sys.argv[1:]
crm = str(sample.path("leads"))
for words in (
    ["demo", book],
    ["import", book, crm, "--as", "leads", "--yes"],
    ["agreement", book, folder + "/a.pdf"],
    ["review", book, folder + "/r.pdf"],
    ["today", book],
    ["export", book, folder + "/e.csv", "--for", "hubspot"],
    ["person", book, "L-00001", "--show"],
    ["doctor", book],
):
    sys.argv = ["smarketing", *words]
    try:
        app.main()
    except SystemExit as end:
        ended = [*ended, end.code]
print(ended)
print("tried", tried)
"""


def test_the_main_job_runs_without_a_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    alone = [unshare, "--net", "--map-root-user"] if unshare else []
    if unshare and subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this computer lets nobody make a network namespace")
    command = [*alone, sys.executable, "-c", COMMANDS, str(tmp_path / "demo.xlsm"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [str([0] * 8), "tried []"], done.stderr


def test_what_may_leave_the_machine_is_listed() -> None:
    """Every system that a command may ask, and Spark, stands on the page."""
    page = LISTED.read_text("utf-8")
    for system in get_args(System):
        assert f"--from {system}" in page
    assert "--from spark:" in page
