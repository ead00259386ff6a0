"""What people put right: `config/corrections/<organ id>.yaml`, laid over a report when it is stored.

A parser never knows of them. The report that stands has the corrected figure, and beside it, in the cell, what the
source says and who put it right, when, why and by what evidence. A correction holds for the figure that it was made for:
when the source says something else than it did then, it is not applied, and the report says `correction_reopened`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from parsers.recheck import recheck
from parsers.report import Semantic
from parsers.template import config_directory, load_templates
from parsers.yaml_file import Node, load
from storage.base import Doc, digest

CORRECTION = "correction:"
"""A word of `made_of` in the catalogue, with the report's id and a digest: by it a rerun finds what people changed."""
REOPENED = "correction_reopened:"
"""Flag, with the figure's path behind it."""
CORRECTED = "corrected:"
"""Flag, with the table's name behind it."""
_SCOPES = ("own", "consolidated", "joint")


class CorrectionState(StrEnum):
    APPLIED = "applied"
    REOPENED = "reopened"


@dataclass(frozen=True)
class Correction:
    """One figure that somebody has put right."""

    report_id: str
    path: str
    """Dotted, below `figures`."""
    source_says: int | float | None
    """What the parser reads; None where it reads no number."""
    correct: int | float | None
    """None: the figure is wrong and nobody knows the right one."""
    by: str
    on: str
    why: str
    source: str
    """The evidence: an address, a document, a telephone call."""
    place: str
    """File and line."""


@dataclass(frozen=True)
class CorrectionNote:
    """A correction as the report carries it (`corrections`)."""

    path: str
    state: CorrectionState
    source_says: int | float | None
    """What it was made for."""
    found: int | float | None
    """What the source says now."""
    correct: int | float | None
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
        self._digests = {key: _digest(some) for key, some in self._by_report.items()}

    def __iter__(self) -> Any:
        return (one for some in self._by_report.values() for one in some)

    @property
    def report_ids(self) -> tuple[str, ...]:
        return tuple(self._by_report)

    def of(self, report_id: str) -> tuple[Correction, ...]:
        return self._by_report.get(report_id, ())

    def digest(self, report_id: str) -> str | None:
        """Changes with any correction of this report; None where there is none."""
        return self._digests.get(report_id)

    def word(self, report_id: str) -> str | None:
        found = self.digest(report_id)
        return None if found is None else f"{CORRECTION}{report_id}#{found}"


def _digest(corrections: Iterable[Correction]) -> str:
    return digest([{**asdict(one), "place": ""} for one in corrections])[:12]


# --- on a report ----------------------------------------------------------------------------------------------


def apply(document: Mapping[str, Any], corrections: Corrections) -> Doc:
    """A report as read -> as it stands: figures, cells, checks, trust, flags; `before_corrections` keeps what they were.

    Nothing is changed in `document` itself. A report without corrections comes back as it is.
    """
    mine = corrections.of(document["_id"])
    if not mine:
        return dict(document)
    cells = {cell["path"]: cell for cell in document["cells"]}
    notes = [_note(one, _found(document, one.path)) for one in mine]
    applied = {note.path: note for note in notes if note.state is CorrectionState.APPLIED}
    figures = document["figures"]
    for path, note in applied.items():
        figures = _with(figures, path.split("."), note.correct)
    new_cells = [
        _corrected(cell, applied[cell["path"]]) if cell["path"] in applied else cell for cell in document["cells"]
    ]
    new_cells += [_corrected(_blank(path), note) for path, note in applied.items() if path not in cells]
    checks, trust = recheck(document["checks"], new_cells, set(applied), document["trust"], load_templates())
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
        "flags": [*document["flags"], *flags],
        "corrections": [asdict(note) for note in notes],
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
    return {
        **{name: value for name, value in document.items() if name not in ("before_corrections", "corrections")},
        "figures": figures,
        "cells": [cell for cell in cells if "correction" not in cell],
        "checks": before["checks"],
        "trust": before["trust"],
        "flags": [flag for flag in document["flags"] if not flag.startswith((CORRECTED, REOPENED))],
        "derived": {**derived, "fingerprint": before["fingerprint"]},
    }


def _note(one: Correction, found: int | float | None) -> CorrectionNote:
    state = CorrectionState.APPLIED if found == one.source_says else CorrectionState.REOPENED
    return CorrectionNote(
        one.path, state, one.source_says, found, one.correct, one.by, one.on, one.why, one.source
    )  # fmt: skip


def _corrected(cell: Mapping[str, Any], note: CorrectionNote) -> Doc:
    value = note.correct
    semantic = Semantic.UNREADABLE if value is None else Semantic.ZERO if value == 0 else Semantic.NUMBER
    kept = CellCorrection(cell["value"], cell["semantic"], note.by, note.on, note.why, note.source)
    return {**cell, "value": value, "semantic": semantic.value, "correction": asdict(kept)}


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


# --- the files ------------------------------------------------------------------------------------------------


def load_corrections(folder: Path | None = None) -> Corrections:
    """Read `config/corrections/*.yaml`, again when one of them has changed. Raises TemplateError naming file and line."""
    place = folder or config_directory() / "corrections"
    found = ((path, path.stat()) for path in sorted(place.glob("*.yaml")))
    return _load(place, tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found))


@lru_cache(maxsize=8)
def _load(folder: Path, _stamps: tuple[tuple[str, int, int], ...]) -> Corrections:
    return Corrections(one for path in sorted(folder.glob("*.yaml")) for one in _file(path))


def _file(path: Path) -> list[Correction]:
    node = load(path)
    organ = node.text("organ")
    if organ != path.stem:
        raise node.error(f"the organ {organ!r} must be the file's name", "organ")
    known = {figure for template in load_templates() for table in template.tables for figure in table.paths()}
    known |= {f"statistics.{fact.key}" for template in load_templates() for fact in template.facts}
    found = [_correction(organ, one, known) for one in node.nodes("corrections")]
    node.done()
    for (report_id, figure), count in Counter((one.report_id, one.path) for one in found).items():
        if count > 1:
            last = [one for one in found if (one.report_id, one.path) == (report_id, figure)][-1]
            raise node.error(f"{figure} of {report_id} is put right twice ({last.place})")
    return found


def _correction(organ: str, node: Node, known: set[str]) -> Correction:
    report = node.text("report")
    year, _, scope = report.partition("/")
    if not (year.isdigit() and len(year) == 4 and scope in _SCOPES):
        raise node.error(f"'report' must be a year and a scope such as 2020/own, and is {report!r}", "report")
    figure = node.text("figure")
    if figure not in known:
        raise node.error(f"{figure!r} is no figure of any template", "figure")
    day = node.text("date")
    try:
        date.fromisoformat(day)
    except ValueError:
        raise node.error("'date' must be a day in quotes such as \"2026-11-26\"", "date") from None
    correction = Correction(
        report_id=f"{organ}/{report}",
        path=figure,
        source_says=node.optional_decimal("source_says"),
        correct=node.optional_decimal("correct"),
        by=_said(node, "by"),
        on=day,
        why=_said(node, "why"),
        source=_said(node, "source"),
        place=f"{node.path}:{node.line}",
    )
    if correction.source_says == correction.correct:
        raise node.error("'correct' must be another number than 'source_says'", "correct")
    node.done()
    return correction


def _said(node: Node, key: str) -> str:
    text = node.text(key).strip()
    if not text:
        raise node.error(f"{key!r} must not be empty: who looks at it later needs it", key)
    return text
