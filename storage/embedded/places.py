"""Where the embedded database keeps its things below NIANBAO_HOME; all of it readable by its owner only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.errors import DatabaseError
from storage.settings import Settings

OWNER_ONLY = 0o700


@dataclass(frozen=True)
class Places:
    """The folders and files of one home."""

    home: Path
    """Absolute, links resolved: a server is recognised by the data folder in its command line."""

    @classmethod
    def of(cls, settings: Settings) -> Places:
        return cls(settings.home.resolve())

    @property
    def db(self) -> Path:
        """Holds one data folder for each server and version: `secantusdb-0.7.0b3`."""
        return self.home / "db"

    @property
    def run(self) -> Path:
        """State and locks of what is running."""
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def dumps(self) -> Path:
        return self.home / "dumps"

    @property
    def state(self) -> Path:
        return self.run / "server.json"

    @property
    def start_lock(self) -> Path:
        """Held by whoever is starting, stopping or upgrading."""
        return self.run / "start.lock"

    @property
    def lease(self) -> Path:
        """Held, shared, by every process that uses the database: see `lease.py`."""
        return self.run / "lease"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the one supervisor for as long as it lives."""
        return self.run / "supervisor.lock"

    @property
    def server_config(self) -> Path:
        """An empty configuration file for SecantusDB, which otherwise takes one lying about in $HOME."""
        return self.run / "secantusd.toml"

    @property
    def server_log(self) -> Path:
        return self.log / "server.log"

    @property
    def supervisor_log(self) -> Path:
        return self.log / "supervisor.log"

    def make(self) -> None:
        """Create the folders, owner-only, also where a folder of an earlier run is more open than that."""
        try:
            self.home.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            for folder in (self.db, self.run, self.log):
                owner_only(folder)
        except OSError as error:
            raise DatabaseError(
                f"cannot write in {self.home} ({error.strerror}): set NIANBAO_HOME to a folder of your own"
            ) from error


def owner_only(folder: Path) -> Path:
    """Create `folder` if need be and close it to everybody else. Returns it."""
    folder.mkdir(mode=OWNER_ONLY, exist_ok=True)
    if folder.stat().st_mode & 0o777 != OWNER_ONLY:
        folder.chmod(OWNER_ONLY)
    return folder
