"""Small pages for the units, and where the real ones are when they are at hand."""

from __future__ import annotations

from pathlib import Path

from crawler.pages.markup import Markup
from parsers.documents.charset import decode

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
"""Saved pages of portals; not part of the project, so tests on them run only where they are present."""

AT = "http://www.x.gov.cn/zwgk/nb/"


def page(body: str, head: str = "", url: str = AT) -> Markup:
    return Markup(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", url)


def real(name: str, url: str = AT) -> Markup:
    return Markup(decode((REAL / name).read_bytes())[0], url)


def rows(*lines: tuple[str, str, str]) -> str:
    """A list of (address, title, date)."""
    items = (f'<li><a href="{url}">{title}</a><span>{date}</span></li>' for url, title, date in lines)
    return f"<ul class='list'>{''.join(items)}</ul>"
