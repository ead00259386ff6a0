"""What the stylesheets inside a page do to its texts: which elements they hide, strike out, raise, or write digits into.

Only rules that can change how a figure reads are looked at; rules of print, of small screens and of files beside the page
are not. Of two rules for one element the later wins: of specificity nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.documents.tree import Tree

_TELLING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|line-through|vertical-align\s*:\s*(?:su[bp]|text-)"
    r"|(?:font-size|opacity|width|height)\s*:\s*0|:\s*-\d{3}|clip\s*:|color\s*:\s*(?:#fff|white|transparent)"
    r"|bidi-override|content\s*:\s*[\"'][^\"']*\d",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_GENERATED = re.compile(r"(.*[^\s:>+~])::?(before|after)", re.IGNORECASE)
_CONTENT = re.compile(r"content\s*:\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_SHOWING = re.compile(r"(?:^|[;\s])(?:display|visibility)\s*:", re.IGNORECASE)
_MOST_RULES = 200
_MOST_SIZE = 200_000


def rules(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of every rule that tells something, in their order; rules that show again, too."""
    text = "\n".join(sheets)
    if len(text) > _MOST_SIZE or not _TELLING.search(text):
        return
    found = 0
    for selectors, declarations in _RULE.findall(_AT_RULE.sub("", _COMMENT.sub("", text))):
        if _TELLING.search(declarations) or _SHOWING.search(declarations):
            for selector in selectors.split(","):
                found += 1
                if found > _MOST_RULES:
                    return
                yield selector.strip(), declarations


def styled(tree: Tree, sheets: Sequence[str]) -> dict[int, str]:
    """Node -> the declarations that the page's own stylesheets make for it; digits that they write are put in."""
    found: dict[int, str] = {}
    for selector, declarations in rules(sheets):
        generated = _GENERATED.fullmatch(selector)
        if generated:
            written = _CONTENT.search(declarations)
            if written and any(map(str.isdigit, written[0])):
                for node in tree.select(generated[1]):
                    _write(tree, node, written[1] or written[2], generated[2].lower() == "before")
        elif ":" not in selector:
            for node in tree.select(selector):
                found[node] = f"{declarations};{found.get(node, '')}"
    return found


def _write(tree: Tree, node: int, text: str, is_before: bool) -> None:
    """Put `text` in front of what an element says, or behind it."""
    texts = [at for at in range(node, tree.ends[node]) if tree.texts[at]]
    at = (texts[0] if is_before else texts[-1]) if texts else node
    if texts or tree.ends[node] - node == 1:
        tree.texts[at] = text + tree.texts[at] if is_before else tree.texts[at] + text
