"""One file of each carrier for timing, and the same report ten times longer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from benchmarks.corpus import ROOT
from tests.parsers.documents.make_pdf import Page, make_pdf
from tests.parsers.generator import html, text, word
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.model import Invented, Prose, Sheet
from tests.parsers.generator.prose import sentences
from tests.parsers.generator.reports import invent
from tests.shared import FOLDER

_FIXTURES = ROOT / "tests" / "parsers" / "documents" / "fixtures"
_REAL = (
    ("real html, body alone", "html", "real/html/shanghai_office_2019.html"),
    ("real html, local tables", "html", "real/html/jilin_forestry_2018_local_tables.html"),
    ("real text, lines", "text", "real/text/hebei_education_2019.txt"),
    ("real text, pipes", "text", "seeds/000_9a136e2b30223f7f.txt"),
    ("real text, no blanks", "text", "seeds/002_2635f51a17d978ae.txt"),
    ("real text, traditional", "text", "seeds/003_2e44ad171ca045ec.txt"),
    ("real text, glued", "text", "real/text/hebei_industry_2021_glued.txt"),
    ("real markdown", "text", "real/text/shanghai_science_2024.md"),
    ("real pdf", "pdf", "real/huaian_hongze_2023.pdf"),
)


Render = Callable[[Invented], bytes]


@dataclass(frozen=True)
class Sample:
    name: str
    kind: str
    """html, text, pdf or file: which bare parsers it is compared with."""
    contents: tuple[bytes, ...]
    """Different reports of this kind; a single one where it is a file that nobody here made."""

    @property
    def content(self) -> bytes:
        return self.contents[0]

    @property
    def kilobytes(self) -> float:
        return sum(map(len, self.contents)) / len(self.contents) / 1024


def samples(different: int = 1) -> Iterator[Sample]:
    """Invented reports with as much prose as real ones, then the bundled PDF, then real ones where they are.

    Of what is invented there are so many `different` reports: other organs, figures and sentences.
    """
    reports = [_long("e2019_v60", 1, number=number) for number in range(different)]
    for name, kind, render in _INVENTED:
        yield Sample(name, kind, tuple(map(render, reports)))
    for name in ("doc", "xls"):
        yield Sample(name, "file", ((_FIXTURES / f"report.{name}").read_bytes(),))
    for paper in sorted((ROOT / "nianbao" / "sample" / "site").rglob("*.pdf")):
        yield Sample("pdf", "pdf", (paper.read_bytes(),))
    for name, kind, path in _REAL:
        if (FOLDER / path).exists():
            yield Sample(name, kind, ((FOLDER / path).read_bytes(),))


def _html(style: html.Style) -> Render:
    return lambda report: html.page(report, style).encode()


def _text(name: str) -> Render:
    return lambda report: text.page(report, name).encode()


def _file(carrier: str) -> Render:
    return lambda report: CARRIERS[carrier].render(report, random.Random(0))


def _portal_page(report: Invented) -> str:
    """The report's page as a portal serves it: menus, styles and scripts around the body, styles in every cell."""
    page = html.page(report, html.STYLES["chrome"])
    items = "".join(
        f'<li class="item"><a href="/zwgk/lm{n}/" title="栏目{n}">政务公开栏目{n}</a></li>' for n in range(260)
    )
    script = "var menu=[" + ",".join(f'{{id:{n},url:"/zwgk/{n}/index.html"}}' for n in range(400)) + "];"
    rules = "".join(f".list-{n} li a{{color:#333;padding:{n}px 4px;line-height:24px}}\n" for n in range(150))
    around = f'<script>{script}</script><style>{rules}</style><div class="topnav"><ul>{items}</ul></div>'
    cell = '<td style="border:1px solid #000;padding:0 7px;width:64px;text-align:center" valign="middle"'
    return page.replace("<body>", f"<body>{around}", 1).replace("<td", cell)


def grown() -> Iterator[tuple[str, bytes, bytes]]:
    """(what, a report, the same ten times longer) for pages, dumps and files."""
    short, long = _long("e2021_v30", 1), _long("e2021_v30", 10, forms=10)
    yield "html", html.page(short, html.STYLES["plain"]).encode(), html.page(long, html.STYLES["plain"]).encode()
    for dump in ("pipes", "blank_lines", "vanished", "tabs", "glued"):
        yield f"text, {dump}", text.page(short, dump).encode(), text.page(long, dump).encode()
    prose = _long("e2021_v30", 10)
    yield "html, prose alone", html.page(short, html.STYLES["plain"]).encode(), _as_long(prose, short)
    yield "docx", word.page(short), word.page(long)
    yield "pdf", _paper(2), _paper(20)


def small_paper() -> bytes:
    """A page with a table and a title."""
    return _paper(1)


def _paper(pages: int) -> bytes:
    """Pages of prose, each with a ruled table."""
    rng = random.Random(6)
    made = []
    for number in range(pages):
        page = Page()
        page.text(84, 60, "某县财政局2021年政府信息公开工作年度报告" if not number else f"{number}、总体情况")
        for line in range(12):
            page.text(60, 90 + 20 * line, "".join(sentences(rng, 2021, traps=False))[:40])
        header = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
        rows = [(f"规范性文件{row}", str(row), "0", str(rng.randrange(900))) for row in range(14)]
        page.table(60, 360, (160, 100, 100, 100), [header, *rows])
        made.append(page)
    return make_pdf(made)


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


def _long(template: str, times: int, forms: int = 1, number: int = 0) -> Invented:
    """A report with about the prose of a real one, `times` over; its forms `forms` times. Another for each `number`."""
    rng = random.Random(f"speed/{template}/{number}" if number else f"speed/{template}")
    report = invent(template, rng)
    body: list[Prose | Sheet] = []
    for part in report.body:
        body.extend([part] * (forms if isinstance(part, Sheet) else 1))
        if isinstance(part, Prose) and not part.heading:
            for _ in range(4 * times):
                body.append(Prose("".join(sentences(rng, report.year, traps=False)) * 2))
    return replace(report, body=tuple(body))


_INVENTED: tuple[tuple[str, str, Render], ...] = (
    ("html, small", "html", _html(html.STYLES["chrome"])),
    ("html, a portal's page", "html", lambda report: _portal_page(report).encode()),
    ("html, from Word", "html", _html(html.Style(cell="word", chrome=True))),
    *((f"text, {name}", "text", _text(name)) for name in ("blank_lines", "pipes", "tabs", "glued")),
    ("markdown", "text", _text("markdown_rule")),
    *((carrier, "file", _file(carrier)) for carrier in ("docx", "xlsx", "rtf", "mhtml")),
)
