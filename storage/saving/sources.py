"""One report at several addresses: which reading stands, and what is remembered of the others.

A candidate is the report as read from one address. All candidates of a report are kept whole: the standing
one in `reports`, the others in `report_alternates`. What stands is worked out from all of them anew each
time, so it does not depend on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from storage.base import Doc, plain, split_capture, utc
from storage.corrections.files import load_corrections
from storage.corrections.overlay import Corrections, apply, undo
from storage.saving.authority import Authority, authority
from storage.saving.compare import BOOKKEEPING, DISAGREE, content_sha256, how_many, numbers, provenance_sha256
from storage.shape.records import Disagreement, Reading, SourceEntry

_PAGES = {"text/html", "application/xhtml+xml"}
_OWN = set(BOOKKEEPING) - {"before_corrections"}
MOST_DISAGREEMENTS = 100
"""Of one report: the flags say which tables, these say which figures."""


def candidate(
    document: Mapping[str, Any], capture_id: str, portal: str | None, fetched_at: datetime, parsed_at: datetime
) -> Doc:
    """A parser's report with what the storage knows of its source. Raises ValueError for a wrong capture
    id.
    """
    split_capture(capture_id)
    source = {**document["source"], "capture_id": capture_id, "portal": portal, "fetched_at": utc(fetched_at)}
    derived = {**document["derived"], "parsed_at": parsed_at}
    return {**document, "source": source, "derived": derived}


def candidate_of(stored: Mapping[str, Any]) -> Doc:
    """The candidate inside a stored report: without the storage's own fields and flag."""
    return _agreed(undo(standing_of(stored)))


def standing_of(stored: Mapping[str, Any]) -> Doc:
    """As `candidate_of`, with what people have put right in it."""
    document = {name: value for name, value in stored.items() if name not in _OWN}
    document["_id"] = document.pop("report_id", document["_id"])
    return _agreed(document)


def _agreed(document: Doc) -> Doc:
    return {**document, "flags": [flag for flag in document["flags"] if not flag.startswith(DISAGREE)]}


def entry(document: Doc, content: str | None = None, as_read: str | None = None) -> SourceEntry:
    """What `sources` says of a candidate. `content`: its `content_sha256`, where that is known already."""
    source = document["source"]
    address, version = split_capture(source["capture_id"])
    return SourceEntry(
        url=source["url"],
        address=address,
        version=version,
        capture_id=source["capture_id"],
        portal=source["portal"],
        fetched_at=utc(source["fetched_at"]),
        media_type=source["media_type"],
        raw_sha256=source["raw_sha256"],
        text_sha256=source["text_sha256"],
        content_sha256=content or content_sha256(document),
        provenance_sha256=provenance_sha256(document),
        verified=sum(trust == "verified" for trust in document["trust"].values()),
        numbers=how_many(document["figures"]),
        published_on=document["page"]["published_on"],
        chosen=False,
        made_of=tuple(document["derived"].get("made_of", ())),
        authority=authority(source["url"]).value,
        as_read=as_read,
    )


def preference(source: SourceEntry) -> tuple[int, int, int, int, int, str, str, str]:
    """The written rule by which one address is preferred to another; the smallest stands.

    1. an official address before a mirror, however good the mirror's copy is; 2. more tables verified by their own
    sums; 3. a page (HTML) before a file; 4. more figures that are numbers; 5. a living address before a dead one; 6.
    published earlier, unknown last (a copy on another portal comes after the original); 7. the smaller address, so that
    the choice is never open.
    """
    return (
        1 if source.authority == Authority.MIRROR else 0,
        -source.verified,
        0 if source.media_type in _PAGES else 1,
        -source.numbers,
        0 if source.gone_at is None else 1,
        source.published_on or "9999",
        source.url or "",
        source.address,
    )


def compose(
    candidates: Mapping[str, Doc],
    known: Mapping[str, SourceEntry] | None = None,
    corrections: Corrections | None = None,
    gone: Mapping[str, datetime] | None = None,
    held: Iterable[Mapping[str, Any]] = (),
) -> Doc:
    """The report that stands (address -> candidate): the preferred candidate with people's corrections, `sources`, the
    flags and the list of figures that the addresses disagree about, and `content_sha256`.

    `known`: entries of some of the candidates, where somebody has them already. `gone`: address -> since when it is dead.
    `held`: the report's `sources` until now.
    """
    corrections = load_corrections() if corrections is None else corrections
    as_read = {(one["capture_id"], one["content_sha256"]): one.get("as_read") for one in held}
    entries = {
        address: (known or {}).get(address) or _remembered(entry(document), as_read)
        for address, document in candidates.items()
    }
    entries = {one: replace(found, gone_at=(gone or {}).get(one)) for one, found in entries.items()}
    best = min(entries.values(), key=preference)
    chosen = candidates[best.address]
    differing = disagreements({address: document["figures"] for address, document in candidates.items()})
    flags = [*chosen["flags"], *dict.fromkeys(f"{DISAGREE}{one.path.split('.')[0]}" for one in differing)]
    report = apply({**chosen, "flags": flags}, corrections)
    is_as_read = not differing and not corrections.of(chosen["_id"])
    report["content_sha256"] = best.content_sha256 if is_as_read else content_sha256(report)
    report["disagreements"] = [asdict(one) for one in differing[:MOST_DISAGREEMENTS]]
    report["sources"] = [
        plain(replace(source, chosen=source is best, relation=_relation(source, best, differing)))
        for source in sorted(entries.values(), key=lambda source: (source.url or "", source.address))
    ]
    return report


def _remembered(source: SourceEntry, as_read: Mapping[tuple[str, str], str | None]) -> SourceEntry:
    """With the digest that only the parser's own result gives."""
    return replace(source, as_read=as_read.get((source.capture_id, source.content_sha256)))


def disagreements(figures: Mapping[str, Mapping[str, Any]]) -> list[Disagreement]:
    """Address -> its figures; the figures of which two addresses have different numbers. A number against a blank is no
    quarrel.
    """
    if len(figures) < 2:
        return []
    readings: dict[str, list[Reading]] = {}
    for address in sorted(figures):
        for path, value in numbers(figures[address]):
            readings.setdefault(path, []).append(Reading(address, value))
    return [
        Disagreement(path, tuple(said))
        for path, said in sorted(readings.items())
        if len({reading.value for reading in said}) > 1
    ]


def _relation(source: SourceEntry, best: SourceEntry, differing: Iterable[Disagreement]) -> str:
    if source is best:
        return "chosen"
    for one in differing:
        said = {reading.address: reading.value for reading in one.readings}
        if source.address in said and best.address in said and said[source.address] != said[best.address]:
            return "differs"
    return "same" if source.text_sha256 == best.text_sha256 else "agrees"


def gather(current: Doc | None, alternates: Sequence[Doc], arriving: Doc | None = None) -> dict[str, Doc]:
    """Address -> newest candidate, of the report as it stands, its alternates and the one that arrives, if any.

    An address may be met twice (a kill between two writes leaves an alternate that has become the standing
    one, or the other way round): the later version of the capture holds, and among equals the standing one.
    """
    held = [candidate_of(alternate) for alternate in alternates]
    if current is not None:
        held.append(candidate_of(current))
    found: dict[str, Doc] = {}
    if arriving is not None:
        held.append(arriving)
    for document in held:
        address, version = split_capture(document["source"]["capture_id"])
        before = found.get(address)
        if before is None or split_capture(before["source"]["capture_id"])[1] <= version:
            found[address] = document
    return found
