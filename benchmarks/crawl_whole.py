"""The whole crawl of `benchmarks.crawl`: one line of JSON with what it did, how long it took, and what it asked of the database.

python -m benchmarks.crawl_whole http://127.0.0.1:8000/
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from pymongo import monitoring

from crawler import run
from crawler.plan import Limits
from storage.base import Db
from storage.follow_up import follow_up


class Commands(monitoring.CommandListener):
    """Database commands by what they do, and to which collection."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.stored: Counter[str] = Counter()
        """As they were when the last page was stored."""

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        where = event.command.get("collection", event.command.get(event.command_name))
        self.counted[f"{event.command_name} {where}"] += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


def main() -> None:
    commands = Commands()
    monitoring.register(commands)

    def following(db: Db, portals: Iterable[str], owners: Mapping[str, str]) -> None:
        commands.stored = commands.counted.copy()
        follow_up(db, portals, owners)

    run.follow_up = following  # type: ignore[assignment]
    result = run.crawl(home=sys.argv[1], delay=0, progress=False, limits=Limits(pages=1000))
    seconds = result.seconds - result.seconds_after
    stored = time.time() - result.seconds_after
    counts = {"seconds": seconds, "stored": stored, "after": result.seconds_after, **result.counts}
    print(json.dumps({"counts": counts, "commands": commands.stored}))


if __name__ == "__main__":
    main()
