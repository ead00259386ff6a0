"""Texts of an RTF file that Word hides, strikes out, raises or shows to nobody: striprtf knows nothing of that, so they are
marked before it takes the file apart (`shown.py` says how).

Looks are switched on by a word and off by another, by the end of the group, or by `\\plain`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from parsers.documents.grounds import is_figure
from parsers.documents.shown import STRIKE, lowered, raised

_TELLING = re.compile(r"\\(?:strike|striked1?|v|deleted|super|sub|(?:up|dn)[1-9]\d*|fs[0-4])(?![a-z0-9])")
_COLOURS = re.compile(r"\{\\colortbl([^{}]*)\}")
_GROUND = re.compile(r"\\(?:cl|ch)?cbpat[1-9]|\\highlight[1-9]|\\cb[1-9]|\\(?:cl)?shading")
_TOKEN = re.compile(
    r"""(?P<group>[{}])
      | (?P<text>(?:[^{}\\\r\n]|\\'[0-9a-f]{2}|\\u-?\d{1,6}[ ]?\??)+)
      | \\(?P<word>[a-z]+|\*)(?P<number>-?\d{1,9})?[ ]?""",
    re.VERBOSE | re.IGNORECASE,
)
_SWITCHES = {"strike": "struck", "striked": "struck", "v": "hidden", "deleted": "deleted"}
_ASIDE = frozenset(("*", "fonttbl", "colortbl", "stylesheet", "info", "listtable", "generator"))
_CELLS = ("cell", "nestcell")
_ENDS = frozenset(("cell", "nestcell", "row", "par", "pard", "sect"))
_TINY = 4
"""Halves of a point."""


@dataclass(frozen=True, slots=True)
class _Look:
    struck: bool = False
    hidden: bool = False
    deleted: bool = False
    height: int = 0
    """Above the line, or below it."""
    white: bool = False
    tiny: bool = False
    aside: bool = False
    """In the lists of fonts and styles and the like."""


_PLAIN = _Look()


@dataclass(slots=True)
class _Scope:
    """A cell or a paragraph: what is white or tiny in it counts for nothing beside what is seen."""

    faint: list[int] = field(default_factory=list)
    """Places of such texts."""
    is_seen: bool = False


def marked(source: str) -> str:
    """The source with such texts as a reader of the page sees them."""
    white = _white(source)
    if not _TELLING.search(source) and not any(f"\\cf{number}" in source for number in white):
        return source
    parts: list[str] = []
    has_ground = bool(_GROUND.search(source))
    look, looks, scope, position = _PLAIN, list[_Look](), _Scope(), 0
    for token in _TOKEN.finditer(source):
        parts.append(source[position : token.start()])
        position = token.end()
        if token["text"] is not None:
            if look.aside:
                parts.append(token[0])
            elif not (look.hidden or look.deleted):
                _note(scope, look, token["text"], len(parts))
                parts.append(_shown(token["text"], look))
            continue
        parts.append(token[0])
        if token["group"] == "{":
            looks.append(look)
        elif token["group"] == "}":
            look = looks.pop() if looks else _PLAIN
        elif token["word"] in _ENDS:
            _close(scope, parts, token["word"] in _CELLS and not has_ground)
            scope = _Scope()
        else:
            look = _changed(look, token["word"], token["number"], white)
    _close(scope, parts, False)
    return "".join((*parts, source[position:]))


def _white(source: str) -> frozenset[int]:
    """The numbers of the colours that are white."""
    table = _COLOURS.search(source)
    said = enumerate(table[1].split(";") if table else ())
    return frozenset(n for n, one in said if re.findall(r"\\(?:red|green|blue)(\d+)", one) == ["255"] * 3)


def _changed(look: _Look, word: str, number: str | None, white: frozenset[int]) -> _Look:
    size = int(number) if number else 0
    if word in _SWITCHES:
        return replace(look, **{_SWITCHES[word]: number is None or size != 0})
    if word in _ASIDE:
        return replace(look, aside=True)
    if word == "cf":
        return replace(look, white=size in white)
    if word == "fs":
        return replace(look, tiny=size <= _TINY)
    if word in ("super", "sub", "up", "dn", "nosupersub"):
        above = {"super": 1, "sub": -1, "up": size, "dn": -size}.get(word, 0)
        return replace(look, height=above)
    return replace(_PLAIN, deleted=look.deleted, aside=look.aside) if word == "plain" else look


def _note(scope: _Scope, look: _Look, text: str, place: int) -> None:
    if look.white or look.tiny:
        scope.faint.append(place)
    elif text.strip():
        scope.is_seen = True


def _close(scope: _Scope, parts: list[str], is_lost: bool) -> None:
    """Alone it may be a white text on a dark ground, unless it `is_lost`: a figure in a cell of a file without any."""
    for place in scope.faint:
        if not scope.is_seen and not (is_lost and is_figure(parts[place])):
            continue
        if parts[place].strip() and not parts[place].startswith(STRIKE):
            parts[place] = f"{STRIKE}{parts[place]}{STRIKE}"


def _shown(text: str, look: _Look) -> str:
    if look.struck and text.strip():
        return f"{STRIKE}{text}{STRIKE}"
    high = raised(text) if look.height > 0 else lowered(text) if look.height < 0 else text
    return "".join(f"{{\\uc0\\u{ord(character)} }}" for character in high.strip()) if high != text else text
