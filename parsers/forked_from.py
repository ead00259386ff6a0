"""Loaded by the process that workers are forked from, and by nothing else: it takes away what that process listened at.

Its owner does so when it ends by itself. One that is killed would leave a `pymp-…` in the folder for temporary files.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from multiprocessing import forkserver
from pathlib import Path

_OWNER = os.getppid()


@atexit.register
def _take_away() -> None:
    if os.getppid() == _OWNER:
        return  # it lives, and may want to fork again
    address = vars(forkserver._forkserver).get("_forkserver_address")
    if address:
        with contextlib.suppress(OSError):
            Path(address).unlink()
            Path(address).parent.rmdir()
