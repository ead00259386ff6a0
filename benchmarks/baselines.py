"""The bare parsers that a report is measured against: they only read the markup, and know nothing of reports."""

from __future__ import annotations

import io
from collections.abc import Callable

Bare = Callable[[bytes], object]


def beautiful_soup(content: bytes) -> object:
    """The tree alone, over lxml."""
    from bs4 import BeautifulSoup

    return BeautifulSoup(content, "lxml")


def lxml_tree(content: bytes) -> object:
    import lxml.html

    return lxml.html.document_fromstring(content)


def lexbor_tree(content: bytes) -> object:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(content)


def lexbor_cells(content: bytes) -> object:
    """Lexbor with the text of every cell."""
    from selectolax.lexbor import LexborHTMLParser

    return [cell.text() for cell in LexborHTMLParser(content).css("td, th")]


def pandas_tables(content: bytes) -> object:
    import pandas  # type: ignore[import-not-found,unused-ignore]

    return pandas.read_html(io.BytesIO(content), flavor="lxml")


def pdfplumber_tables(content: bytes) -> object:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as paper:
        return [page.extract_tables() for page in paper.pages]


BARE: dict[str, dict[str, Bare]] = {
    "html": {
        "BeautifulSoup": beautiful_soup,
        "pandas.read_html": pandas_tables,
        "lxml": lxml_tree,
        "Lexbor": lexbor_tree,
        "Lexbor, cells": lexbor_cells,
    },
    "pdf": {"pdfplumber": pdfplumber_tables},
}
