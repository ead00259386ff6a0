"""Report templates: `config/templates/*.yaml` -> frozen values, validated with file and line.

A template says which sections a report has, which tables with which rows and columns, which sums must hold, and
which figures stand in sentences. Adding a template, a row or an alias is a change of data, never of code.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from parsers.errors import TemplateError
from parsers.form import Column, Part, Row, Table
from parsers.form_file import read_table
from parsers.prose.fact import Fact, read_facts
from parsers.report import Level
from parsers.yaml_file import Node, load

__all__ = [
    "CheckRule", "Column", "Fact", "Part", "Row", "SectionLabel", "Table", "Template", "Told", "config_directory",
    "load_templates", "read_template",
]  # fmt: skip


def config_directory() -> Path:
    """`config/` beside the code, or where NIANBAO_CONFIG points."""
    return _directory(os.environ.get("NIANBAO_CONFIG"))


@lru_cache(maxsize=8)
def _directory(named: str | None) -> Path:
    return Path(named or Path(__file__).resolve().parents[1] / "config")


@dataclass(frozen=True)
class SectionLabel:
    key: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class CheckRule:
    """One rule of domain.md section 2, with `{row}` and `{column}` already filled in.

    `relation`: `=`, `<=`, `>=` and `differs` compare the sums of both sides; `whole` looks at `left` alone.
    """

    rule: str
    level: Level
    relation: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    where: str
    times: int | None = None
    """The right side counts so many times; where it is nought the rule says nothing."""
    levels: tuple[str, ...] = ()
    """Organs of these levels need not hold to it."""
    flag: str | None = None
    """What the report is flagged with where it breaks."""

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return (*self.left, *self.right)


@dataclass(frozen=True)
class Told:
    """A figure of a table that the text tells as well: `fact` in a sentence against `cell` (rules N-T3, N-T4)."""

    rule: str
    cell: str
    fact: Fact
    noughts_only: bool
    """The text counts together what the table counts apart: only "none" can be compared."""
    nil_rule: str
    """The rule's name where the sentence says that there was none."""


@dataclass(frozen=True)
class Template:
    id: str
    version: str
    name: str
    basis: str
    first_year: int
    last_year: int | None
    sections: tuple[SectionLabel, ...]
    tables: tuple[Table, ...]
    checks: tuple[CheckRule, ...]
    facts: tuple[Fact, ...]
    """Figures that stand in sentences alone."""
    told: tuple[Told, ...]
    """Figures that stand in a table and in a sentence."""
    digest: str
    """First 12 hex digits of the sha256 of the file (and of its facts' file): an edit without a new version shows."""

    def __hash__(self) -> int:
        """By the file that it was read from: all its fields are deep."""
        return hash((self.id, self.version, self.digest))

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def load_templates(directory: Path | None = None) -> tuple[Template, ...]:
    """Every template of `config/templates/`, by file name, read once a process. Raises TemplateError naming the line."""
    return _load(directory or _beside(config_directory()))


@lru_cache(maxsize=8)
def _beside(directory: Path) -> Path:
    return directory / "templates"


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Template, ...]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise TemplateError("bad_config", f"{folder}: there is no template here")
    return tuple(read_template(file) for file in files)


def read_template(path: Path) -> Template:
    node = load(path)
    identifier = node.text("id")
    if identifier != path.stem:
        raise node.error(f"id {identifier!r} must equal the file's name", "id")
    years = node.node("years")
    digest = hashlib.sha256(path.read_bytes())
    facts: Mapping[str, Fact] = {}
    if "facts_file" in node:
        facts_path = path.parent / node.text("facts_file")
        content = facts_path.read_bytes()
        facts = read_facts(facts_path, content)
        digest.update(content)
    tables = tuple(read_table(table) for table in node.nodes("tables"))
    template = Template(
        id=identifier,
        version=node.text("version"),
        name=node.text("name"),
        basis=node.text("basis", ""),
        first_year=years.number("from"),
        last_year=years.number("to") if "to" in years else None,
        sections=tuple(_section(section) for section in node.nodes("sections")),
        tables=tables,
        checks=tuple(rule for check in node.nodes("checks") for rule in _checks(check, tables)),
        facts=() if "told" in node else tuple(fact for fact in facts.values() if not fact.only_told),
        told=tuple(_told(told, facts) for told in node.nodes("told")),
        digest=digest.hexdigest()[:12],
    )
    years.done()
    if "history" in node:
        node.texts("history")
    node.done()
    return template


def _section(node: Node) -> SectionLabel:
    section = SectionLabel(node.text("key"), node.texts("labels"))
    node.done()
    return section


_RELATIONS = ("=", "<=", ">=", "differs", "whole")


def _checks(node: Node, tables: tuple[Table, ...]) -> Iterator[CheckRule]:
    """One YAML rule -> one rule for each row, column or block that it speaks of."""
    rule, relation = node.text("rule"), node.text("relation", "=")
    if relation not in _RELATIONS:
        raise node.error(f"relation {relation!r} is not known; known: {', '.join(_RELATIONS)}", "relation")
    try:
        level = Level(node.text("level"))
    except ValueError:
        raise node.error("level must be hard, soft or cross", "level") from None
    left, right = node.texts("left"), node.texts("right", ())
    times = node.number("times") if "times" in node else None
    levels, flag = node.texts("unless_level", ()), node.text("flag", "") or None
    known = {path for table in tables for path in table.paths()}
    for where in _each(node, tables):
        filled = CheckRule(
            rule,
            level,
            relation,
            tuple(path.replace("{each}", where) for path in left),
            tuple(path.replace("{each}", where) for path in right),
            where,
            times,
            levels,
            flag,
        )
        for path in (*filled.left, *filled.right):
            if tables and path not in known:
                raise node.error(f"rule {rule!r} speaks of {path!r}, which no table of this template has")
        yield filled
    node.done()


def _each(node: Node, tables: tuple[Table, ...]) -> tuple[str, ...]:
    """`each: rows of requests`, `each: columns of requests`, `each: cells of requests`, or a list of words."""
    if "each" not in node:
        return ("",)
    spoken = node.texts("each")
    words = spoken[0].split(" of ") if len(spoken) == 1 else []
    if len(words) != 2:
        return spoken
    kind, name = words
    for table in tables:
        if table.id == name or table.root == name:
            if kind == "rows":
                return tuple(row.key for part in table.parts for row in part.rows)
            if kind == "columns":
                return tuple(dict.fromkeys(c.key for part in table.parts for c in part.values))
            if kind == "cells":
                return tuple(table.paths())
    raise node.error(f"{spoken[0]!r}: say 'rows of TABLE', 'columns of TABLE' or 'cells of TABLE'", "each")


def _told(node: Node, facts: Mapping[str, Fact]) -> Told:
    name = node.text("fact")
    if name not in facts:
        raise node.error(f"the facts' file has no fact {name!r}", "fact")
    rule = node.text("rule")
    told = Told(rule, node.text("cell"), facts[name], node.flag("noughts_only"), node.text("nil_rule", rule))
    node.done()
    return told
