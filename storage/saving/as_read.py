"""A digest of all that a parser read, taken from its result itself: twenty times as fast as that of the document.

Two readings with the same digest are the same report, word by word, so a rerun makes a document only of what reads
otherwise. The reverse does not hold, and need not: where the digests differ, the documents are compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import msgspec

import parsers.report
from parsers.report import Report
from storage.saving.compare import PROVENANCE, RULES

_NAMES = tuple(item.name for item in fields(Report) if item.name not in PROVENANCE)
"""Where and by what it was read is no part of it: that changes with every edit."""


def as_read(report: Report) -> str | None:
    """None where the report holds what has no plain form (half a surrogate pair, a number beyond 64 bits)."""
    parts = [getattr(report, name) for name in _NAMES if name != "template"]
    try:
        packed = _ENCODER.encode([_rules(), report.template.id, *parts])
    except (UnicodeEncodeError, OverflowError):
        return None
    return hashlib.sha256(packed).hexdigest()[:32]


@cache
def _rules() -> str:
    """With other rules of comparing, or where a report becomes another document, nothing of earlier is the same."""
    how = Path(parsers.report.__file__).read_bytes()
    return f"{RULES} {hashlib.sha256(how).hexdigest()}"


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)
