"""The bare parsers that a report is measured against: they only read the markup, and know nothing of reports."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec

Bare = Callable[[bytes], object]


def beautiful_soup(content: bytes) -> object:
    from bs4 import BeautifulSoup

    return BeautifulSoup(content, "lxml")


def lxml_cells(content: bytes) -> object:
    """lxml with the text of every cell."""
    import lxml.html

    tree = lxml.html.document_fromstring(content)
    return ["".join(cell.itertext()) for cell in tree.iter("td", "th")]


def lexbor_cells(content: bytes) -> object:
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
        "lxml": lxml_cells,
        "Lexbor": lexbor_cells,
        **({"pandas": pandas_tables} if find_spec("pandas") else {}),
    },
    "pdf": {"pdfplumber": pdfplumber_tables},
}
