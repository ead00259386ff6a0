"""Who publishes in the invented town, how busy they are, and what goes wrong with which report."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.source import PortalContext

PROVINCE, CITY = "示例省", "示例市"
PORTAL = "invented"
HOST = "www.shili.example"
FIRST, LAST = 2014, 2023
YEARS = range(FIRST, LAST + 1)
CONTEXT = PortalContext(id=PORTAL, organ=f"{CITY}人民政府", level="city", province=PROVINCE, city=CITY)
"""As `config/portals/invented.yaml` says it too, for a rerun."""


@dataclass(frozen=True)
class Organ:
    key: str
    """In addresses and seeds."""
    name: str
    requests: int
    """Requests of its first year, about."""
    growth: float
    """Factor from a year to the next, about."""
    grants: float
    """Share of what it handles that it grants, about."""
    decisions: int
    """Administrative penalties of a year, about."""
    since: int = FIRST
    people: int | None = None
    """Inhabitants, of a county's government: invented as all the rest. docs/queries.md joins them."""


ORGANS = (
    Organ("jyj", "示例市教育局", 34, 1.07, 0.62, 12),
    Organ("gaj", "示例市公安局", 88, 1.04, 0.31, 5200),
    Organ("zrzy", "示例市自然资源局", 142, 1.11, 0.38, 96),
    Organ("zjj", "示例市住房和城乡建设局", 121, 1.13, 0.35, 210),
    Organ("scjg", "示例市市场监督管理局", 47, 1.09, 0.55, 1730),
    Organ("wjw", "示例市卫生健康委员会", 22, 1.05, 0.58, 340),
    Organ("rsj", "示例市人力资源和社会保障局", 41, 1.06, 0.49, 75),
    Organ("cgj", "示例市城市管理局", 30, 1.12, 0.47, 890),
    Organ("jiachuan", "示例市甲川县人民政府", 73, 1.10, 0.44, 640, people=412_000),
    Organ("yishui", "示例市乙水县人民政府", 55, 1.02, 0.52, 510, people=268_000),
    Organ("bingwan", "示例市丙湾区人民政府", 105, 1.15, 0.33, 1220, people=735_000),
)
MISSING = {("wjw", 2017), ("cgj", 2016), ("yishui", 2020)}
"""Reports that were never published."""
WHOLE = range(2021, 2024)
"""Years of which the town has a report over all its organs."""
LATE = {("cgj", 2021): "2022-05-20", ("zjj", 2018): "2019-04-11", ("jiachuan", 2022): "2023-04-03"}
EARLY = {("gaj", 2019): "2019-12-28"}
BROKEN_CHAIN = {("jyj", 2021): 3, ("bingwan", 2023): 7}
"""So many more are carried over than were carried forward the year before."""
COPIED = {("gaj", 2022)}
"""Its figures are last year's, word for word."""
TOLD_OTHERWISE = {("scjg", 2022): -18, ("zrzy", 2023): 40, ("cgj", 2019): 2}
"""So many more requests in the sentence than in the table."""
MISTYPED = {("zrzy", 2020): "requests.results.granted.natural_person", ("bingwan", 2021): "requests.received_new.total"}
"""One figure was typed one too high, so that its sums fail."""
LEFT_BLANK = {("jiachuan", 2019)}
"""Rows without any request were left blank instead of 0."""
CORRECTED = {("rsj", 2023)}
"""Published again with another figure."""
FEES = {("zjj", 2021): 3940, ("zjj", 2022): 5210, ("zrzy", 2022): 1280, ("zjj", 2023): 4460, ("zrzy", 2023): 760}
"""信息处理费 in 元, told in a sentence of section six (国办函〔2020〕109号)."""
LOST_STOCK = {("scjg", 2022): 4, ("bingwan", 2023): 2}
"""So many documents in force lapsed without being counted as repealed."""
WHOLE_LESS = {2023: 25}
"""The town's own total is so much less than the sum of its organs."""
