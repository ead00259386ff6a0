"""After a command that wrote: the search index follows, so that the next question need not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.ui.progress import Counter

if TYPE_CHECKING:
    from storage.database import OpenDatabase
    from storage.settings import Settings


def keep_up(database: OpenDatabase, configured: Settings) -> None:
    """Bring the index to what `database` holds. What is missed here (a kill) the next question makes up for."""
    from storage.fulltext import TextIndex

    with Counter("the search index follows:") as progress:
        TextIndex(database, configured.home).catch_up(lambda done: progress("reports", done))
