"""One file of each carrier for timing, and the same report ten times longer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.corpus import ROOT
from tests.parsers.generator import html, text
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.model import Invented, Prose, Sheet
from tests.parsers.generator.prose import sentences
from tests.parsers.generator.reports import invent
from tests.shared import FOLDER


@dataclass(frozen=True)
class Sample:
    name: str
    kind: str
    """html, text, pdf or file: which bare parsers it is compared with."""
    content: bytes


def samples() -> Iterator[Sample]:
    """Invented reports with as much prose as real ones, then the bundled PDF, then real ones where they are."""
    report = _long("e2019_v60", 1)
    yield Sample("html, plain", "html", html.page(report, html.STYLES["chrome"]).encode())
    yield Sample("html, from Word", "html", html.page(report, html.Style(cell="word", chrome=True)).encode())
    for dump in ("blank_lines", "pipes", "glued"):
        yield Sample(f"text, {dump}", "text", text.page(report, dump).encode())
    for carrier in ("docx", "xlsx", "rtf", "mhtml"):
        yield Sample(carrier, "file", CARRIERS[carrier].render(report, random.Random(0)))
    for paper in sorted((ROOT / "nianbao" / "sample" / "site").rglob("*.pdf")):
        yield Sample("pdf", "pdf", paper.read_bytes())
    for path, kind in (
        ("real/html/shanghai_office_2019.html", "html"),
        ("seeds/002_2635f51a17d978ae.txt", "text"),
        ("real/huaian_hongze_2023.pdf", "pdf"),
    ):
        if (FOLDER / path).exists():
            yield Sample(f"real {kind}", kind, (FOLDER / path).read_bytes())


def grown() -> Iterator[tuple[str, bytes, bytes]]:
    """(what, a report, the same ten times longer) for pages and dumps."""
    short, long = _long("e2021_v30", 1), _long("e2021_v30", 10, forms=10)
    yield "html", html.page(short, html.STYLES["plain"]).encode(), html.page(long, html.STYLES["plain"]).encode()
    for dump in ("pipes", "blank_lines", "vanished"):
        yield f"text, {dump}", text.page(short, dump).encode(), text.page(long, dump).encode()
    prose = _long("e2021_v30", 10)
    yield "html, prose alone", html.page(short, html.STYLES["plain"]).encode(), _as_long(prose, short)


def _as_long(report: Invented, short: Invented) -> bytes:
    """Prose until the page is ten times as long as the short one."""
    wanted = 10 * len(html.page(short, html.STYLES["plain"]).encode())
    rng = random.Random(5)
    body = list(report.body)
    size = len(html.page(report, html.STYLES["plain"]).encode())
    while size < wanted:
        line = "".join(sentences(rng, report.year, traps=True)) * 3
        body.append(Prose(line))
        size += len(line.encode()) + 8
    return html.page(replace(report, body=tuple(body)), html.STYLES["plain"]).encode()


def _long(template: str, times: int, forms: int = 1) -> Invented:
    """A report with about the prose of a real one, `times` over; its forms `forms` times."""
    rng = random.Random(f"speed/{template}")
    report = invent(template, rng)
    body: list[Prose | Sheet] = []
    for part in report.body:
        body.extend([part] * (forms if isinstance(part, Sheet) else 1))
        if isinstance(part, Prose) and not part.heading:
            for _ in range(4 * times):
                body.append(Prose("".join(sentences(rng, report.year, traps=False)) * 2))
    return replace(report, body=tuple(body))
