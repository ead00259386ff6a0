"""Files that a page links to: the report itself, its annexes, its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from parsers.documents.model import Link
from parsers.documents.tree import Tree

_FILE = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|zip|rar|7z|ofd|f?od[ts]|rtf|ceb)$", re.IGNORECASE)
_MAY_BE_FILE = re.compile(r"\.(?:pdf|doc|wps|xls|et|ppt|zip|rar|7z|ofd|odt|rtf|ceb)|[%?]|down", re.IGNORECASE)
"""A tag without any of these leads to no file: every address of `_DOWNLOADS` has `down`, one written otherwise has a %."""
_DOWNLOADS = ("/module/download/downfile.jsp", "/system/_content/download.jsp", "downloadattach", "/file/download")
_QUOTED_FILE = re.compile(r"""["'(]([^"'()<>\s]{1,500}\.(?:pdf|docx?|wps|xlsx?|ofd))["')]""", re.IGNORECASE)
_VIEWERS = ("file", "src", "url", "filepath", "pdfurl")
_FRAMES = {"iframe": "src", "embed": "src", "object": "data", "frame": "src"}
_LINKING = frozenset(("a", "script", *_FRAMES))
_OUTSIDE = re.compile(r"报告|報告|年报|年報|附件|公开|公開|统计表|統計表")


def file_links(tree: Tree, body: int, base: str | None) -> tuple[Link, ...]:
    """The files linked from `body`, then those elsewhere on the page that an attachment block would hold."""
    everywhere = list(_links(tree, base))
    found: dict[str, Link] = {}
    for node, link in everywhere:
        if tree.within(node, body) and (link.url not in found or (link.text and not found[link.url].text)):
            found[link.url] = link
    for _, link in everywhere:
        if link.url not in found and _OUTSIDE.search(link.text):
            found[link.url] = link
    return tuple(found.values())


def _links(tree: Tree, base: str | None) -> Iterator[tuple[int, Link]]:
    for node in tree.named(0, _LINKING):
        tag = tree.tags[node]
        if tag == "a":
            if not _MAY_BE_FILE.search(tree.written[node]) and "." not in tree.text(node):
                continue  # So are nearly all.
            href = tree.attribute(node, "href").strip()
            text = tree.text_of(node, 300) or tree.attribute(node, "title").strip()
            target = file_address(href) or _in_script(href + tree.attribute(node, "onclick"))
            if not target and _FILE.search(text) and href and not _leads_nowhere(href):
                target = href
        elif tag == "script":
            text = ""
            script = tree.scripts.get(node, "")
            target = _in_script(script) if "pdf" in script.lower() else None
        else:
            text = tree.attribute(node, "title")
            target = file_address(tree.attribute(node, _FRAMES[tag]).strip())
        if target:
            yield node, Link(urljoin(base, target) if base else target, text)


def file_address(href: str) -> str | None:
    """The file behind an address: itself, or what a viewer page (`viewer.html?file=…`) shows. None for pages."""
    if not href or _leads_nowhere(href):
        return None
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    path = unquote(parts.path)
    if _FILE.search(path) or any(name in path.lower() for name in _DOWNLOADS):
        return href
    if parts.query:
        for name, values in parse_qs(parts.query).items():
            if name.lower() in _VIEWERS and _FILE.search(urlsplit(values[0]).path):
                return values[0]
            if name.lower() in ("filename", "name") and _FILE.search(values[0]):
                return href
    return None


def _in_script(script: str) -> str | None:
    match = _QUOTED_FILE.search(script) if len(script) < 200_000 else None
    return match[1] if match else None


def _leads_nowhere(href: str) -> bool:
    return href.startswith(("#", "mailto:", "tel:", "data:")) or href.lower().startswith("javascript:")
