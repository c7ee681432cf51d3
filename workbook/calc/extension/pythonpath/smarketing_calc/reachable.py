"""The pipe on which `smarketing ... --host auto` finds the workbooks that are open here.

Only programs of the same user come in: on Unix the socket is closed to everybody else, whatever
the user's umask; on Windows the system keeps the pipes of users apart.
"""

import os
import time
from pathlib import Path

PIPE = os.environ.get("SMARKETING_PIPE", "smarketing")  # empty: stay unreachable

_open = []


def open_pipe(context):
    """Let it answer, from the first spreadsheet on."""
    if _open or not PIPE:
        return
    door = context.ServiceManager.createInstanceWithContext("com.sun.star.office.Acceptor", context)
    _open.append(door)
    door.initialize((f"pipe,name={PIPE};urp;", True))
    _close_to_others()


def _close_to_others():
    """The socket is made by a thread of LibreOffice's own a moment later."""
    if not hasattr(os, "geteuid"):
        return
    name = f"OSL_PIPE_{os.geteuid()}_{PIPE}"
    until = time.monotonic() + 2
    while time.monotonic() < until:
        for socket in (Path("/tmp", name), Path("/var/tmp", name)):
            if socket.is_socket() and socket.stat().st_uid == os.geteuid():
                socket.chmod(0o600)
                return
        time.sleep(0.02)
