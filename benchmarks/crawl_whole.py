"""The whole crawl of `benchmarks.crawl`: one line of JSON with what it did, how long it took, and what it asked of the database.

python -m benchmarks.crawl_whole http://127.0.0.1:8000/

Like `nianbao` itself it imports next to nothing at the top: a parser process begins with the main module of its parent.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.base import Db


def main() -> None:
    from pymongo import monitoring

    from crawler import run
    from crawler.plan import Limits
    from storage.follow_up import follow_up

    counted: Counter[str] = Counter()
    """Database commands by what they do, and to which collection."""
    stored: Counter[str] = Counter()
    """As they were when the last page was stored."""
    began: list[float] = []
    """When the first page was about to be written."""

    class Commands(monitoring.CommandListener):
        def started(self, event: monitoring.CommandStartedEvent) -> None:
            where = event.command.get("collection", event.command.get(event.command_name))
            counted[f"{event.command_name} {where}"] += 1
            if not began and event.command_name == "insert" and where == "raw":
                began.append(time.time())

        def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
            pass

        def failed(self, event: monitoring.CommandFailedEvent) -> None:
            pass

    monitoring.register(Commands())

    def following(db: Db, portals: Iterable[str], owners: Mapping[str, str]) -> None:
        stored.update(counted)
        follow_up(db, portals, owners)

    run.follow_up = following  # type: ignore[assignment]
    result = run.crawl(home=sys.argv[1], delay=0, progress=False, limits=Limits(pages=1000))
    moments = {"began": (began or [time.time()])[0], "stored": time.time() - result.seconds_after}
    counts = {
        "seconds": result.seconds - result.seconds_after,
        "after": result.seconds_after,
        **moments,
        **result.counts,
    }
    print(json.dumps({"counts": counts, "commands": stored}))


if __name__ == "__main__":
    main()
