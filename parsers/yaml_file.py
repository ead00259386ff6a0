"""Read a YAML file of `config/` so that every complaint names the file and the line.

    node = load(path)
    name = node.text("name")            # TemplateError("bad_config", "config/x.yaml:3: 'name' must be text")

A node that was read to the end is closed with `node.done()`, which refuses keys that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from parsers import yaml_lines
from parsers.errors import TemplateError


def load(path: Path) -> Node:
    """The mapping at the top of `path`. Raises TemplateError where it is missing or no mapping."""
    text = text_of(path)
    try:
        data = yaml_lines.read(text)
    except yaml_lines.Unusual:
        data = exactly(path, text)
    if not _is_mapping(data):
        raise TemplateError("bad_config", f"{path}:1: the file must hold a mapping")
    return Node(path, data, 1)


def text_of(path: Path) -> str:
    """The text of a file. Raises TemplateError where it is missing, or with the line that is no UTF-8 (a Chinese Windows' GBK)."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TemplateError("bad_config", f"{path}: there is no such file") from None
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TemplateError("bad_config", f"{path}:{line}: this is no UTF-8: save the file as UTF-8") from None


def exactly(path: Path, text: str) -> object:
    """What the text of a file holds, by ruamel.yaml: all of YAML 1.2, and every fault with its line."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TemplateError("bad_config", f"{path}:{line}: {error.problem}") from None


Lined = Mapping[str, Any]
"""A mapping whose `lc` knows the lines of its keys: of `yaml_lines` or of ruamel.yaml."""


def _is_mapping(value: object) -> TypeGuard[Lined]:
    return isinstance(value, Mapping) and hasattr(value, "lc")


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list) and hasattr(value, "lc")


class Node:
    """A mapping of a YAML file, with the line on which it begins."""

    def __init__(self, path: Path, data: Lined, line: int) -> None:
        self.path = path
        self.line = line
        self._data: Any = data
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._data

    def keys(self) -> Iterator[str]:
        return (str(key) for key in self._data)

    def error(self, message: str, key: str | None = None) -> TemplateError:
        return TemplateError("bad_config", f"{self.path}:{self._line_of(key)}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.error(f"{key!r} must be text; put a number such as 010203 in quotes", key)
        return str(value)

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self and self._data[key] is not None else None

    def number(self, key: str, default: int | None = None) -> int:
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(f"{key!r} must be a whole number", key)
        return int(value)

    def decimal(self, key: str, default: float | None = None) -> float:
        value = self._get(key, default)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self.error(f"{key!r} must be a number", key)
        return float(value)

    def optional_decimal(self, key: str) -> int | float | None:
        """The key must be there; its value may be null."""
        self._asked.add(key)
        if key not in self._data:
            raise self.error(f"{key!r} is missing; write null where there is no number", None)
        value = self._data[key]
        if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            return value if value is None else int(value) if isinstance(value, int) else float(value)
        raise self.error(f"{key!r} must be a number or null", key)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key!r} must be true or false", key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self._get(key, default)
        if isinstance(value, str):
            return (str(value),)
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key!r} must be a list of texts", key)
        return tuple(str(item) for item in value)

    def node(self, key: str) -> Node:
        value = self._get(key, None)
        if not _is_mapping(value):
            raise self.error(f"{key!r} must be a mapping", key)
        return Node(self.path, value, self._line_of(key))

    def nodes(self, key: str) -> tuple[Node, ...]:
        """A list of mappings; an absent key is an empty list."""
        if key not in self:
            return ()
        value = self._data[key]
        if not _is_list(value) or not all(map(_is_mapping, value)):
            raise self.error(f"{key!r} must be a list of mappings", key)
        lines: Any = value
        return tuple(Node(self.path, item, lines.lc.item(i)[0] + 1) for i, item in enumerate(value))

    def done(self) -> None:
        """Raise TemplateError for the first key that was never asked for: most likely a slip of the pen."""
        for key in self._data:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self.error(f"{key!r} is not known here; known: {known}", str(key))

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._data:
            return self._data[key]
        if default is None:
            raise self.error(f"{key!r} is missing")
        return default

    def _line_of(self, key: str | None) -> int:
        if key is None or key not in self._data:
            return self.line
        return int(self._data.lc.key(key)[0]) + 1
