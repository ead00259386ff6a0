"""What two addresses of a report say differently, figure by figure, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nianbao.ui.sizes import told

MOST = 10


def in_words(document: Mapping[str, Any]) -> Iterator[str]:
    """`requests.received_new.total: 110 here, 111 at http://…` of each figure, the first ten of them."""
    urls = {source["address"]: source.get("url") or "–" for source in document.get("sources") or ()}
    standing = document["source"].get("url")
    differing = document.get("disagreements") or ()
    for one in differing[:MOST]:
        readings = ((urls.get(said["address"], "–"), told(said["value"])) for said in one["readings"])
        said = [f"{value} here" if url == standing else f"{value} at {url}" for url, value in readings]
        yield f"{one['path']}: {', '.join(sorted(said, key=lambda words: not words.endswith(' here')))}"
    if len(differing) > MOST:
        yield f"… and {len(differing) - MOST} more: --json gives them"
