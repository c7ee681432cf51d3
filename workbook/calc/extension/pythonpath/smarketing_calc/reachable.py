"""The pipe on which `smarketing ... --host auto` finds the workbooks that are open here.

LibreOffice's own door: only programs of the same user come in, as with the pipe on which it hears
that it was started a second time.
"""

import os

PIPE = os.environ.get("SMARKETING_PIPE", "smarketing")  # empty: stay unreachable

_open = []


def open_pipe(context):
    """Let it answer, from the first spreadsheet on."""
    if _open or not PIPE:
        return
    door = context.ServiceManager.createInstanceWithContext("com.sun.star.office.Acceptor", context)
    _open.append(door)
    door.initialize((f"pipe,name={PIPE};urp;", True))
