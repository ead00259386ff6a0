"""Steps that bring an older archive to the present shape. Each is run once in a database's life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from storage.base import Db


@dataclass(frozen=True)
class Migration:
    """One step. `apply` must bear being run again from its start: it may be killed half-way."""

    version: int
    """The schema's version once the step is done; counts up from 2."""
    name: str
    apply: Callable[[Db], None]


MIGRATIONS: tuple[Migration, ...] = ()
"""In the order of their versions. A new database is made in the present shape and needs none."""


def current_version(migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    return max((migration.version for migration in migrations), default=1)
