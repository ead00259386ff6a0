"""Report templates: `config/templates/*.yaml` -> frozen values, validated with file and line.

A template says which sections a report has, which tables with which rows and columns, which sums must hold, and
which figures stand in sentences. Adding a template, a row or an alias is a change of data, never of code.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path

from parsers.errors import TemplateError
from parsers.form import Column, Part, Row, Table
from parsers.form_file import read_table
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

    `relation`: `=`, `<=`, `>=` compare the sums of both sides; `differs` and `whole` look at `left` alone.
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
class OtherTimes:
    """How a sentence says that a figure belongs to another year, or to all of them together."""

    years: re.Pattern[str]  # group `year`: the last one in front of a figure is the figure's
    words: re.Pattern[str]
    ever: re.Pattern[str]
    """All the years together: a figure is of none of them, a nought is of each."""
    sums: re.Pattern[str]
    """A sum over the years, but for sentences that say `within` and not `until`."""
    within: re.Pattern[str]
    until: re.Pattern[str]
    asked: re.Pattern[str]  # what stands in front of a figure whose pattern has the (empty) group of this name
    asked_of_what: re.Pattern[str]


@dataclass(frozen=True)
class Fact:
    """A figure that stands in a sentence. `numbers` have one group (the figure); `zeros` say that there was none."""

    key: str
    name: str
    unit: str
    words: tuple[str, ...]
    """Every pattern contains one: a text without it need not be searched."""
    numbers: tuple[re.Pattern[str], ...]
    zeros: tuple[re.Pattern[str], ...]
    times: OtherTimes
    unless: re.Pattern[str] | None = None
    """Where this stands in the clause in front of a figure, the figure says something else."""
    near: re.Pattern[str] | None = None
    """What must stand in the same sentence."""
    unless_sentence: re.Pattern[str] | None = None
    """As `unless`, anywhere in the same sentence."""
    doubtful: tuple[re.Pattern[str], ...] = ()  # as `numbers`, but the sentence may count something else as well
    only_told: bool = False
    """It is compared with a table (`told`) and is no figure of a report without one: the form of its time has no such row."""

    def word_of(self, pattern: re.Pattern[str]) -> str | None:
        """The word that a pattern of the fact contains."""
        return next((word for word in self.words if word in pattern.pattern), None)


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
        facts = _facts(facts_path, content)
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


@lru_cache(maxsize=4)
def _facts(path: Path, content: bytes) -> Mapping[str, Fact]:
    """The facts of a file with this content: all forms share one, which is read once."""
    node = load(path)
    words: dict[str, str] = {}
    spoken = node.node("words")
    for name in (*spoken.keys(),):
        words[name] = _spelled_out(spoken, name, spoken.text(name), words)
    spoken.done()
    apart = node.node("other_times")
    times = OtherTimes(
        **{one.name: _pattern(apart, one.name, apart.text(one.name), words) for one in fields(OtherTimes)}
    )
    apart.done()
    facts = [_fact(fact, words, times) for fact in node.nodes("facts")]
    node.done()
    return {fact.key: fact for fact in facts}


def _spelled_out(node: Node, key: str, text: str, words: Mapping[str, str]) -> str:
    """`{name}` replaced by what the file's `words` say; `{0,12}` is left alone."""

    def spelled(match: re.Match[str]) -> str:
        if match[1] not in words:
            raise node.error(f"{{{match[1]}}} is not among the words above it: {', '.join(words)}", key)
        return words[match[1]]

    return re.sub(r"\{([a-z_]+)\}", spelled, text)


def _pattern(node: Node, key: str, text: str, words: Mapping[str, str]) -> re.Pattern[str]:
    try:
        return re.compile(_spelled_out(node, key, text, words))
    except re.error as error:
        raise node.error(f"{text!r} is no regular expression: {error}", key) from None


def _told(node: Node, facts: Mapping[str, Fact]) -> Told:
    name = node.text("fact")
    if name not in facts:
        raise node.error(f"the facts' file has no fact {name!r}", "fact")
    rule = node.text("rule")
    told = Told(rule, node.text("cell"), facts[name], node.flag("noughts_only"), node.text("nil_rule", rule))
    node.done()
    return told


def _fact(node: Node, words: Mapping[str, str], times: OtherTimes) -> Fact:
    def patterns(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(node, key, text, words) for text in node.texts(key, ()))

    def one(key: str) -> re.Pattern[str] | None:
        return _pattern(node, key, node.text(key), words) if key in node else None

    fact = Fact(
        key=node.text("key"),
        name=node.text("name"),
        unit=node.text("unit"),
        words=tuple(node.text("word").split("|")),
        numbers=patterns("numbers"),
        zeros=patterns("zeros"),
        times=times,
        unless=one("unless"),
        near=one("near"),
        unless_sentence=one("unless_sentence"),
        doubtful=patterns("doubtful"),
        only_told=node.flag("only_told"),
    )
    for pattern in (*fact.numbers, *fact.doubtful, *fact.zeros):
        if pattern not in fact.zeros and "n" not in pattern.groupindex:
            raise node.error(f"{pattern.pattern!r} needs a group named n: the figure", "numbers")
        if fact.word_of(pattern) is None:
            raise node.error(f"{pattern.pattern!r} does not contain the fact's word {'|'.join(fact.words)!r}", "word")
    node.done()
    return fact
