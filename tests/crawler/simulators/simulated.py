"""What all simulators share: a server, the reports it holds, and which of its addresses are lists."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from nianbao.sample.server import Answer
from tests.crawler.site import Respond, Site

HTML = "text/html; charset=utf-8"
CHAPTERS = ("一、主动公开情况", "二、依申请公开情况", "三、行政复议、行政诉讼情况", "四、存在的主要问题及改进情况")
OTHER = "认真做好本年度各项工作，深化重点领域信息主动公开。"


@dataclass(frozen=True)
class Report:
    """A report that the simulated portal holds."""

    organ: str
    year: int
    title: str = ""

    @property
    def name(self) -> str:
        return self.title or f"{self.organ}{self.year}年政府信息公开工作年度报告"

    @property
    def day(self) -> str:
        return f"{self.year + 1}-01-{10 + self.year % 10:02}"


@dataclass
class Simulated:
    """One vendor's portal: a server whose routes are told apart into lists and the rest."""

    name: str
    place: str
    """云溪县: whose portal it is. Every simulator has a place of its own, or two would hold one organ's reports."""
    site: Site = field(default_factory=Site)
    reports: set[tuple[str, int]] = field(default_factory=set)
    """(organ, year) of everything that has to be found."""
    listing: list[Callable[[str], bool]] = field(default_factory=list)
    publish: Callable[[], None] | None = None
    """Adds a report, as the next January does."""

    @property
    def government(self) -> str:
        return f"{self.place}人民政府"

    def organ(self, name: str) -> str:
        return f"{self.place}{name}"

    def list(self, path: str, answer: Answer | Respond) -> None:
        """A front page, a menu, a list, an interface that holds one: not counted against the reports."""
        self.site.routes[path] = answer
        self.listing.append(lambda asked: asked.partition("?")[0] == path)

    def detail(self, path: str, answer: Answer | Respond) -> None:
        self.site.routes[path] = answer

    def holds(self, path: str, report: Report, answer: Answer | None = None) -> Report:
        """A report that is to be found at this path."""
        self.reports.add((report.organ, report.year))
        self.site.routes[path] = answer or article(report)
        return report

    def is_listing(self, path: str) -> bool:
        return path == "/robots.txt" or any(is_one(path) for is_one in self.listing)


def page(body: str, *, title: str = "", meta: Mapping[str, str] | None = None, head: str = "") -> str:
    tags = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in (meta or {}).items())
    return f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{tags}{head}</head><body>{body}</body></html>"


def html(body: str, *, title: str = "", meta: Mapping[str, str] | None = None, head: str = "") -> Answer:
    return text(page(body, title=title, meta=meta, head=head))


def text(content: str, media_type: str = HTML) -> Answer:
    return Answer(200, content.encode(), {"Content-Type": media_type})


def json_answer(content: str) -> Answer:
    return text(content, "application/json; charset=utf-8")


def links(*menus: tuple[str, str]) -> str:
    """(address, words) as a menu."""
    rows = (f"<li><a href='{url}'>{name}</a></li>" for url, name in menus)
    return f"<ul class='nav'>{''.join(rows)}</ul>"


def column(
    rows: Iterable[tuple[str, str, str]],
    *,
    more: str = "",
    name: str = "政府信息公开年报",
    head: str = "",
    crumb: str = "",
) -> Answer:
    """A list of (address, title, date) in a column that says so in its ColumnName."""
    lines = "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for url, title, day in rows)
    body = f"{crumb}<ul class='list'>{lines}</ul>{more}"
    return html(body, title=name, meta={"SiteName": "门户", "ColumnName": name, "ArticleTitle": ""}, head=head)


def prose(report: Report) -> str:
    """The text of a report, long enough to be one."""
    period = f"本报告所列数据的统计期限自{report.year}年1月1日起至{report.year}年12月31日止。"
    parts = "".join(f"<p>{chapter}</p><p>{OTHER * 8}</p>" for chapter in CHAPTERS)
    return f"<p>{period}</p>{parts}"


def body(report: Report, container: str = "<div id='zoom'>") -> str:
    close = f"</{container[1:].split(' ')[0].split('>')[0]}>"
    return f"<h1>{report.name}</h1>{container}{prose(report)}{close}"


def article(report: Report, container: str = "<div id='zoom'>", *, more: str = "", head: str = "") -> Answer:
    """A report's page with the tags that every government site has to carry."""
    meta = {"ArticleTitle": report.name, "PubDate": f"{report.day} 10:00", "ColumnName": "政府信息公开年报"}
    return html(body(report, container) + more, title=report.name, meta=meta, head=head)


def decoy(title: str) -> Answer:
    """Something else that stands in a 年报 column."""
    return html(f"<h1>{title}</h1><div id='zoom'><p>{OTHER * 12}</p></div>", title=title, meta={"ArticleTitle": title})


def zipped(answer: Answer) -> Answer:
    """The same, packed although nobody asked for it, and nothing says so."""
    return Answer(answer.status, gzip.compress(answer.body), answer.headers)


def in_gb18030(answer: Answer) -> Answer:
    """The same in GB18030, which the page calls gb2312."""
    declared = answer.body.decode().replace("charset='utf-8'", "charset='gb2312'")
    return Answer(answer.status, declared.encode("gb18030"), {"Content-Type": "text/html"})


def once(first: Answer | None, then: Answer) -> Respond:
    """Answers `first` to the first request (None: drops the connection), then `then`."""
    left = [first]

    def respond(target: str) -> Answer | None:
        return left.pop() if left else then

    return respond
