"""Other people's readers: whatever they raise on a damaged file becomes the one error that a caller expects."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from parsers.errors import Unreadable

NO_ZIP = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError)
"""What `zipfile` raises on what it cannot open; the last one where the file is of a later version than it knows."""
CONFUSED = (
    *NO_ZIP, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, EOFError, RecursionError,
    struct.error, zlib.error,
)  # fmt: skip
"""What readers written in Python trip over when the bytes are not what they say. UnicodeError is a ValueError."""
_PANIC = "PanicException"
"""What a reader written in Rust raises through pyo3; it is no Exception and has no module to import it from."""


@contextmanager
def guarded(what: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn `errors` (a library's own), CONFUSED and Rust panics into Unreadable("damaged"), naming `what`.

    Unreadable passes through; so do MemoryError and KeyboardInterrupt, which are not the file's.
    """
    expected: tuple[type[Exception], ...] = (*errors, *CONFUSED)
    try:
        yield
    except Unreadable:
        raise
    except expected as error:
        raise Unreadable("damaged", f"{what} cannot be read: {_message(error)}") from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise Unreadable("damaged", f"{what} cannot be read: {_message(error)}") from error


def _message(error: BaseException) -> str:
    """One line, not too long: libraries quote the file's own rubbish."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:197]}..."
