"""Loaded by the process that workers are forked from, and by nothing else: what it does where its owner has ended.

It takes away what it listened at. Its owner does so when it ends by itself; one that is killed would leave a `pymp-…` in the
folder for temporary files. And a worker that was just starting (Ctrl-C in the first moment) says nothing of the locks that
it does not find any more.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import traceback
from multiprocessing import forkserver, synchronize
from pathlib import Path
from types import TracebackType

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


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Of what goes wrong while a worker starts."""
    frames = traceback.extract_tb(trace)
    if kind is FileNotFoundError and frames and frames[-1].filename == synchronize.__file__:
        return  # the owner has taken its locks away: nobody is waiting for this worker
    sys.__excepthook__(kind, error, trace)


sys.excepthook = _told
