"""Why a rerun does not run."""

from __future__ import annotations

from storage.errors import StorageError


class RerunError(StorageError):
    """A rerun cannot go on; the text says why and what to do."""


class Busy(RerunError):
    """Another rerun of this archive is under way."""
