"""English beside the official Chinese, and units: `config/english.yaml`, for dictionaries and pages.

Not in the templates: a word that is mended must not make reports out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from parsers.prose.facts import ROOT
from parsers.template import config_directory
from parsers.yaml_file import Node, load
from storage.corrections.known_figures import known_figures

MONEY = "万元"


@dataclass(frozen=True)
class English:
    words: Mapping[str, str]
    """Part of a path -> English."""
    units: Mapping[str, str]
    """Beginning of a path -> unit."""
    unit_words: Mapping[str, str]
    """Unit -> English."""

    def of(self, path: str) -> str:
        """`requests.results.denied.state_secret.total` -> `requests › results › denied › state secret › total`."""
        parts = path.removeprefix(f"{ROOT}.").split(".")
        return " › ".join(self.words.get(part, part.replace("_", " ")) for part in parts)

    def unit(self, path: str, *, is_money: bool = False) -> str:
        """`件`, `万元` …; empty where nobody says."""
        if is_money or path.endswith("_wan_yuan"):
            return MONEY
        parts = path.split(".")
        for end in range(len(parts), 0, -1):
            if (found := self.units.get(".".join(parts[:end]))) is not None:
                return found
        return ""

    def unit_in_words(self, unit: str) -> str:
        """`件 cases or documents`."""
        return f"{unit} {self.unit_words.get(unit, '')}".strip()


def load_english(path: Path | None = None) -> English:
    """Read once a process. Raises TemplateError naming file and line, also for a word that no template has."""
    return _load(path or config_directory() / "english.yaml")


@lru_cache(maxsize=4)
def _load(path: Path) -> English:
    node = load(path)
    paths = known_figures()
    parts = {part for one in paths for part in one.split(".")}
    words, units, unit_words = (node.node(name) for name in ("words", "units", "unit_words"))
    found = English(_texts(words), _texts(units), _texts(unit_words))
    node.done()
    for word in found.words:
        if word not in parts:
            raise words.error(f"no template has a key {word!r}", word)
    for beginning, unit in found.units.items():
        if not any(one == beginning or one.startswith(f"{beginning}.") for one in paths):
            raise units.error(f"no figure's path begins with {beginning!r}", beginning)
        if unit not in found.unit_words:
            raise units.error(f"{unit!r} has no English in unit_words", beginning)
    return found


def _texts(node: Node) -> dict[str, str]:
    return {key: node.text(key) for key in tuple(node.keys())}
