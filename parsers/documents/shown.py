"""What a page's markup says of a text that the text itself does not: it is hidden, struck out, or raised.

Without it 13<sup>1</sup> would be read as 131, and a struck 5 in front of a 6 as 56.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from parsers.documents import pieces
from parsers.documents.chrome import is_small
from parsers.documents.dom import BLOCKS, HIDDEN, TEXT
from parsers.documents.grounds import is_figure, lost
from parsers.documents.stylesheet import grounds_of, styled
from parsers.documents.tree import Tree, read_attributes

STRIKE = "~~"
"""Stands on both sides of what is struck out, as in Markdown: it is kept, and no figure is read from it."""
TURNED = "\u202e"
"""Stands in front of digits that are written from right to left: no figure is read from them."""
PICTURE = "\ufffc"
"""Stands for a picture among digits: it may be one of them, and no figure is read from the cell."""
_BESIDE_DIGITS = re.compile(f"[\\d.,{PICTURE}]*(?:\\d{PICTURE}|{PICTURE}\\d)[\\d.,{PICTURE}]*")
_HIDING, _FADING, _STRIKING, _RAISING, _LOWERING, _VEILING, _TURNING, _BREAKING = 1, 2, 4, 8, 16, 32, 64, 128
_REMOVING = 256
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|mso-hide\s*:\s*all)", re.IGNORECASE)
_FADED_STYLE = re.compile(
    r"(?:^|[;\s])(?:(?:content-)?visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.0\d*\s*(?:[;!]|$)"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:[;!]|$)"
    r"|font-size\s*:\s*(?:[01]?\.\d+|[12])(?:px|pt)\s*(?:[;!]|$))",
    re.IGNORECASE,
)
"""What keeps its place and shows nothing, if nothing in it says otherwise."""
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*line-through|text-line-through\s*:\s*(?!none)\w", re.IGNORECASE)
_RAISED_STYLE = re.compile(
    r"vertical-align\s*:\s*(?:super|text-top|[1-9.][\d.]*(?:px|pt|em|ex|%))|mso-text-raise\s*:\s*[\d.]"
    r"|position\s*:\s*relative[^\"]*[;\s]top\s*:\s*-\d",
    re.IGNORECASE,
)
_LOWERED_STYLE = re.compile(
    r"vertical-align\s*:\s*(?:sub|text-bottom|-[\d.]+(?:px|pt|em|ex|%))|mso-text-raise\s*:\s*-", re.IGNORECASE
)
_VEILED_STYLE = re.compile(
    r"(?:^|[;\s])(?:(?:color|-webkit-text-fill-color)\s*:\s*(?:\#f[ef](?:f[ef]){2}\b|\#fff\b|white|transparent"
    r"|rgba\((?:[^,)]*,){3}\s*0?\.?0*%?\s*\)|(?:rgb|hsl)a?\([^)]*/\s*0?\.?0*%?\s*\)|rgb\(\s*255[\s,]+255[\s,]+255\s*\)"
    r"|hsla?\([^)]*100%\s*\)|\#(?:[\da-f]{6}0|[\da-f]{3})0\b)"
    r"|text-indent\s*:\s*-\d{3}|(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{3}|clip(?:-path)?\s*:\s*(?!none|auto)\w"
    r"|(?<![\w-])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:[;!]|$)|transform\s*:\s*(?!none)\w|float\s*:\s*right|order\s*:\s*-?\d"
    r"|(?:display|visibility|opacity|font-size)\s*:\s*var\(|position\s*:\s*(?:absolute|fixed)|zoom\s*:\s*0|filter\s*:\s*opacity"
    r"|(?:-webkit-)?mask[\w-]*\s*:\s*(?!none)\w)",
    re.IGNORECASE,
)
"""What a reader may not see, or not there: white on white, pushed off the page, cut away, turned, moved behind its
neighbours. Beside something else in a cell no figure is read from it; alone it may be a white figure on a dark ground."""
_REMOVED_STYLE = re.compile(
    r"(?:^|[;\s])(?:(?:text-indent|left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{4}|zoom\s*:\s*0\s*(?:[;!]|$)"
    r"|transform\s*:[^;]*scale[xyz3d]*\(\s*0\s*[,)]|clip\s*:\s*rect\(\s*0[^1-9]*\)|filter\s*:\s*opacity\(\s*0?\.?0*%?\s*\)"
    r"|(?:color|-webkit-text-fill-color)\s*:\s*(?:transparent|rgba\((?:[^,)]*,){3}\s*0?\.?0*%?\s*\)))",
    re.IGNORECASE,
)
"""What nobody sees wherever it stands: no figure is read from it, also where it is alone in its cell."""
_CLOSED_STYLE = re.compile(
    r"(?=.*overflow\s*:\s*hidden)(?=.*(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px|pt)?\s*(?:[;!]|$))",
    re.IGNORECASE | re.DOTALL,
)
"""A box of no height; a cell is as high as what it says."""
_SHOWING = re.compile(r"font|size|visib|class=|opacity", re.IGNORECASE)
_TURNED_STYLE = re.compile(
    r"unicode-bidi\s*:\s*(?:bidi-override|isolate-override)|flex[\w-]*\s*:[^;]*row-reverse", re.IGNORECASE
)
_BREAKING_STYLE = re.compile(
    r"(?:^|[;\s])display\s*:\s*(?:block|flex|grid|table|list-item)\s*(?:[;!]|$)", re.IGNORECASE
)
"""What stands on a line of its own, whatever its name."""
_STRUCK, _RAISED_TAG, _LOWERED_TAG = frozenset(("s", "strike", "del")), "sup", "sub"
_NOTE = re.compile(r' href="#[^"]*\d"')
"""A link to a footnote: beside a figure its number is a mark."""
_WHITE = frozenset(("#fff", "#ffffff", "white"))
_UNREAD = frozenset(("rt", "rp", "rtc"))
"""How a character is pronounced."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MARK = re.compile(r"\s*\d{1,2}\s*")
"""A footnote has a low number; a figure that is raised as a whole stays one."""
_TABLE_PARTS = frozenset(("table", "tbody", "thead", "tr", "td", "th"))
_PARTS = frozenset(("td", "th")), frozenset(("tr",))
_MOST_TAGS = 16_384


class _Kinds(dict[str, int]):
    """Tag as it is written -> what it does to the text in it."""

    def __missing__(self, written: str) -> int:
        if len(self) >= _MOST_TAGS:
            self.clear()
        kind = self[written] = _kind(written)
        return kind


def _kind(written: str) -> int:
    tag = written.partition(" ")[0]
    attributes = read_attributes(written) if " style=" in written or " hidden=" in written else {}
    kind = _of_style(style) if (style := attributes.get("style", "")) else 0
    if style and tag not in _TABLE_PARTS and _CLOSED_STYLE.match(style):
        kind |= _REMOVING
    if "hidden" in attributes or tag in _UNREAD or (tag == "dialog" and " open=" not in written):
        kind |= _HIDING
    if tag in _STRUCK:
        kind |= _STRIKING
    elif tag == _RAISED_TAG:
        kind |= _RAISING
    elif tag == _LOWERED_TAG:
        kind |= _LOWERING
    elif tag == "a" and _NOTE.search(written):
        kind |= _RAISING
    elif tag == "font" and read_attributes(written).get("color", "").strip().lower() in _WHITE:
        kind |= _VEILING
    elif tag == "bdo" and ' dir="rtl"' in written:
        kind |= _TURNING
    return kind


def _of_style(style: str) -> int:
    return (
        _HIDING * bool(_HIDDEN_STYLE.search(style))
        | _FADING * bool(_FADED_STYLE.search(style))
        | _STRIKING * bool(_STRUCK_STYLE.search(style))
        | _RAISING * bool(_RAISED_STYLE.search(style))
        | _LOWERING * bool(_LOWERED_STYLE.search(style))
        | _VEILING * bool(_VEILED_STYLE.search(style))
        | _REMOVING * bool(_REMOVED_STYLE.search(style))
        | _TURNING * bool(_TURNED_STYLE.search(style))
        | _BREAKING * bool(_BREAKING_STYLE.search(style))
    )


_kinds = _Kinds()


def raised(text: str) -> str:
    """Raised digits, where they can be a footnote's mark: 1 -> ¹."""
    return text.translate(_RAISED) if _MARK.fullmatch(text) else text


def lowered(text: str) -> str:
    """The same for digits below the line."""
    return text.translate(_LOWERED) if _MARK.fullmatch(text) else text


def without_pictures(text: str) -> str:
    """Without the signs of pictures that stand beside words."""
    return text if PICTURE not in text or _BESIDE_DIGITS.fullmatch(text) else text.replace(PICTURE, "")


def as_shown(tree: Tree, sheets: Sequence[str] = (), is_all: bool = True) -> None:
    """Change the tree into what a reader of the page sees; `sheets` are the stylesheets inside it, `is_all` says that
    there are no others.

    Hidden parts of a table lose their tags (`dom.HIDDEN`), but for large ones: a page may show them later, by script.
    Outside of tables hidden boxes are told by `chrome.py`.
    """
    has_table = "table" in tree.tags
    told = styled(tree, sheets, PICTURE) if sheets and has_table else {}
    marked = {written: kind for written in tree.different if (kind := _kinds[written])}
    if marked or told:
        _show_all(tree, marked, told)
    if has_table:
        _strike(tree, list(lost(tree, told, lambda: grounds_of(tree, sheets))))
    if has_table and not is_all:
        _strike(tree, pieces.doubtful(tree))


def _show_all(tree: Tree, marked: Mapping[str, int], told: Mapping[int, str]) -> None:
    kinds = [marked.get(written, 0) for written in tree.written]
    for node, declarations in told.items():
        kinds[node] |= _declared(declarations, tree.attribute(node, "style"))
    struck: set[int] = set()
    veiled: set[int] = set()
    for node, kind in enumerate(kinds):
        if kind:
            _show(tree, node, kinds, struck, veiled)
    _mark(tree, struck, lambda text: _table(tree, text) or _block(tree, text))
    _mark(tree, veiled, lambda text: _block(tree, text))


def _mark(tree: Tree, texts: set[int], scope_of: Callable[[int], int]) -> None:
    """Put `STRIKE` around these texts, but where they are all that the element around them says."""
    wholly: dict[int, bool] = {}
    for text in sorted(texts):
        scope = scope_of(text)
        if scope not in wholly:
            wholly[scope] = texts.issuperset(_said(tree, scope))
    _strike(tree, [text for text in sorted(texts) if not wholly[scope_of(text)]])


def _strike(tree: Tree, texts: Sequence[int]) -> None:
    for text in texts:
        if tree.texts[text].strip() and not tree.texts[text].startswith(STRIKE):
            tree.texts[text] = f"{STRIKE}{tree.texts[text]}{STRIKE}"


@lru_cache(maxsize=4096)
def _declared(declarations: str, own: str) -> int:
    """What a stylesheet's declarations do to an element; what stands in the tag itself outdoes them."""
    return _of_style(_effective(declarations, own))


def _effective(declarations: str, own: str) -> str:
    """The declarations that count: of each property the first, after those of the tag itself."""
    found = {name.strip().lower(): "" for name, colon, _ in (part.partition(":") for part in own.split(";")) if colon}
    for part in declarations.split(";"):
        name, colon, _ = part.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), part)
    return ";".join(filter(None, found.values()))


def _show(tree: Tree, node: int, kinds: Sequence[int], struck: set[int], veiled: set[int]) -> None:
    """Change one element; its texts from which no figure may be read are put into the sets."""
    kind = kinds[node]
    if kind & _HIDING and _is_hidden(tree, node, kinds):
        tree.tags[node], tree.written[node] = HIDDEN, f"{HIDDEN} {tree.tags[node]}"
        tree.different = {*tree.different, tree.written[node]}
    if kind & _FADING and _in_table(tree, node):
        if not _is_bare(tree, node):
            _strike(tree, [text for text in _texts(tree, node) if not _shows_again(tree, text, node)])
            veiled.update(_texts(tree, node))
        else:
            for text in _texts(tree, node):
                tree.texts[text] = ""
    if kind & (_RAISING | _LOWERING) and _is_a_part(tree, node):
        for text in _texts(tree, node):
            tree.texts[text] = (raised if kind & _RAISING else lowered)(tree.texts[text])
    if kind & _TURNING and _in_table(tree, node):
        for text in _texts(tree, node):
            tree.texts[text] = TURNED + tree.texts[text]
    if kind & _BREAKING and tree.tags[node] not in BLOCKS and _in_table(tree, node):
        said = list(_texts(tree, node))
        for text in said[:1]:
            tree.texts[text] = f" {tree.texts[text]}"
        for text in said[-1:]:
            tree.texts[text] = f"{tree.texts[text]} "
    if kind & _STRIKING:
        struck.update(_texts(tree, node))
    if kind & _REMOVING and _in_table(tree, node):
        _strike(tree, [text for text in _texts(tree, node) if is_figure(tree.texts[text])])
    if kind & _VEILING and _in_table(tree, node):
        veiled.update(_texts(tree, node))


def _is_a_part(tree: Tree, node: int) -> bool:
    """Is it what is raised by its own name, or less than all that its block says?"""
    if tree.written[node].partition(" ")[0] in (_RAISED_TAG, _LOWERED_TAG):
        return True
    texts = set(_texts(tree, node))
    return tree.tags[node] not in BLOCKS and not all(
        texts.issuperset(_said(tree, _block(tree, text))) for text in texts
    )


def _texts(tree: Tree, node: int) -> Iterator[int]:
    """The nodes that bear a text."""
    return (at for at in range(node, tree.ends[node]) if tree.texts[at])


def _in_table(tree: Tree, node: int) -> bool:
    return _table(tree, node) > 0


def _table(tree: Tree, node: int) -> int:
    """The table around a node; 0 where none is. Of a row that is struck out the others tell; a table that is struck out
    as a whole is read as it is."""
    around = tree.parents[node]
    while around > 0 and tree.tags[around] != "table":
        around = tree.parents[around]
    return max(around, 0)


def _is_bare(tree: Tree, node: int) -> bool:
    """Is there nothing but text in it, which cannot say that it is shown after all?"""
    return all(tag == TEXT for tag in tree.tags[node + 1 : tree.ends[node]])


def _shows_again(tree: Tree, text: int, node: int) -> bool:
    """Is it no figure, or does something between it and a node that fades it say how it is shown?"""
    if not is_figure(tree.texts[text]):
        return True
    around = tree.parents[text] if tree.tags[text] == TEXT else text
    while around > node:
        if _SHOWING.search(tree.written[around]):
            return True
        around = tree.parents[around]
    return False


def _is_hidden(tree: Tree, node: int, kinds: Sequence[int]) -> bool:
    """Is it a small part of a table, and not all of a row's cells or of a table's rows?"""
    if not _in_table(tree, node) or not is_small(tree, node):
        return False
    alike = next((names for names in _PARTS if tree.tags[node] in names), None)
    if alike is None:
        return True
    beside = tree.children(tree.parents[node])
    return any(tree.tags[other] in alike and not kinds[other] & _HIDING for other in beside)


def _block(tree: Tree, text: int) -> int:
    """The block of the page that a text stands in."""
    around = tree.parents[text] if tree.tags[text] == TEXT else text
    while tree.parents[around] >= 0 and tree.tags[around] not in BLOCKS:
        around = tree.parents[around]
    return around


def _said(tree: Tree, block: int) -> list[int]:
    """Its texts, but for blanks."""
    return [text for text in _texts(tree, block) if tree.texts[text].strip()]
