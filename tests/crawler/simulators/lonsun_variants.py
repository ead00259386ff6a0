"""龙讯 in three more ways: years beside an organ's list, a page a year of all organs, a front column that is paged by its address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from nianbao.sample.server import Answer
from tests.crawler.simulators.simulated import Report, Simulated, column, html, links

YEARS = range(2024, 2009, -1)
COLLECTIONS = {2024: 8611, 2023: 7931, 2022: 7741}
"""安徽: the page of each year has a number of its own."""
UNFILLED = "<ul><li><a href='<?=el.link?>'><?=el.title?>政府信息公开年度报告</a></li></ul>"
"""发改委: what a script would fill in."""


def simulate() -> Simulated:
    sim = Simulated("lonsun_variants", "金寨县")
    menu = {
        "/public/column/6617401?type=3&action=list": "政府信息公开年报",
        "/site/tpl/8611?nav=4&year=2024": "部门年报",
        "/content/column/6795": "乡镇年报",
    }
    sim.list("/", html(f"<!-- cn.lonsun -->{links(*menu.items())}{UNFILLED}"))
    _organ(sim)
    _collections(sim)
    _front(sim)
    return sim


def _organ(sim: Simulated) -> None:
    """`ul#timeFrame`: without a year the list shows the newest ones alone."""
    rows = {year: _line(sim, "人民政府", year, f"/public/6617401/{35472091 + year}.html") for year in YEARS}
    years = [(f"/public/column/6617401?type=3&action=list&year={year}", f"{year}年") for year in YEARS]
    frame = links(*years).replace("class='nav'", "id='timeFrame'")

    def shown(target: str) -> Answer:
        year = parse_qs(urlsplit(target).query).get("year")
        held = [rows[int(year[0])]] if year else [rows[2024], rows[2023]]
        return column(held, more=frame)

    sim.list("/public/column/6617401", shown)


def _collections(sim: Simulated) -> None:
    switch = links(*((f"/site/tpl/{page}?nav=4&year={year}", f"{year}年") for year, page in COLLECTIONS.items()))
    for year, page in COLLECTIONS.items():
        organs = ("发展和改革委员会", "教育局", "财政局")
        rows = [
            _line(sim, organ, year, f"/public/{page}{number}/{page * 10 + number}.html")
            for number, organ in enumerate(organs)
        ]
        sim.list(f"/site/tpl/{page}", column(rows, more=switch + UNFILLED, name="部门年报"))


def _front(sim: Simulated) -> None:
    rows = [_line(sim, "梅山镇人民政府", year, f"/content/article/{36027577 + year}") for year in YEARS]

    def shown(target: str) -> Answer:
        number = int(parse_qs(urlsplit(target).query).get("pageIndex", ["1"])[0])
        script = f"<script>Ls.pagination({{el: '#page', pageCount: 3, pageIndex: {number}}})</script>"
        return column(rows[number * 5 - 5 : number * 5], more=script, name="乡镇年报")

    sim.list("/content/column/6795", shown)


def _line(sim: Simulated, organ: str, year: int, path: str) -> tuple[str, str, str]:
    report = sim.holds(path, Report(sim.organ(organ), year))
    return path, report.name, report.day
