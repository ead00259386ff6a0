"""What a save will write for one report, worked out without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from storage.access.encoding import encode
from storage.access.writes import Keyed
from storage.base import Doc, State, bucket_of, digest, split_capture
from storage.saving.compare import content_sha256, differences, is_told, provenance_sha256, reasons
from storage.saving.intact import ALTERED, is_altered, is_other_content
from storage.saving.sources import candidate_of, compose, gather
from storage.shape.records import Change, SourceEntry


@dataclass(frozen=True)
class Arrival:
    """A candidate that comes to be saved."""

    document: Doc
    year: int
    reading: SourceEntry
    """As it will stand among the report's `sources`."""
    run_id: str | None
    why: str
    instead_of: str | None = None
    anew: bool = False
    """See `storage.reports.ReportWrite`."""

    @property
    def content_sha256(self) -> str:
        return self.reading.content_sha256

    @property
    def provenance_sha256(self) -> str:
        return self.reading.provenance_sha256

    @property
    def report_id(self) -> str:
        return str(self.document["_id"])

    @property
    def address(self) -> str:
        return self.reading.address

    @property
    def version(self) -> int:
        return self.reading.version

    def is_overtaken(self, sources: Sequence[Mapping[str, Any]]) -> bool:
        """Whether these sources of its report hold another reading of its address than the one it was to replace.

        One of an earlier version of the page is none: this is what the page says now, whoever reads it first.
        """
        if self.instead_of is None:
            return False
        held = [
            source["provenance_sha256"]
            for source in sources
            if source["address"] == self.address and source["version"] >= self.version
        ]
        if self.instead_of and not held:
            return True  # it was taken away
        return any(one not in (self.instead_of, self.provenance_sha256) for one in held)

    def is_refresh(self, sources: Sequence[Mapping[str, Any]]) -> bool:
        """Whether it only says anew by what the report's one source was read: the same content from the same capture."""
        if len(sources) != 1:
            return False
        held = sources[0]
        return all(
            held[name] == getattr(self.reading, name)
            for name in ("address", "version", "raw_sha256", "media_type", "content_sha256")
        )

    def refreshed(self, writes: int, held: Mapping[str, Any]) -> Doc:
        """The fields of its report that it sets then. `held`: the one source that the report has."""
        # Places in a text are no content: a parser that counts otherwise moves them.
        told = any(map(is_told, self.document["cells"]))
        return {
            **({"cells": self.document["cells"]} if told else {}),
            **({"unread": self.document["unread"]} if self.document.get("unread") else {}),
            "template": self.document["template"],
            "source": self.document["source"],
            "derived": self.document["derived"],
            "sources": [asdict(replace(self.reading, chosen=True, gone_at=held.get("gone_at")))],
            "writes": writes,
        }


@dataclass(frozen=True)
class Encoded:
    """The documents of a plan, ready to be sent."""

    report: bytes
    replaced: Keyed | None
    alternates: tuple[Keyed, ...]


@dataclass(frozen=True)
class Plan:
    """The writes of one report."""

    report: Doc
    state: State
    is_write: bool
    """False where the report itself stays as it is, and only leftovers of a kill are cleared."""
    key: Mapping[str, Any]
    """What the report must still answer to when it is replaced."""
    replaced: Doc | None
    """The document for `report_revisions`."""
    alternates: tuple[Doc, ...]
    leftovers: tuple[str, ...]
    """Ids of alternates that are none any more."""

    @property
    def report_id(self) -> str:
        return str(self.report["_id"])

    @property
    def is_insert(self) -> bool:
        return self.state is State.NEW

    def encoded(self) -> Encoded:
        """Its documents as BSON. Raises Unstorable when one of them cannot be."""
        return Encoded(
            report=encode(self.report),
            replaced=None if self.replaced is None else Keyed.of(self.replaced),
            alternates=tuple(map(Keyed.of, self.alternates)),
        )


@dataclass(frozen=True)
class Held:
    """What the database holds of one report."""

    current: Doc | None = None
    alternates: Sequence[Doc] = ()
    last: Doc | None = None
    """{revision, writes} of the last revision filed, where there is no current one: it was withdrawn; of what was written
    last, where the current one is of an earlier state: somebody has put it there."""
    gone: Mapping[str, datetime] = field(default_factory=dict)
    """Which of its addresses are dead, and since when."""


@dataclass(frozen=True)
class Cause:
    """What a revision will say of its making."""

    at: datetime
    run_id: str | None
    why: str = ""


def make_plan(arrival: Arrival, held: Held, moment: datetime) -> Plan:
    """From what is held and what arrives to what shall stand."""
    candidates = gather(held.current, held.alternates, arrival.document)
    is_latest = candidates[arrival.address] is arrival.document
    known = {arrival.address: arrival.reading} if is_latest else {}
    is_wrong = arrival.anew and held.current is not None and _is_wrong(held.current, arrival)
    why = ALTERED if is_wrong else arrival.why
    return _plan(arrival.report_id, candidates, held, Cause(moment, arrival.run_id, why), known)


def _is_wrong(current: Doc, arrival: Arrival) -> bool:
    """Whether somebody else than the storage has changed the report, by its digest or by what its page says."""
    return is_altered(current) or is_other_content(current, arrival.document)


def plan_without(capture_id: str, held: Held, cause: Cause) -> Plan | None:
    """What shall stand when this capture no longer speaks for the report; None when nothing is left of it."""
    if held.current is None:
        return None
    candidates = {
        address: document
        for address, document in gather(held.current, held.alternates).items()
        if document["source"]["capture_id"] != capture_id
    }
    return _plan(held.current["_id"], candidates, held, cause) if candidates else None


def plan_again(held: Held, cause: Cause) -> Plan | None:
    """What shall stand now that an address has died or come back; None where there is no report."""
    if held.current is None:
        return None
    return _plan(held.current["_id"], gather(held.current, held.alternates), held, cause)


def filed(current: Doc, change: Change) -> Doc:
    """The document of `report_revisions` for a report that is about to be replaced or withdrawn."""
    key = f"{current['_id']}/{current['revision']}"
    return {**current, "_id": key, "report_id": current["_id"], "replaced": asdict(change)}


def _plan(
    report_id: str,
    candidates: Mapping[str, Doc],
    held: Held,
    cause: Cause,
    known: Mapping[str, SourceEntry] | None = None,
) -> Plan:
    report = compose(candidates, known, gone=held.gone, held=held.current["sources"] if held.current else ())
    report["bucket"] = bucket_of(report_id)
    state, is_write, replaced = _numbered(report, held, cause)
    standing = split_capture(report["source"]["capture_id"])[0]
    there = {other["_id"]: other for other in held.alternates}
    wanted = {f"{report_id}/{address}": doc for address, doc in candidates.items() if address != standing}
    return Plan(
        report=report,
        state=state,
        is_write=is_write,
        key={} if held.current is None else {"_id": report_id, "writes": held.current["writes"]},
        replaced=replaced,
        alternates=tuple(
            {**document, "_id": key, "report_id": report_id, "writes": report["writes"]}
            for key, document in wanted.items()
            if key not in there or candidate_of(there[key]) != document
        ),
        leftovers=tuple(key for key in there if key not in wanted),
    )


def _numbered(report: Doc, held: Held, cause: Cause) -> tuple[State, bool, Doc | None]:
    """Give the report its revision, writes and change. Returns state, whether it is written, and what it replaces."""
    current = held.current
    if current is None:
        last = held.last or {"revision": 0, "writes": 0}
        report.update(revision=last["revision"] + 1, writes=last["writes"] + 1, change=None)
        if held.last is not None:
            report["change"] = asdict(Change(report["revision"], {}, ("returned",), cause.at, cause.run_id))
        return State.NEW, True, None
    last = held.last or current
    writes, revision = (max(current[name], last[name]) for name in ("writes", "revision"))
    report.update(revision=revision, writes=writes + 1, change=current["change"])
    if cause.why == ALTERED:
        report["revision"] += 1
        change = Change(report["revision"], differences(current, report), (ALTERED,), cause.at, cause.run_id)
        report["change"] = asdict(change)
        # It is filed as it is, under the digest that is its own.
        return State.CHANGED, True, filed({**current, "content_sha256": content_sha256(current)}, change)
    # By today's rules: what was stored by those of an earlier version is no change of the report.
    if report["content_sha256"] in (current["content_sha256"], content_sha256(current)):
        is_earlier = last["writes"] > current["writes"]
        return State.UNCHANGED, is_earlier or _provenance(report) != _provenance(current), None
    report["revision"] += 1
    why = ([cause.why] if cause.why else []) + reasons(current, report)
    what = differences(current, report)
    change = Change(report["revision"], what, tuple(dict.fromkeys(why)), cause.at, cause.run_id)
    report["change"] = asdict(change)
    return State.CHANGED, True, filed(current, change)


def _provenance(report: Doc) -> tuple[str, str]:
    sources = [
        {name: value for name, value in source.items() if name != "fetched_at" and (name, value) != ("gone_at", None)}
        for source in report["sources"]
    ]
    return provenance_sha256(report), digest(sources)
