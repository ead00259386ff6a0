"""Figures that stand in sentences, as `config/templates/facts/*.yaml` describes them, validated with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.prose.carried import Carried
from parsers.prose.known import LONGEST, Known
from parsers.prose.stop import STOP, with_stop
from parsers.prose.subjects import Others
from parsers.prose.unread import Counted
from parsers.yaml_file import Node, load


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
    nought_unless: re.Pattern[str]
    """Where this stands in the sentence in front of what says that there was none, a part of the organ is meant."""
    behind: re.Pattern[str]
    """What stands right behind a figure that is no count of the year."""
    numeral: re.Pattern[str]
    """What a figure looks like, with what must stand around it; as far as the pattern of a fact found one."""
    about: re.Pattern[str]
    """What makes a figure an approximate one, in a stretch of text from a little before it to a little behind it."""
    scaled: re.Pattern[str]
    """How a figure is written that was rounded: 1.2万."""
    asked: re.Pattern[str]  # what stands in front of a figure whose pattern has the (empty) group of this name
    asked_of_what: re.Pattern[str]


class Saying(NamedTuple):
    """One way to say something, and a word that every sentence which says it so contains."""

    pattern: re.Pattern[str]
    word: str


@dataclass(frozen=True)
class Chapter:
    """What sentences say that need not name again what their heading names: 五、行政复议情况 / 无。"""

    words: tuple[str, ...]
    """Every heading contains one."""
    heading: re.Pattern[str]
    numbers: tuple[re.Pattern[str], ...]
    zeros: tuple[re.Pattern[str], ...]
    zeros_unless: re.Pattern[str] | None = None
    """Where this stands below the heading, what says that there was none is not believed."""


@dataclass(frozen=True)
class Fact:
    """A figure that stands in a sentence. `numbers` have one group (the figure); `zeros` say that there was none."""

    key: str
    name: str
    unit: str
    words: tuple[str, ...]
    """Every pattern contains one: a text without it need not be searched."""
    numbers: tuple[Saying, ...]
    zeros: tuple[Saying, ...]
    times: OtherTimes
    others: Others
    carried: Carried
    known: Known
    counted: Counted
    own_words: frozenset[str]
    """What else may stand around a figure of this fact without changing what it counts."""
    near: re.Pattern[str] | None = None
    """What must stand in the same sentence."""
    unless_sentence: re.Pattern[str] | None = None
    """Where this stands in the same sentence, the figure says something else."""
    unless_around: re.Pattern[str] | None = None
    """The same up to the next full stops: the figure is a part."""
    doubtful: tuple[Saying, ...] = ()  # as `numbers`, but the sentence may count something else as well
    chapters: tuple[Chapter, ...] = ()
    unless_behind: re.Pattern[str] | None = None
    """Where this stands behind a figure, it counts more than the fact does: 33件(含上年结转2件)."""
    denied: re.Pattern[str] | None = None
    """What says that there was none, in whatever words: understood by `zeros`, or told as `unread`."""
    only_told: bool = False
    """It is compared with a table (`told`) and is no figure of a report without one: the form of its time has no such row."""


@lru_cache(maxsize=4)
def read_facts(path: Path, content: bytes) -> Mapping[str, Fact]:
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
    whose = node.node("others")
    others = Others(**{one.name: _named(whose, one.name, words, _GROUPS) for one in fields(Others)})
    whose.done()
    front = node.node("carried")
    carried = Carried(**{one.name: _named(front, one.name, words, _GROUPS) for one in fields(Carried)})
    front.done()
    around = node.node("known")
    known = _known(around, words)
    around.done()
    counts = node.node("counted")
    counted = Counted(**{one.name: _named(counts, one.name, words, _GROUPS) for one in fields(Counted)})
    counts.done()
    facts = [_fact(fact, words, times, others, carried, known, counted) for fact in node.nodes("facts")]
    node.done()
    known = replace(known, rows=known.rows.union(known.prose, *(fact.own_words for fact in facts)))
    facts = [replace(fact, known=known) for fact in facts]
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
        return re.compile(with_stop(_spelled_out(node, key, text, words)))
    except re.error as error:
        raise node.error(f"{text!r} is no regular expression: {error}", key) from None


_GROUPS = {
    "subject": "who",
    "wider": "level",
    "site": "level",
    "inside": "who",
    "when": "year",
    "heads": "who",
    "figure": "n",
    "wording": "n",
}


def _named(node: Node, key: str, words: Mapping[str, str], groups: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern whose group of a name says something."""
    pattern = _pattern(node, key, node.text(key), words)
    if key in groups and groups[key] not in pattern.groupindex:
        raise node.error(f"{pattern.pattern!r} needs a group named {groups[key]}", key)
    return pattern


def _patterns(node: Node, key: str, words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(node, key, text, words) for text in node.texts(key, ()))


def _known(node: Node, words: Mapping[str, str]) -> Known:
    return Known(
        words=_listed(node, "words", words),
        prose=_listed(node, "prose", words),
        rows=_listed(node, "rows", words),
        **{
            one.name: _pattern(node, one.name, node.text(one.name), words)
            for one in fields(Known)
            if one.name not in ("words", "prose", "rows")
        },
    )


def _listed(node: Node, key: str, words: Mapping[str, str]) -> frozenset[str]:
    listed = frozenset(_spelled_out(node, key, node.text(key, ""), words).split())
    if long := [word for word in listed if len(word) > LONGEST]:
        raise node.error(f"{long[0]!r} is longer than {LONGEST} characters and would never be found", key)
    return listed


def _numbers(node: Node, key: str, words: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    patterns = _patterns(node, key, words)
    for pattern in patterns:
        if "n" not in pattern.groupindex:
            raise node.error(f"{pattern.pattern!r} needs a group named n: the figure", key)
    return patterns


def _sayings(node: Node, key: str, patterns: tuple[re.Pattern[str], ...], words: tuple[str, ...]) -> tuple[Saying, ...]:
    sayings: list[Saying] = []
    for pattern in patterns:
        word = next((word for word in words if word in pattern.pattern), None)
        if word is None:
            raise node.error(f"{pattern.pattern!r} does not contain the fact's word {'|'.join(words)!r}", key)
        if reaches_over(pattern):
            raise node.error(f"{pattern.pattern!r} may reach over the end of a sentence: see `chapters`", key)
        sayings.append(Saying(pattern, word))
    return tuple(sayings)


def _chapter(node: Node, words: Mapping[str, str]) -> Chapter:
    chapter = Chapter(
        words=tuple(node.text("word").split("|")),
        heading=_pattern(node, "heading", node.text("heading"), words),
        numbers=_numbers(node, "numbers", words),
        zeros=_patterns(node, "zeros", words),
        zeros_unless=_pattern(node, "zeros_unless", node.text("zeros_unless"), words)
        if "zeros_unless" in node
        else None,
    )
    node.done()
    return chapter


def _fact(
    node: Node,
    words: Mapping[str, str],
    times: OtherTimes,
    others: Others,
    carried: Carried,
    known: Known,
    counted: Counted,
) -> Fact:
    def one(key: str) -> re.Pattern[str] | None:
        return _pattern(node, key, node.text(key), words) if key in node else None

    stems = tuple(node.text("word").split("|"))
    fact = Fact(
        key=node.text("key"),
        name=node.text("name"),
        unit=node.text("unit"),
        words=stems,
        numbers=_sayings(node, "numbers", _numbers(node, "numbers", words), stems),
        zeros=_sayings(node, "zeros", _patterns(node, "zeros", words), stems),
        times=times,
        others=others,
        carried=carried,
        known=known,
        counted=counted,
        own_words=_listed(node, "known", words),
        unless_behind=one("unless_behind"),
        near=one("near"),
        unless_sentence=one("unless_sentence"),
        unless_around=one("unless_around"),
        doubtful=_sayings(node, "doubtful", _numbers(node, "doubtful", words), stems),
        chapters=tuple(_chapter(chapter, words) for chapter in node.nodes("chapters")),
        denied=one("denied"),
        only_told=node.flag("only_told"),
    )
    node.done()
    return fact


_BRACKETS = re.compile(r"\\\((?:\(\?![^()]*\))?\[\^\)\]\*\\\)")
"""How patterns say that something in brackets may follow."""
_LOOK_AT_A_MARK = re.compile(r"\[[^^\]]*[。;][^\]]*\](?=(?:\|\$)?\))")
"""How patterns say that the sentence ends: (?=[。;,]|$)."""
_CLASS_WITHOUT_MARKS = re.compile(r"\[(?:\^(?=[^\]]*。)(?=[^\]]*;)[^\]]*|[^^\]。;][^\]。;]*)\]")
_MAY_BE_A_MARK = re.compile(r"(?<!\\)[.。;\[]|\\[DSWs]")


def reaches_over(pattern: re.Pattern[str]) -> bool:
    """May it match over the end of a sentence: 收费减免情况;未收取费用? Such a match would never be looked for."""
    written = _BRACKETS.sub("", pattern.pattern.replace(STOP, "。"))
    return bool(_MAY_BE_A_MARK.search(_CLASS_WITHOUT_MARKS.sub("", _LOOK_AT_A_MARK.sub("", written))))
