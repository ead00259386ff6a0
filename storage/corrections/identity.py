"""Whose report it is, about which year, under which title: put right by people, before anything else looks at a reading.

A reading that is put right stands under the id that follows from its organ and year as they are now, as if its page had
said so; `read_as` keeps what the page says. The move takes the road of every reading that is understood better: what
stood under the old id goes to `report_revisions`, which name the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from parsers.recheck import recheck, redate
from parsers.report import Organ
from parsers.template import load_templates
from storage.base import Doc, digest
from storage.corrections.overlay import (
    CORRECTED,
    REOPENED,
    Correction,
    CorrectionNote,
    Corrections,
    CorrectionState,
    note_of,
)

READ_AS = "read_as"
"""The field of a report whose identity somebody has looked at: see `ReadAs`."""


@dataclass(frozen=True)
class ReadAs:
    """What the page says."""

    report_id: str
    organ: Organ
    report_year: int
    title: str


def identify(document: Mapping[str, Any], corrections: Corrections) -> Doc:
    """A report as read -> under the identity that people have given it. Without a word about it, it comes back as it is.

    Where the page says something else than it did when it was put right, it stands as read, and says
    `correction_reopened:organ`. What was put right once is not looked at again.
    """
    mine = corrections.identities_of(document["_id"])
    if not mine or READ_AS in document or corrections.identity_word(document["_id"]) in document["derived"]["made_of"]:
        return dict(document)
    here = [one for one in mine if one.url in (None, document["source"]["url"])]
    notes = {one.path: note_of(one, _says(document, one.path)) for one in here}
    applied = {one.path: one for one in here if notes[one.path].state is CorrectionState.APPLIED}
    return _flagged(_moved(_marked(document, corrections), applied), notes) if here else _marked(document, corrections)


def moved_to(corrections: Corrections, report_id: str) -> str | None:
    """The id under which every page that is read as this report stands; None where none is moved, or not every one."""
    parts = {one.path: one for one in corrections.identities_of(report_id) if one.url is None}
    target = _target(report_id, parts)
    return target if target != report_id else None


def standing(corrections: Corrections, one: Correction) -> str:
    """The id under which the report stands that this correction speaks of."""
    if not one.is_identity:
        return one.report_id
    here = [other for other in corrections.identities_of(one.report_id) if other.url in (None, one.url)]
    return _target(one.report_id, {other.path: other for other in here})


def _says(document: Mapping[str, Any], path: str) -> Any:
    organ = document["organ"]
    return {
        "organ": organ["name"],
        "level": organ["level"],
        "year": document["report_year"],
        "title": document["title"],
    }[path]


def _marked(document: Mapping[str, Any], corrections: Corrections) -> Doc:
    """By these words a rerun finds it when somebody changes the corrections."""
    word = corrections.identity_word(document["_id"])
    derived = document["derived"]
    made_of = [*derived.get("made_of", ()), word]
    return {
        **document,
        "derived": {**derived, "made_of": made_of, "fingerprint": digest([derived["fingerprint"], word])[:32]},
    }


def _target(report_id: str, parts: Mapping[str, Correction]) -> str:
    organ, year, scope = report_id.rsplit("/", 2)
    if "organ" in parts and (who := parts["organ"].organ) is not None:
        organ = who.id
    return f"{organ}/{parts['year'].correct if 'year' in parts else year}/{scope}"


def _moved(document: Doc, parts: Mapping[str, Correction]) -> Doc:
    before = {name: document[name] for name in ("organ", "report_year", "title")}
    organ = dict(before["organ"])
    if "organ" in parts and (who := parts["organ"].organ) is not None:
        organ = {**asdict(who), "name_raw": organ["name_raw"]}
    if "level" in parts:
        organ["level"] = parts["level"].correct
    year = parts["year"].correct if "year" in parts else before["report_year"]
    found: Doc = {
        **document,
        "_id": _target(document["_id"], parts),
        "organ": organ,
        "report_year": year,
        "title": parts["title"].correct if "title" in parts else before["title"],
        READ_AS: {"report_id": document["_id"], **before},
    }
    if "year" in parts:
        found["year_source"] = "correction"
    return _judged(found, document) if parts.keys() & {"organ", "level", "year"} else found


def _judged(found: Doc, before: Doc) -> Doc:
    """What depends on the organ's level or on the year: T2-LEVEL, X-DATE, and their flags."""
    templates = load_templates()
    checks, trust, flags = recheck(
        before["checks"],
        before["cells"],
        set(),
        before["trust"],
        before["flags"],
        templates,
        found["organ"],
        is_other_organ=True,
    )
    published, level = found["page"]["published_on"], found["organ"]["level"]
    checks, flags = redate(checks, flags, published, found["report_year"], level)
    return {**found, "checks": checks, "trust": trust, "flags": flags}


def _flagged(document: Doc, notes: Mapping[str, CorrectionNote]) -> Doc:
    words = {CorrectionState.APPLIED: CORRECTED, CorrectionState.REOPENED: REOPENED}
    said = [f"{words[note.state]}{path}" for path, note in notes.items()]
    return {
        **document,
        "flags": [*document["flags"], *said],
        "corrections": [asdict(note) for note in notes.values()],
    }
