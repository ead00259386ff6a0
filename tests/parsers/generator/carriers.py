"""Every carrier by its name: what `make accuracy` lists in rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from tests.parsers.generator import html, open_document, rich_text, text, word, workbook
from tests.parsers.generator.model import Invented

Render = Callable[[Invented, random.Random], bytes]


@dataclass(frozen=True)
class Carrier:
    name: str
    render: Render
    keeps: bool
    """Is everything kept, so that every figure must be read?"""


def _page(name: str) -> Render:
    return lambda report, rng: html.page(report, html.STYLES[name]).encode()


def _any_page(report: Invented, rng: random.Random) -> bytes:
    return html.page(report, html.any_style(rng)).encode()


def _dump(name: str) -> Render:
    return lambda report, rng: text.page(report, name).encode()


def _web_archive(report: Invented, rng: random.Random) -> bytes:
    """A page saved by a browser with all that belongs to it."""
    message = EmailMessage(policy=SMTP)
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/gknb/1.html"
    message["MIME-Version"] = "1.0"
    message.set_content(
        html.page(report, html.STYLES["plain"]), subtype="html", charset="utf-8", cte="quoted-printable"
    )
    message.make_related(boundary="----MultipartBoundary--invented")
    return message.as_bytes()


CARRIERS: dict[str, Carrier] = {
    carrier.name: carrier
    for carrier in (
        *(Carrier(f"html_{name}", _page(name), keeps=True) for name in html.STYLES),
        Carrier("html_any", _any_page, keeps=True),
        *(Carrier(f"text_{name}", _dump(name), keeps=name in text.KEEPING) for name in text.DUMPS),
        Carrier("docx", lambda report, rng: word.page(report), keeps=True),
        Carrier(
            "docx_runs", lambda report, rng: word.page(report, word.Hand(10, together=True, broken=True)), keeps=True
        ),
        Carrier("xlsx", lambda report, rng: workbook.page(report), keeps=True),
        Carrier("odt", lambda report, rng: open_document.page(report), keeps=True),
        Carrier("rtf", lambda report, rng: rich_text.page(report), keeps=True),
        Carrier("mhtml", _web_archive, keeps=True),
    )
}
