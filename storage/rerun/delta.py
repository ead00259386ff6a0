"""How a reading differs from the one that stands: figures and other fields with both values, checks mended and broken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from parsers.report import Status
from storage.base import Doc
from storage.saving.compare import differences

MOST_LINES = 200
"""Of one report; how many there are in all is counted."""
LONGEST_VALUE = 120


@dataclass(frozen=True)
class Line:
    """One place at which the two differ; None where there is nothing on that side."""

    path: str
    old: str | int | float | None
    new: str | int | float | None


@dataclass(frozen=True)
class Moved:
    """One check whose answer is another now."""

    rule: str
    where: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Delta:
    """All differences of one reading."""

    fields: int = 0
    """Changed places other than figures: title, organ, text, flags, what a cell is taken for …"""
    figures: int = 0
    lines: tuple[Line, ...] = ()
    mended: tuple[Moved, ...] = ()
    """Sums that hold now and did not, or could not be judged, before."""
    broken: tuple[Moved, ...] = ()
    """Sums that held, or were not said to fail, and now fail, or hold no longer because a figure is gone."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Delta:
        values = json.loads(text)
        return cls(
            fields=values["fields"],
            figures=values["figures"],
            lines=tuple(Line(**line) for line in values["lines"]),
            mended=tuple(Moved(**moved) for moved in values["mended"]),
            broken=tuple(Moved(**moved) for moved in values["broken"]),
        )


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Delta:
    """Both are documents of reports; `old` as it is stored, `new` as the parser gives it."""
    groups = differences(old, new)
    figures = groups.pop("figures", [])
    said = {f"cells.{path.removeprefix('figures.')}" for path in figures}
    groups["cells"] = [path for path in groups.get("cells", []) if path not in said]
    others = [path for group in ("meta", "cells", "checks", "text") for path in groups.get(group, [])]
    moved = tuple(_moved(old, new))
    return Delta(
        fields=len(others),
        figures=len(figures),
        lines=tuple(
            islice((Line(path, _value(old, path), _value(new, path)) for path in (*figures, *others)), MOST_LINES)
        ),
        mended=tuple(one for one in moved if one.new == Status.PASS),
        broken=tuple(one for one in moved if one.new == Status.FAIL or one.old == Status.PASS),
    )


def newly(document: Mapping[str, Any]) -> Delta:
    """A report where there was none: its figures are counted, and nothing is mended or broken."""
    numbers = sum(cell["value"] is not None for cell in document["cells"])
    lines = (Line("organ.name", None, document["organ"]["name"]), Line("report_year", None, document["report_year"]))
    return Delta(figures=numbers, lines=(*lines, Line("template.id", None, document["template"]["id"])))


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Moved]:
    before, after = _answers(old), _answers(new)
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield Moved(*key, before.get(key), after.get(key))


def _answers(document: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """(rule, where) -> its answer; of several under one name the worst."""
    worst = (Status.FAIL, Status.PASS, Status.NOT_ASSESSABLE)
    found: dict[tuple[str, str], str] = {}
    for check in document["checks"]:
        key = (check["rule"], check["where"])
        found[key] = min(check["status"], found.get(key, check["status"]), key=worst.index)
    return found


def _value(document: Mapping[str, Any], path: str) -> str | int | float | None:
    """What stands at a path of `storage.saving.compare.differences`, in a form that fits on a line."""
    head, _, rest = path.partition(".")
    if head == "checks":
        rule, _, where = rest.partition(":")
        return _answers(document).get((rule, where))
    if head == "cells":
        cells = [cell for cell in document["cells"] if cell["path"] == rest]
        return "; ".join(f"{cell['raw']} ({cell['semantic']})" for cell in cells) or None
    if head == "sections":
        found = [section for section in document["sections"] if str(section["ordinal"]) == rest]
        return "; ".join(f"{one['heading']} ({len(one['text'])} characters)" for one in found) or None
    node: Any = document
    for key in path.split("."):
        node = node.get(key) if isinstance(node, Mapping) else None
    return _short(node)


def _short(value: Doc | list[Any] | str | int | float | None) -> str | int | float | None:
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
