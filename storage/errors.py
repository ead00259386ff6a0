"""What can go wrong around the database, each with one line that says what to do."""

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """Base of everything that `storage` raises on purpose; its text is meant for the user."""


class SettingsError(StorageError):
    """A setting is wrong. The text says where (variable, or file and line) and what is allowed."""


class DatabaseError(StorageError):
    """The database cannot be used: not startable, not reachable, not allowed, disk full.

    The text says what to do, and never holds a password.
    """


class NothingArchived(DatabaseError):
    """There is no archive yet, and the caller asked not to create one."""


class UpgradeNeeded(DatabaseError):
    """The data folder was written by another server, or another version of it, than the one at hand."""

    def __init__(self, text: str, *, old: Path, new: Path) -> None:
        super().__init__(text)
        self.old = old
        self.new = new
