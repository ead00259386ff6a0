"""A YAML file as mappings and lists that know their lines, read by libyaml: ruamel.yaml takes forty times as long.

What is unusual (a fault, a tag, a merge key, a key that comes twice, a version of PyYAML without libyaml) is left to
ruamel.yaml, which reads all of YAML 1.2 and knows best what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import yaml  # type: ignore[import-untyped]

Value = object
"""None, a truth value, a number, a text, a datetime, a `Mapped` or a `Listed`."""


class Lines:
    """(line, column) of keys and items, from 0: as ruamel.yaml gives them."""

    def __init__(self) -> None:
        self.of_keys: dict[str, tuple[int, int]] = {}
        self.of_items: list[tuple[int, int]] = []

    def key(self, key: str) -> tuple[int, int]:
        return self.of_keys[key]

    def item(self, index: int) -> tuple[int, int]:
        return self.of_items[index]


class Mapped(dict[str, Value]):
    def __init__(self) -> None:
        super().__init__()
        self.lc = Lines()


class Listed(list[Value]):
    def __init__(self) -> None:
        super().__init__()
        self.lc = Lines()


class Unusual(Exception):
    """Something that ruamel.yaml has to read."""


def read(text: str) -> Value:
    """What the file holds. Raises Unusual."""
    try:
        return _value(yaml.compose(text, _Loader))
    except yaml.YAMLError as error:
        raise Unusual(str(error)) from None


# YAML 1.2: `yes` and `12:30` are texts. PyYAML alone would read them by YAML 1.1.
_PLAIN: dict[str, tuple[str, str, Callable[[str], Value]]] = {
    "null": (r"~|null|Null|NULL|", "~nN", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (r"[-+]?[0-9]+", "-+0123456789", int),
    "float": (r"[-+]?[0-9]+\.[0-9]*", "-+0123456789", float),
    "timestamp": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789", datetime.fromisoformat),
}
_ODD_NUMBER = re.compile(
    r"[-+]?(?:0[xob][0-9a-f_]+|[0-9_]*\.?[0-9_]*(?:e[-+]?[0-9]+)?|\.(?:inf|nan))|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",
    re.IGNORECASE,
)
"""Numbers and times of other spellings: 0o17, 1e3, 1_000, 2020-01-17 12:30."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str | None, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _name, (_pattern, _first, _) in _PLAIN.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_pattern})$"), [*_first, ""])


def _value(node: yaml.Node | None) -> Value:
    if isinstance(node, yaml.MappingNode):
        found = Mapped()
        for key, value in node.value:
            name = _value(key)
            if not isinstance(name, str) or name == "<<" or name in found:
                raise Unusual(f"the key {name!r}")
            found[name] = _value(value)
            found.lc.of_keys[name] = key.start_mark.line, key.start_mark.column
        return found
    if isinstance(node, yaml.SequenceNode):
        items = Listed()
        for item in node.value:
            items.append(_value(item))
            items.lc.of_items.append((item.start_mark.line, item.start_mark.column))
        return items
    if node is None:
        return None
    kind = str(node.tag).rpartition(":")[2]
    if kind == "str":
        if not node.style and _ODD_NUMBER.fullmatch(node.value):
            raise Unusual(node.value)
        return str(node.value)
    if kind not in _PLAIN:
        raise Unusual(node.tag)
    return _PLAIN[kind][2](node.value)
