"""Pages whose text stands in a script, and answers of interfaces that hold a page's text (portals.md 2.6, 2.8, section 5).

广东's gkmlpt writes an article into `window._CONFIG = {… DETAIL: {… content: "<p>…" }}`; 新点's shells ask an interface
that answers in JSON. Either way what is read is the HTML that a browser would have put into the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape

_DETAIL = re.compile(r"\bDETAIL[\"']?\s*:\s*\{")
_CONTENT = re.compile(r"[\"']?\bcontent[\"']?\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_MARKUP = re.compile(r"(?:<|&lt;)(?:p|div|table|span|br)\b", re.IGNORECASE)
_CALL = re.compile(r"\s*[\w$.]{1,60}\(\s*(?=[{\[])(.*)\)\s*;?\s*", re.DOTALL)
"""An answer that is handed to a function: JSONP."""
_TITLE = re.compile(r"(?:info|article|doc|news)?_?title", re.IGNORECASE)
_DATE = re.compile(r"(?:info|pub|publish(?:ed)?|show)_?(?:date|time)(?:str)?", re.IGNORECASE)
_SHORTEST = 200
"""Characters. A shorter value is a label or a summary, not a report."""


def page_text(text: str) -> str:
    """`text` as a page with its words in it; as it is where no script holds them."""
    start = text[:200].lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "["):
        return _of_answer(text) or text
    if call := _CALL.fullmatch(text) if text[:1].isalpha() else None:
        return _of_answer(call[1]) or text
    return _unfolded(text) if "_CONFIG" in text else text


def _unfolded(text: str) -> str:
    detail = _DETAIL.search(text)
    content = _CONTENT.search(text, detail.end()) if detail else None
    if content is None:
        return text
    try:
        html = json.loads(f'"{content[1]}"', strict=False)
    except ValueError:
        return text
    if len(html) < _SHORTEST or html[:_SHORTEST] in text:
        return text  # the page shows it as well
    return (
        f"{text.replace('</body>', '').replace('</html>', '')}<div class='article-content'>{html}</div></body></html>"
    )


def _of_answer(text: str) -> str | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = [
        (len(value), key, node)
        for node in _nodes(data)
        for key, value in node.items()
        if isinstance(value, str) and len(value) >= _SHORTEST and _MARKUP.search(value)
    ]
    if not found:
        return None
    _, key, node = max(found, key=lambda one: one[0])
    content = str(node[key])
    if "<" not in content:
        content = unescape(content)
    title, published = _named(node, _TITLE), _named(node, _DATE)
    head = f"<title>{escape(title)}</title><meta name='ArticleTitle' content='{escape(title)}'>" if title else ""
    head += f"<meta name='PubDate' content='{escape(published)}'>" if published else ""
    # The page that it is shown in has a stylesheet.
    head += "<link rel='stylesheet'>"
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    return f"<!doctype html><html><head>{head}</head><body>{heading}<div class='article-content'>{content}</div></body></html>"


def _nodes(value: object) -> Iterator[dict[str, object]]:
    """Every mapping of a JSON document; iterative, because an answer may nest as deep as it likes."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _named(node: dict[str, object], pattern: re.Pattern[str]) -> str:
    values = (value for key, value in node.items() if pattern.fullmatch(key) and isinstance(value, str))
    return next((value for value in values if 0 < len(value) < _SHORTEST), "")
