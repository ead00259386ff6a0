"""`config/corrections/<organ id>.yaml`: read, and refused with file and line where something is wrong."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path

from parsers.errors import TemplateError
from parsers.identity.organs import is_relative, load_units, mend, resolve
from parsers.report import Organ
from parsers.template import config_directory, load_templates
from parsers.yaml_file import Node, load
from storage.corrections.identity import moved_to
from storage.corrections.overlay import IDENTITY, Correction, Corrections, Said

_SCOPES = ("own", "consolidated", "joint")
LEVELS = ("national", "province", "city", "county", "township", "department")


def load_corrections(folder: Path | None = None) -> Corrections:
    """Read `config/corrections/*.yaml`, again when one of them has changed. Raises TemplateError naming file and line."""
    place = folder or config_directory() / "corrections"
    found = ((path, path.stat()) for path in sorted(place.glob("*.yaml")))
    return _load(place, tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found))


@lru_cache(maxsize=8)
def _load(folder: Path, _stamps: tuple[tuple[str, int, int], ...]) -> Corrections:
    found = Corrections(one for path in sorted(folder.glob("*.yaml")) for one in _file(path))
    for one in found:
        if not one.is_identity and (target := moved_to(found, one.report_id)) is not None:
            told = f"{one.place}: {one.report_id} is {target} now: figures are put right in the file of that organ"
            raise TemplateError("bad_config", told)
    return found


def _file(path: Path) -> list[Correction]:
    node = load(path)
    organ = node.text("organ")
    if organ != path.stem:
        raise node.error(f"the organ {organ!r} must be the file's name", "organ")
    known = {figure for template in load_templates() for table in template.tables for figure in table.paths()}
    known |= {f"statistics.{fact.key}" for template in load_templates() for fact in template.facts}
    found = [_correction(organ, one, known) for one in node.nodes("corrections")]
    node.done()
    for (report_id, what, url), count in Counter(map(_key, found)).items():
        if count > 1:
            last = [one for one in found if _key(one) == (report_id, what, url)][-1]
            raise node.error(f"{what} of {report_id} is put right twice ({last.place})")
    return found


def _key(one: Correction) -> tuple[str, str, str | None]:
    return one.report_id, one.path, one.url


def _correction(organ: str, node: Node, known: set[str]) -> Correction:
    report = node.text("report")
    year, _, scope = report.partition("/")
    if not (year.isdigit() and len(year) == 4 and scope in _SCOPES):
        raise node.error(f"'report' must be a year and a scope such as 2020/own, and is {report!r}", "report")
    if "field" in node:
        path, says, correct, who = _identity(node)
        url = node.optional_text("url")
    else:
        path, says, correct = _figure(node, known)
        who, url = None, None
    day = node.text("date")
    try:
        date.fromisoformat(day)
    except ValueError:
        raise node.error("'date' must be a day in quotes such as \"2026-11-26\"", "date") from None
    correction = Correction(
        report_id=f"{organ}/{report}",
        path=path,
        source_says=says,
        correct=correct,
        by=_said(node, "by"),
        on=day,
        why=_said(node, "why"),
        source=_said(node, "source"),
        place=f"{node.path}:{node.line}",
        organ=who,
        url=url,
    )
    if correction.source_says == correction.correct:
        what = "one" if correction.is_identity else "number"
        raise node.error(f"'correct' must be another {what} than 'source_says'", "correct")
    node.done()
    return correction


def _figure(node: Node, known: set[str]) -> tuple[str, int | float | None, int | float | None]:
    figure = node.text("figure")
    if figure not in known:
        raise node.error(f"{figure!r} is no figure of any template", "figure")
    return figure, node.optional_decimal("source_says"), node.optional_decimal("correct")


def _identity(node: Node) -> tuple[str, Said, Said, Organ | None]:
    """Field, what the source says, what is correct, and the organ that a corrected name stands for."""
    name = node.text("field")
    if name == "year":
        year = node.number("correct")
        if not 2000 <= year <= 2100:
            raise node.error("'correct' must be a year such as 2020", "correct")
        return name, node.number("source_says"), year, None
    if name not in IDENTITY:
        raise node.error(f"'field' must be one of {', '.join(IDENTITY)}, and is {name!r}", "field")
    says = node.optional_text("source_says") if name == "level" else node.text("source_says")
    correct = _said(node, "correct")
    if name == "level" and correct not in LEVELS:
        raise node.error(f"'correct' must be one of {', '.join(LEVELS)}", "correct")
    return name, says, correct, _organ(node, correct) if name == "organ" else None


def _organ(node: Node, correct: str) -> Organ:
    """By its id in config/units, or by its full name: the same name has the same id as where a page is read."""
    unit = load_units().by_id.get(correct)
    if unit is not None:
        return Organ(unit.id, unit.name, "", unit.level, unit.region_code, unit.province, unit.city, unit.county)
    name = mend(correct)
    if is_relative(name):
        told = f"'correct' must be an organ's id in config/units or its full name with its region, and is {correct!r}"
        raise node.error(told, "correct")
    return resolve(name, "", None)


def _said(node: Node, key: str) -> str:
    text = node.text(key).strip()
    if not text:
        raise node.error(f"{key!r} must not be empty: who looks at it later needs it", key)
    return text
