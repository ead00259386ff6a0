"""A document as BSON, on its own: worker processes encode what they have read, and never load a database driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bson
from bson.errors import InvalidBSON, InvalidDocument, InvalidStringData

MAX_DOCUMENT = 16 * 1024 * 1024 - 16 * 1024
"""MongoDB's limit, less what a replacement adds around the document."""


class Unstorable(ValueError):
    """The document cannot become BSON: too large, a number beyond 64 bits, half a surrogate pair, NaN."""


def encode(document: Mapping[str, Any]) -> bytes:
    """BSON of one document. Raises Unstorable, so that one poisoned document does not sink its batch."""
    try:
        encoded = bson.encode(document)
    except (InvalidDocument, OverflowError, UnicodeError, InvalidBSON, InvalidStringData) as e:
        raise Unstorable(f"it cannot be written as BSON: {e}") from e
    if len(encoded) > MAX_DOCUMENT:
        raise Unstorable(f"it is {len(encoded)} bytes long, and MongoDB takes {MAX_DOCUMENT} at most")
    return encoded
