"""From an exception to one line that says what went wrong and what to do.

A traceback never reaches a user; `NIANBAO_DEBUG=1` shows it to whoever mends the program.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import traceback
from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code says (contract, section 2)."""

    DONE = 0
    FAILED = 1
    WRONG_ARGUMENTS = 2
    NOTHING_FOUND = 3
    INTERRUPTED = 130


class Failure(Exception):
    """A command could not do what it was asked. `message`: what went wrong. `advice`: what to do."""

    def __init__(self, message: str, advice: str = "", code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.code = code

    def __str__(self) -> str:
        return f"{self.message.rstrip('.')}. {self.advice}" if self.advice else self.message


def report(error: BaseException) -> Exit:
    """Print the line of `error` on standard error; returns the exit code."""
    if os.environ.get("NIANBAO_DEBUG"):
        traceback.print_exception(error)
    failure = explain(error)
    last_line(f"nianbao: {one_line(str(failure))}")
    return failure.code


def last_line(text: str) -> None:
    """Say on standard error why a command ends, if anybody listens: its exit code is the same where nobody does.

    Not `note`: what is wrong may be standard output itself.
    """
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def explain(error: BaseException) -> Failure:
    """`error` in words. Errors that our own rooms raise on purpose already say what to do."""
    if isinstance(error, Failure):
        return error
    if _is_a(error, "pymongo.errors", "ServerSelectionTimeoutError", "AutoReconnect"):
        return Failure(
            f"the database does not answer ({_first_sentence(error)})",
            "Look at MONGODB_URI, or unset it to use the embedded database; `nianbao doctor` says more",
        )
    if _is_a(error, "pymongo.errors", "PyMongoError"):
        return Failure(
            f"the database refused: {_first_sentence(error)}", "`nianbao doctor` says more about the database"
        )
    if _is_a(error, "storage.errors", "NothingArchived"):
        return Failure(str(error), code=Exit.NOTHING_FOUND)
    if _is_ours(error):
        return Failure(str(error) or type(error).__name__)
    if isinstance(error, ModuleNotFoundError):
        return Failure(f"the package {error.name} is not installed", "Run `make demo` or `make test` once")
    if isinstance(error, MemoryError):
        return Failure("out of memory", "Give fewer or smaller files at a time")
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return Failure(f"{error.strerror}{where}", "Check the path, its permissions and the space on the disk")
    return Failure(
        f"unexpected {type(error).__name__}: {_first_sentence(error)}",
        "This is a fault of the program: run it again with NIANBAO_DEBUG=1 and report what it prints",
    )


def one_line(text: str) -> str:
    """`text` on one line, with what a terminal would obey taken out."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _first_sentence(error: BaseException) -> str:
    return without_password(one_line(str(error)).split(", Timeout:")[0][:300])


def without_password(text: str) -> str:
    """`mongodb://user:secret@host` without the secret."""
    return re.sub(r"(://[^:/@\s]*):[^@/\s]*@", r"\1:***@", text)


def _is_ours(error: BaseException) -> bool:
    """Was it raised on purpose by one of our rooms? Their exceptions are classes of our own."""
    return isinstance(error, Exception) and type(error).__module__.split(".")[0] in {
        "parsers",
        "storage",
        "crawler",
        "nianbao",
    }


def _is_a(error: BaseException, module: str, *names: str) -> bool:
    """isinstance without importing `module`: what was never imported was never raised."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, tuple(getattr(loaded, name) for name in names))
