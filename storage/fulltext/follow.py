"""Keeping the index with the database: what was entered since, window by window; or everything, compared.

The catalogue's entries carry `entered_at`. A window of it is bounded on both sides and indexed, and reaches back over a
span in which a slow writer, or another machine's clock, may have entered something behind our back; what is known
already is skipped. Withdrawals leave nothing to be found by time: they are counted (`stats`), and when the count has
changed everything is compared, bucket by bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from parsers.chinese import simplify
from storage.access.reads import by_keys, matching, walk
from storage.base import Db, Doc, batches, now, utc
from storage.fulltext import file
from storage.fulltext.figures import Figures, numbers
from storage.fulltext.file import Entry, IndexFile
from storage.removals import Removals

Tick = Callable[[int], None]
"""Told how many reports have been looked at so far."""
AT_ONCE = 100
_OVERLAP = timedelta(minutes=10)
_WINDOW = timedelta(hours=6)
_MOST_WINDOWS = 60
"""Fifteen days: after a longer pause comparing everything costs less."""
_FIELDS = dict.fromkeys(
    (
        "organ",
        "report_year",
        "scope",
        "title",
        "template.id",
        "page.published_on",
        "trust",
        "flags",
        "checks_count",
        "source.portal",
        "writes",
        "content_sha256",
        "figures",
    ),
    1,
)
_TEXT = {"sections.heading": 1, "sections.text": 1, "content_sha256": 1}
_WORST_FIRST = ("unreadable", "doubtful", "consistent", "verified")


def follow(db: Db, index: IndexFile, tick: Tick) -> int:
    """Bring the index to what the database holds; how many reports were written or forgotten.

    Each batch is a transaction: after a kill the next call goes on where this one was.
    """
    begun = now()
    removed = Removals(db).count()
    since = _since(index, removed, begun)
    if since is None:
        changed = _compare(db, index, tick)
    else:
        changed = 0
        for entries in batches(_entered(db, since - _OVERLAP, begun + _OVERLAP), AT_ONCE):
            changed += _take(db, index, entries)
    with index.writing() as connection:
        file.put(connection, {"since": begun.isoformat(), "removed": str(removed), "complete": "yes"})
    return changed


def _since(index: IndexFile, removed: int, begun: datetime) -> datetime | None:
    """From when on the catalogue has news; None: nobody knows, compare everything."""
    with index.writing() as connection:  # makes the file where there is none
        said = [file.get(connection, name) for name in ("complete", "since", "removed")]
    complete, since, known = said
    if complete is None or since is None or known != str(removed):
        return None
    moment = utc(datetime.fromisoformat(since))
    return moment if begun - _WINDOW * _MOST_WINDOWS < moment <= begun + _OVERLAP else None


def _entered(db: Db, since: datetime, until: datetime) -> Iterator[Doc]:
    while since < until:
        end = min(since + _WINDOW, until)
        yield from matching(db["catalogue"], {"entered_at": {"$gte": since, "$lt": end}}, projection=_FIELDS)
        since = end


def _compare(db: Db, index: IndexFile, tick: Tick) -> int:
    seen: set[str] = set()
    changed = 0
    for entries in batches(walk(db["catalogue"], projection=_FIELDS), AT_ONCE):
        changed += _take(db, index, entries)
        seen.update(one["_id"] for one in entries)
        tick(len(seen))
    with index.reading() as connection:
        missing = sorted(file.all_ids(connection) - seen)
    there = {one["_id"] for one in by_keys(db["catalogue"], "_id", missing, projection={"_id": 1})}
    gone = [one for one in missing if one not in there]
    for some in batches(gone, AT_ONCE):
        with index.writing() as connection:
            file.forget(connection, some)
    return changed + len(gone)


def _take(db: Db, index: IndexFile, entries: list[Doc]) -> int:
    """Write what of these catalogue entries the index does not know yet."""
    with index.reading() as connection:
        known = file.known(connection, [one["_id"] for one in entries])
    news = [one for one in entries if known.get(one["_id"], (None, ""))[0] != one["writes"]]
    if not news:
        return 0
    other = [one["_id"] for one in news if known.get(one["_id"], (0, ""))[1] != one["content_sha256"]]
    bodies = {one["_id"]: one for one in by_keys(db["reports"], "_id", other, projection=_TEXT)}
    # A report that was withdrawn meanwhile has no body, and is none of ours any more.
    there = [one for one in news if one["_id"] in bodies or one["_id"] in set(known) - set(other)]
    with index.writing() as connection:
        file.write(connection, [_row(one, bodies.get(one["_id"])) for one in there])
    return len(there)


def _row(entry: Mapping[str, Any], body: Mapping[str, Any] | None) -> tuple[Entry, str | None, Figures]:
    organ = entry["organ"]
    published = (entry.get("page") or {}).get("published_on")
    figures = numbers(entry.get("figures") or {})
    row = Entry(
        id=entry["_id"],
        writes=entry["writes"],
        # Of the text that was read: where the report has changed since its entry was, the next look sees it.
        content_sha256=entry["content_sha256"] if body is None else body["content_sha256"],
        year=entry["report_year"],
        scope=entry["scope"],
        organ_id=organ["id"],
        organ=simplify(organ["name"]),
        level=organ.get("level"),
        province=organ.get("province"),
        template=entry["template"]["id"],
        portal=entry["source"].get("portal"),
        trust=_worst(entry.get("trust") or {}),
        failed=entry["checks_count"]["fail"],
        flags=len(entry["flags"]),
        requests=_requests(figures),
        published=str(published)[:10] if published else None,
        title=simplify(entry.get("title") or ""),
    )
    return row, None if body is None else text_of(body), figures


def text_of(report: Mapping[str, Any]) -> str:
    """The sections with their headings, a line each."""
    parts: Iterable[str] = (part for one in report["sections"] for part in (one["heading"], one["text"]))
    return "\n".join(filter(None, parts))


def _worst(trust: Mapping[str, str]) -> str | None:
    return next((word for word in _WORST_FIRST if word in trust.values()), None)


def _requests(figures: Figures) -> float | None:
    paths = ("requests.received_new.total", "statistics.requests.received.total")
    return next((float(figures[path]) for path in paths if path in figures), None)
