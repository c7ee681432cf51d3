"""The pipe to LibreOffice: a stranger who listens there gets nothing, a frozen one stops nobody."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.calc import office

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="pipes are files on Unix only")
NOBODY = 65534
LISTEN = """
import socket, sys, time
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen()
print("listening", flush=True)
time.sleep(60)
"""


def place(name: str) -> Path:
    return Path(f"/tmp/OSL_PIPE_{os.geteuid()}_{name}")


@contextmanager
def listener(name: str) -> Iterator[Path]:
    """A program that listens on a pipe, open to all, and never answers."""
    path = place(name)
    program = [sys.executable, "-c", LISTEN, str(path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, umask=0) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield path
        finally:
            process.kill()
            path.unlink(missing_ok=True)


def test_our_own_pipe_is_closed_to_others() -> None:
    name = f"test-{uuid4().hex[:8]}"
    with listener(name) as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o777
        office.check_pipe(name)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs a second user")
def test_a_strangers_pipe_is_refused() -> None:
    name = f"test-{uuid4().hex[:8]}"
    with listener(name) as path:
        os.chown(path, NOBODY, NOBODY)
        with pytest.raises(WorkbookError, match="another user"):
            office.check_pipe(name)


def test_a_plain_file_or_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    name = f"test-{uuid4().hex[:8]}"
    path = place(name)
    path.symlink_to(tmp_path)
    try:
        with pytest.raises(WorkbookError):
            office.check_pipe(name)
    finally:
        path.unlink()


def test_a_frozen_libreoffice_is_waited_for_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        office.uno()
    except WorkbookError:
        pytest.skip("LibreOffice's bridge to Python is not installed")
    monkeypatch.setattr(office, "ANSWER", 1.0)
    name = f"test-{uuid4().hex[:8]}"
    began = time.monotonic()
    with listener(name), pytest.raises(WorkbookError, match="does not answer"):
        office.connect(name)
    assert time.monotonic() - began < 20


def test_a_pipe_that_nobody_made_is_nobodys() -> None:
    office.check_pipe(f"test-{uuid4().hex[:8]}")
