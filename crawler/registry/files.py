"""The files of `config/portals/`: which portal stands where, found without reading 3,500 entries as YAML.

    id: sample                    # a file of one portal: its name is the id
    …

    defaults: {province: 上海市, level: county, verified: false}
    platforms:
      sh-trs: {vendor: trs, basis: url shape}
    portals:                      # a file of many: an entry begins with its id
      - {id: pudong, organ: 浦东新区人民政府, home: "https://www.pudong.gov.cn/", platform: sh-trs}

An entry is found by its first words and only then read: with libyaml, and where that or the schema finds a fault once
more by ruamel.yaml, which knows the line of everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from io import StringIO
from pathlib import Path

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from crawler.registry.entry import Layers, check_inherited
from crawler.registry.entry import portal as read_entry
from crawler.registry.portal import Portal
from parsers.errors import TemplateError
from parsers.template import config_directory
from parsers.yaml_file import Node, load, text_of

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MANY = re.compile(r"^portals:[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"^  - ", re.MULTILINE)
_BEGINS = re.compile(r"  - (?:\{ ?)?id: \"?([a-z0-9][a-z0-9-]*)\"?[,\s]")
_PROFILE = re.compile(r"\b(?:profile|earlier_profiles)\s*:")


@dataclass(frozen=True)
class Place:
    """Where a portal's entry stands."""

    path: Path
    line: int
    text: str
    """The entry as it is written; of a file of one portal the whole file."""
    header: str | None
    """What the file says for all of its portals; None for a file of one."""

    @property
    def has_profile(self) -> bool:
        return bool(_PROFILE.search(self.text) or _PROFILE.search(self.header or ""))


def load_portal(portal_id: str, directory: Path | None = None) -> Portal:
    """The portal with this id. Raises TemplateError where it is missing or wrong."""
    folder = _folder(directory)
    found = find(portal_id, folder)
    if found is None:
        ids = list(index(folder))
        near = ", ".join(get_close_matches(portal_id, ids, 5, 0.5)) or ", ".join(sorted(ids)[:5]) or "none"
        told = f"{portal_id!r} is no portal of {folder}; {len(ids)} are known: {near} …; `nianbao portals list` has all"
        raise TemplateError("unknown_portal", told)
    return read(found)


def load_portals(directory: Path | None = None) -> Iterator[Portal]:
    """Every portal of the registry, in the order of the files and of their entries."""
    return (read(place) for place in index(_folder(directory)).values())


def known_ids(directory: Path | None = None) -> tuple[str, ...]:
    """The ids of all portals, without reading one."""
    return tuple(index(_folder(directory)))


def read_portal(path: Path) -> Portal:
    """The portal of a file of one."""
    node = load(path)
    portal = read_entry(Layers((node,)))
    if portal.id != path.stem:
        raise node.error(f"the id {portal.id!r} must be the file's name", "id")
    return portal


def find(portal_id: str, directory: Path | None = None) -> Place | None:
    """Where a portal's entry stands; None where there is none."""
    return index(_folder(directory)).get(portal_id)


def read(place: Place) -> Portal:
    """The portal of an entry."""
    if place.header is None:
        return read_portal(place.path)
    try:
        (entry,) = yaml.load(place.text, _LOADER)  # a SafeLoader, whichever it is
        return _with_header(place, _Quick(place.path, entry, place.line))
    except (TemplateError, yaml.YAMLError, TypeError, ValueError):
        # Once more, slowly: this time the complaint knows its line. What YAML 1.1 misread (`12:30`) is right now.
        return _with_header(place, _exact(place))


def index(folder: Path) -> dict[str, Place]:
    """Portal id -> its place. Raises TemplateError for an entry without an id and for an id that comes twice."""
    return _index(tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))))


def _folder(directory: Path | None) -> Path:
    return directory or config_directory() / "portals"


@lru_cache(maxsize=4)
def _index(files: tuple[tuple[Path, int], ...]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for path, _ in files:
        for portal_id, place in _entries(path):
            if portal_id in places:
                first = places[portal_id]
                where = f"{path}:{place.line}"
                told = f"{where}: the id {portal_id!r} stands in {first.path.name}:{first.line} already"
                raise TemplateError("bad_config", told)
            places[portal_id] = place
    return places


def _entries(path: Path) -> Iterator[tuple[str, Place]]:
    text = text_of(path)
    many = _MANY.search(text)
    if many is None:
        yield path.stem, Place(path, 1, text, None)
        return
    header = text[: many.start()]
    starts = [match.start() for match in _ITEM.finditer(text, many.end())]
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += text.count("\n", before, start)
        before = start
        begins = _BEGINS.match(text, start, end)
        if begins is None:
            raise TemplateError(
                "bad_config", f"{path}:{line}: an entry begins with its id: `- {{id: x, …` or `- id: x`"
            )
        yield begins[1], Place(path, line, text[start:end], header)


def _with_header(place: Place, entry: Node) -> Portal:
    defaults, platforms = _header(place.path, place.header or "")
    name = entry.optional_text("platform")
    if name is not None and name not in platforms:
        raise entry.error(f"there is no platform {name!r} in this file; known: {', '.join(platforms)}", "platform")
    shared = platforms[name] if name is not None else None
    return read_entry(Layers(tuple(node for node in (entry, shared, defaults) if node is not None)))


@lru_cache(maxsize=128)
def _header(path: Path, text: str) -> tuple[Node | None, dict[str, Node]]:
    """(defaults, platforms by name) of a file of many portals."""
    data = _ruamel(path, text) if text.strip() else CommentedMap()
    if data is None:
        return None, {}
    if not isinstance(data, CommentedMap):
        raise TemplateError("bad_config", f"{path}:1: the file must begin with defaults, platforms or portals")
    node = Node(path, data, 1)
    defaults = node.node("defaults") if "defaults" in node else None
    platforms: dict[str, Node] = {}
    if "platforms" in node:
        named = node.node("platforms")
        platforms = {name: named.node(name) for name in list(named.keys())}
    node.done()
    for one in (defaults, *platforms.values()):
        if one is not None:
            check_inherited(one)
    return defaults, platforms


def _exact(place: Place) -> Node:
    # Empty lines in front make the entry's lines those of the file.
    data = _ruamel(place.path, "\n" * (place.line - 1) + place.text)
    if not isinstance(data, CommentedSeq) or len(data) != 1 or not isinstance(data[0], CommentedMap):
        raise TemplateError("bad_config", f"{place.path}:{place.line}: an entry must be one mapping")
    return Node(place.path, data[0], place.line)


def _ruamel(path: Path, text: str) -> object:
    try:
        return YAML(typ="rt").load(StringIO(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TemplateError("bad_config", f"{path}:{line}: {error.problem}") from None


class _Quick(Node):
    """A node of plain dicts and lists, which knows only the line on which its entry begins."""

    def node(self, key: str) -> Node:
        value = self._get(key, None)
        if not isinstance(value, dict):
            raise self.error(f"{key!r} must be a mapping", key)
        return _Quick(self.path, value, self.line)

    def nodes(self, key: str) -> tuple[Node, ...]:
        if key not in self:
            return ()
        value = self._data[key]
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key!r} must be a list of mappings", key)
        return tuple(_Quick(self.path, item, self.line) for item in value)

    def _line_of(self, key: str | None) -> int:
        return self.line
