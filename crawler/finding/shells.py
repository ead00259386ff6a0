"""What the script of a page that holds no text would ask, told from the page's address alone once two such pages have shown it.

新点's `showinfo.html?infoGuid=77a` posts `params={"infoid":"77a"}`: what its address is told apart by is what is asked for.
The first shell of a kind shows that, the second one confirms it, and from then on the text is asked for at once: one request
a report and not two. A rule that leads nowhere once is not used any more until a page confirms it again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from crawler.vendors.vendor import Ask

TOKEN = re.compile(r"[\w-]+")
DIGITS = re.compile(r"\d+")
CONFIRMED = 2
"""Shells of different addresses that a rule has given the question of."""


@dataclass(frozen=True)
class Rule:
    """Of addresses that differ in one part, and in numbers that nobody asks for."""

    pattern: tuple[str, ...]
    """The parts of the address; None of them is looked at where `token` says."""
    token: int
    ask: Ask
    """As the first page had it."""
    value: str
    """What stood at `token` in the first page's address, and in its question."""
    seen: frozenset[str] = frozenset()
    """What stood there on the pages that confirmed it."""

    def of(self, parts: Sequence[str]) -> Ask | None:
        """The question of the page of this address; None where it is not of this kind."""
        if len(parts) != len(self.pattern) or not TOKEN.fullmatch(parts[self.token]):
            return None
        alike = (self._is_alike(n, part) for n, part in enumerate(parts) if n != self.token)
        if not all(alike):
            return None
        new = parts[self.token]
        return replace(self.ask, url=self._with(self.ask.url, new), body=self._with(self.ask.body, new))

    def _with(self, text: str, value: str) -> str:
        return _whole(self.value).sub(lambda _: value, text)

    def _is_alike(self, n: int, part: str) -> bool:
        """A date may be another; what the question names as well (whose site, which organ) may not."""
        first = self.pattern[n]
        if part == first:
            return True
        is_asked = first and _whole(first).search(f"{self.ask.url} {self.ask.body}")
        return not is_asked and DIGITS.sub("0", part) == DIGITS.sub("0", first)


class Shells:
    """The rules of one portal, learnt in one run."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def learn(self, url: str, ask: Ask) -> None:
        """The page of this address is a shell, and `ask` is what its script asks for."""
        parts = _parts(url)
        kept = []
        agreed = False
        for rule in self._rules:
            told = rule.of(parts)
            if told is None:
                kept.append(rule)
            elif told == ask:
                agreed = True
                kept.append(replace(rule, seen=rule.seen | {parts[rule.token]}))
            # A rule that says something else than the page is none.
        self._rules = kept
        if not agreed:
            self._rules += [rule for n in range(1, len(parts)) if (rule := _rule(parts, n, ask)) is not None]

    def ask(self, url: str) -> Ask | None:
        """What to ask for in the stead of this page; None where no rule is sure, or two say different things."""
        parts = _parts(url)
        sure = (rule.of(parts) for rule in self._rules if len(rule.seen) >= CONFIRMED)
        told = {one for one in sure if one is not None}
        return told.pop() if len(told) == 1 else None

    def doubt(self, url: str) -> None:
        """What a rule said of this page led to no report: its like are looked at themselves until two have confirmed it anew."""
        parts = _parts(url)
        self._rules = [rule if rule.of(parts) is None else replace(rule, seen=frozenset()) for rule in self._rules]


def _rule(parts: tuple[str, ...], n: int, ask: Ask) -> Rule | None:
    value = parts[n]
    if not TOKEN.fullmatch(value) or not _whole(value).search(f"{ask.url} {ask.body}"):
        return None
    return Rule(parts, n, ask, value, frozenset((value,)))


def _whole(value: str) -> re.Pattern[str]:
    """The value where it stands by itself: `33` is not what `2033` has."""
    return re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")


def _parts(url: str) -> tuple[str, ...]:
    """Host; folders and file; names and values of what is asked; of all of them the ending and what a fragment adds."""
    at: SplitResult = urlsplit(url)
    pairs = [part for pair in sorted(parse_qsl(at.query, keep_blank_values=True)) for part in pair]
    folders = [piece for folder in at.path.split("/")[1:] for piece in re.split(r"(\.\w+$)", unquote(folder))]
    return (at.netloc, *folders, "?", *pairs, "#", at.fragment)
