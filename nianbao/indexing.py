"""After a command that wrote: what stands beside the reports follows, so that the next question need not wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.ui.progress import Counter

if TYPE_CHECKING:
    from storage.database import OpenDatabase
    from storage.settings import Settings


def keep_up(database: OpenDatabase, configured: Settings) -> None:
    """Bring the search index to what `database` holds, and `units` to config/units: one read where that is so already.

    What of the index is missed here (a kill) the next question makes up for.
    """
    from storage.fulltext import TextIndex
    from storage.units import Units

    Units(database).load()
    with Counter("the search index follows:") as progress:
        TextIndex(database, configured.home).catch_up(lambda done: progress("reports", done))
