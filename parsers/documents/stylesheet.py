"""What the stylesheets inside a page do to its texts: which elements they hide, strike out, raise, or write digits into.

Only rules that can change how a figure reads are looked at; rules of print, of small screens and of files beside the page
are not (`pieces.py` says what becomes of those). The rule that names an element more closely wins, then the later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from parsers.documents.tree import Tree

_TELLING = (
    r"display\s*:\s*(?:none|block|flex|grid|table\s*[;!}]|list-item|var)|visibility\s*:\s*(?:hidden|collapse|var)"
    r"|line-through|vertical-align\s*:\s*(?:su[bp]|text-)|(?:font-size|opacity|width|(?<!line-)height)\s*:\s*(?:[012]%s|\.|var)"
    r"|:\s*-\d|clip(?:-path)?\s*:|color\s*:\s*(?:#f|#[\da-f]*0\b|white|transparent|rgb|hsl)"
    r"|(?<![\w-])(?:transform|order|zoom|filter)\s*:|mask|absolute|fixed|float\s*:\s*right|-reverse|bidi-override|isolate-override"
    r"|content\s*:\s*(?:attr|counter|[\"'][^\"']*\d)"
)
_MAY_TELL = re.compile(_TELLING % r"(?!\d)", re.IGNORECASE)
"""Without it a sheet changes nothing. Most have sizes of 10 to 29 points alone."""
_TELLS = re.compile(_TELLING % "", re.IGNORECASE)
"""A size of 14 points matters beside a rule that says nought: it may outdo it."""
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_AT_RULE = re.compile(r"@(?P<name>[\w-]*)(?P<of>[^{};]*)(?:;|\{(?P<rules>(?:[^{}]|\{[^{}]*\})*)\})")
_WRAPPERS = frozenset(("media", "supports", "layer"))
_OTHER_MEDIA = re.compile(r"print|speech|handheld|projection|tv\b|max-|prefers|orientation|not\b", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_GENERATED = re.compile(r"(.*[^\s:>+~])::?(before|after)", re.IGNORECASE)
_CONTENT = re.compile(r"content\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|(attr|counter))", re.IGNORECASE)
_STATE = re.compile(
    r":(?!(?:is|where|not|nth-[a-z-]+|(?:first|last|only)-(?:child|of-type)|empty|root)\b)", re.IGNORECASE
)
"""A pseudo-class that tells more than where an element stands: hover, checked, target."""
_COMMA = re.compile(r",(?![^(]*\))")
_NAMED = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\]]*\]|:[\w-]+)|(\b[a-z][\w-]*)", re.IGNORECASE)
_SHOWING = re.compile(r"(?:^|[;\s])(?:display|visibility)\s*:", re.IGNORECASE)
_MOST_RULES = 1000
_MOST_SIZE = 200_000


@lru_cache(maxsize=16)
def _by_weight(sheets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The rules, those last that outdo the others. Pages of one portal share their sheets."""
    return tuple(sorted(rules(sheets), key=lambda rule: _weight(*rule)))


def rules(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of every rule that tells something, in their order; rules that show again, too."""
    # What a sheet leaves open is closed at its end.
    text = "\n}\n".join((*sheets, ""))
    if len(text) > _MOST_SIZE:
        return
    text = _COMMENT.sub("", text)
    if not _MAY_TELL.search(text):
        return
    found = 0
    for selectors, declarations in _RULE.findall(_AT_RULE.sub(_unwrapped, text)):
        if _TELLS.search(f"{declarations};") or _SHOWING.search(declarations):
            for selector in _COMMA.split(selectors):
                found += 1
                if found > _MOST_RULES:
                    return
                # `& .x` stands in another rule.
                yield selector.replace("&", " ").strip(), declarations


def _unwrapped(rule: re.Match[str]) -> str:
    """The rules that hold wherever the page is read on a screen."""
    if rule["rules"] is None or rule["name"].lower() not in _WRAPPERS or _OTHER_MEDIA.search(rule["of"]):
        return ""
    return rule["rules"]


def styled(tree: Tree, sheets: Sequence[str], sign: str) -> dict[int, str]:
    """Node -> the declarations that the page's own stylesheets make for it; digits that they write are put in, and `sign`
    for a text that they take from elsewhere."""
    found: dict[int, str] = {}
    for selector, declarations in _by_weight(tuple(sheets)):
        generated = _GENERATED.fullmatch(selector)
        if generated:
            written = _CONTENT.search(declarations)
            if written and (written[3] or any(map(str.isdigit, written[0]))):
                # What an attribute or a counter says is not known here: it stands there like a picture.
                text = sign if written[3] else written[1] or written[2]
                for node in tree.select(generated[1]):
                    _write(tree, node, text, generated[2].lower() == "before")
        elif not _STATE.search(selector):
            for node in tree.select(selector):
                found[node] = f"{declarations};{found.get(node, '')}"
    return found


def grounds_of(tree: Tree, sheets: Sequence[str]) -> dict[int, str]:
    """Node -> the declarations of the page's own stylesheets that name a ground, for those who look for a ground alone."""
    found: dict[int, str] = {}
    text = _COMMENT.sub("", "\n}\n".join((*sheets, "")))
    if "background" not in text or len(text) > _MOST_SIZE:
        return found
    named = [
        (selector.replace("&", " ").strip(), declarations)
        for selectors, declarations in _RULE.findall(_AT_RULE.sub(_unwrapped, text))
        if "background" in declarations
        for selector in _COMMA.split(selectors)
    ]
    for selector, declarations in sorted(named[:_MOST_RULES], key=lambda rule: _weight(*rule)):
        if not _STATE.search(selector):
            for node in tree.select(selector):
                found[node] = declarations
    return found


def _weight(selector: str, declarations: str) -> tuple[bool, int, int, int]:
    """How closely a rule names its elements: by ids, by classes, by names."""
    named = _NAMED.findall(selector)
    ids, classes, names = (sum(bool(one[place]) for one in named) for place in range(3))
    return "!important" in declarations.lower().replace(" ", ""), ids, classes, names


def _write(tree: Tree, node: int, text: str, is_before: bool) -> None:
    """Put `text` in front of what an element says, or behind it."""
    texts = [at for at in range(node, tree.ends[node]) if tree.texts[at]]
    at = (texts[0] if is_before else texts[-1]) if texts else node
    if texts or tree.ends[node] - node == 1:
        tree.texts[at] = text + tree.texts[at] if is_before else tree.texts[at] + text
