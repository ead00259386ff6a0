"""What people put right: `config/corrections/<organ id>.yaml`, laid over a report when it is stored.

Read by `storage.corrections.files`; whose report it is and about which year: `storage.corrections.identity`.

A parser never knows of them. The report that stands has the corrected figure, and beside it, in the cell, what the
source says and who put it right, when, why and by what evidence. A correction holds for the figure that it was made for:
when the source says something else than it did then, it is not applied, and the report says `correction_reopened`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from parsers.recheck import recheck
from parsers.report import Organ, Semantic
from parsers.template import load_templates
from storage.base import Doc, digest

CORRECTION = "correction:"
"""A word of `made_of` in the catalogue, with the report's id and a digest: by it a rerun finds what people changed."""
IDENTIFIED = "identity:"
"""The same of `IDENTITY`, with the id as which the page is read; in `made_of` of the reading itself."""
REOPENED = "correction_reopened:"
"""Flag, with the figure's path behind it."""
CORRECTED = "corrected:"
"""Flag, with the table's name behind it."""
IDENTITY = ("organ", "level", "year", "title")
"""What may be put right besides figures: it says whose report it is, and about which year."""
Said = int | float | str | None


class CorrectionState(StrEnum):
    APPLIED = "applied"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Correction:
    """One figure, or one of `IDENTITY`, that somebody has put right."""

    report_id: str
    """Of a figure: as the report stands. Of an identity: as its page is read."""
    path: str
    """Dotted, below `figures`; or one of `IDENTITY`."""
    source_says: Said
    """What the parser reads; None where it reads no number."""
    correct: Said
    """None: the figure is wrong and nobody knows the right one."""
    by: str
    on: str
    why: str
    source: str
    """The evidence: an address, a document, a telephone call."""
    place: str
    """File and line."""
    organ: Organ | None = None
    """Of a corrected organ: what its name stands for today, `name_raw` empty."""
    url: str | None = None
    """Of an identity: only as read from this address; None from any."""

    @property
    def is_identity(self) -> bool:
        return self.path in IDENTITY


@dataclass(frozen=True)
class CorrectionNote:
    """A correction as the report carries it (`corrections`)."""

    path: str
    state: CorrectionState
    source_says: Said
    """What it was made for."""
    found: Said
    """What the source says now."""
    correct: Said
    by: str
    on: str
    why: str
    source: str


@dataclass(frozen=True)
class CellCorrection:
    """What a corrected cell carries (`cells[].correction`)."""

    source_says: int | float | None
    semantic: str
    """Of the cell as the source has it."""
    by: str
    on: str
    why: str
    source: str


class Corrections:
    """All corrections, by report."""

    def __init__(self, corrections: Iterable[Correction] = ()) -> None:
        self._by_report: dict[str, tuple[Correction, ...]] = {}
        for one in corrections:
            self._by_report[one.report_id] = (*self._by_report.get(one.report_id, ()), one)
        self._digests = {key: _digest(some) for key in self._by_report if (some := self.figures_of(key))}

    def __iter__(self) -> Any:
        return (one for some in self._by_report.values() for one in some)

    @property
    def report_ids(self) -> tuple[str, ...]:
        return tuple(self._by_report)

    def of(self, report_id: str) -> tuple[Correction, ...]:
        return self._by_report.get(report_id, ())

    def figures_of(self, report_id: str) -> tuple[Correction, ...]:
        return tuple(one for one in self.of(report_id) if not one.is_identity)

    def identities_of(self, report_id: str) -> tuple[Correction, ...]:
        return tuple(one for one in self.of(report_id) if one.is_identity)

    def digest(self, report_id: str) -> str | None:
        """Changes with any corrected figure of this report; None where there is none."""
        return self._digests.get(report_id)

    def word(self, report_id: str) -> str | None:
        found = self.digest(report_id)
        return None if found is None else f"{CORRECTION}{report_id}#{found}"

    def identity_word(self, report_id: str) -> str | None:
        mine = self.identities_of(report_id)
        return f"{IDENTIFIED}{report_id}#{_digest(mine)}" if mine else None

    def words(self, report_id: str) -> set[str]:
        """What a report that stands or is read under this id must have been made from."""
        return {word for word in (self.word(report_id), self.identity_word(report_id)) if word is not None}


def _digest(corrections: Iterable[Correction]) -> str:
    return digest([{**asdict(one), "place": ""} for one in corrections])[:12]


# --- on a report ----------------------------------------------------------------------------------------------


def apply(document: Mapping[str, Any], corrections: Corrections) -> Doc:
    """A report as read -> with its figures as they stand, and cells, checks, trust, flags; `before_corrections` keeps what
    they were.

    Nothing is changed in `document` itself. A report without corrections comes back as it is.
    """
    mine = corrections.figures_of(document["_id"])
    if not mine:
        return dict(document)
    templates = load_templates()
    cells = {cell["path"]: cell for cell in document["cells"]}
    notes = [note_of(one, _found(document, one.path)) for one in mine]
    applied = {note.path: note for note in notes if note.state is CorrectionState.APPLIED}
    figures = document["figures"]
    for path, note in applied.items():
        figures = _with(figures, path.split("."), _number(note.correct))
    new_cells = [
        _corrected(cell, applied[cell["path"]]) if cell["path"] in applied else cell for cell in document["cells"]
    ]
    new_cells += [_corrected(_blank(path), note) for path, note in applied.items() if path not in cells]
    checks, trust, said = recheck(
        document["checks"], new_cells, set(applied), document["trust"], document["flags"], templates, document["organ"]
    )
    heads = dict.fromkeys(path.split(".")[0] for path in applied)
    flags = [f"{CORRECTED}{head}" for head in heads]
    flags += [f"{REOPENED}{note.path}" for note in notes if note.state is CorrectionState.REOPENED]
    found = corrections.digest(document["_id"])
    return {
        **document,
        "figures": figures,
        "cells": new_cells,
        "checks": checks,
        "trust": trust,
        "flags": [*said, *flags],
        "corrections": [*document.get("corrections", ()), *(asdict(note) for note in notes)],
        "derived": {
            **document["derived"],
            "fingerprint": digest([document["derived"]["fingerprint"], found])[:32],
            "corrections": found,
        },
        "before_corrections": {
            "figures": {path: _found(document, path) for path in applied},
            "cells": [cells[path] for path in applied if path in cells],
            "checks": document["checks"],
            "trust": document["trust"],
            "flags": document["flags"],
            "corrections": list(document.get("corrections", ())),
            "fingerprint": document["derived"]["fingerprint"],
        },
    }


def corrected_by(stored: Mapping[str, Any] | None) -> str | None:
    """The digest of the corrections that a stored report, or its head, was made with."""
    found: str | None = ((stored or {}).get("derived") or {}).get("corrections")
    return found


def undo(document: Mapping[str, Any]) -> Doc:
    """The report as it was read, from one that `apply` has made."""
    before = document.get("before_corrections")
    if before is None:
        return dict(document)
    old = {cell["path"]: cell for cell in before["cells"]}
    cells = [old.get(cell["path"], cell) for cell in document["cells"]]
    figures = document["figures"]
    for path, value in before["figures"].items():
        figures = _with(figures, path.split("."), value)
    derived = {name: value for name, value in document["derived"].items() if name != "corrections"}
    as_read = {name: value for name, value in document.items() if name not in ("before_corrections", "corrections")}
    return {
        **as_read,
        "figures": figures,
        "cells": [cell for cell in cells if "correction" not in cell],
        "checks": before["checks"],
        "trust": before["trust"],
        # Stored before they were kept: no rule's flag was ever changed by a correction then.
        "flags": before.get("flags", [f for f in document["flags"] if not f.startswith((CORRECTED, REOPENED))]),
        "derived": {**derived, "fingerprint": before["fingerprint"]},
        **({"corrections": before["corrections"]} if before.get("corrections") else {}),
    }


def note_of(one: Correction, found: Said) -> CorrectionNote:
    state = CorrectionState.APPLIED if found == one.source_says else CorrectionState.REOPENED
    return CorrectionNote(
        one.path, state, one.source_says, found, one.correct, one.by, one.on, one.why, one.source
    )  # fmt: skip


def _corrected(cell: Mapping[str, Any], note: CorrectionNote) -> Doc:
    value = _number(note.correct)
    semantic = Semantic.UNREADABLE if value is None else Semantic.ZERO if value == 0 else Semantic.NUMBER
    kept = CellCorrection(cell["value"], cell["semantic"], note.by, note.on, note.why, note.source)
    return {**cell, "value": value, "semantic": semantic.value, "correction": asdict(kept)}


def _number(value: Said) -> int | float | None:
    """Of a figure: the files let nothing else in."""
    return None if isinstance(value, str) else value


def _blank(path: str) -> Doc:
    """A figure that the page has no cell for."""
    nothing = dict.fromkeys(("value", "unit", "unit_source", "note", "at"))
    return {"path": path, "raw": "", **nothing, "semantic": Semantic.EMPTY.value}


def _found(document: Mapping[str, Any], path: str) -> Any:
    node: Any = document["figures"]
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _with(figures: Mapping[str, Any], keys: list[str], value: int | float | None) -> Doc:
    """The same figures with another one at this place."""
    head, *rest = keys
    below = figures.get(head)
    inner: Any = value if not rest else _with(below if isinstance(below, Mapping) else {}, rest, value)
    return {**figures, head: inner}
