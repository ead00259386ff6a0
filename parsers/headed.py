"""A table under a heading of another year than the report's, of a part of the year, or of another organ.

Was last year's form copied, or its heading alone? Is it the organ's own beside a heading that was copied? Nobody can say, so
the figures stay and the table is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.documents.model import Block, Grid, Paragraph
from parsers.identity.titles import names_part_of_year
from parsers.prose.subjects import Others, is_of_others, is_wider
from parsers.report import FigureCell
from parsers.tables.labels import fold

_YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_COMPARES = re.compile(r"[比较增减降。]|上年|结转|同期|以来|[至到—－-]\s*20\d\d")
_SUBJECT = re.compile(
    r"(?:附[件表录]?[一二三四五六七八九十\d]*[:.、]?|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d))?"
    r"(?:其中[:,]?|(?:填报|报送|报告)(?:单位|机关)(?:\(.{1,6}\))?:|单位名称:)?(?:(?:19|20)\d\d年?度?)?"
    r"(?P<who>(?:(?!公开|收到|处理|解读|复议|诉讼)[^\W\d_]){1,24}?"
    r"(?:局|厅|委|委员会|办公[室厅]|(?:政府|管委会)(?!信息)|中心|街道|办事处|[镇乡县市区]|院|站|所|[支大总]队|公司|学校|各部门|各单位))"
    r"(?=$|\((?:19|20)\d\d|(?:19|20)\d\d年|的?(?:政府信息|政务公开|信息公开|收到和处理|主动公开|依申请|因政府|行政复议|情况))"
)
_CAPTION = re.compile(r"第二十条|[(（]?单位")
"""What may stand between a table and its heading."""
_LONGEST = 60
"""Characters: what is longer is no heading."""
_ABOVE = 16
"""Lines of text above a table's first row that may be its header's and its heading."""


def flags(
    blocks: Sequence[Block],
    lines: Sequence[str],
    cells: Iterable[FigureCell],
    year: int,
    organs: Sequence[str],
    others: Others | None,
) -> list[str]:
    """`other_year:<head>`, `other_period:<head>`, `other_organ:<head>` for every table that holds figures and has such a
    heading. `lines`: the text outside of tables, as cells number it; `organs`: the names of whose report it is."""
    odd: dict[int, list[str]] = {}
    for number, block in enumerate(blocks):
        if isinstance(block, Grid):
            said = {name for text in _headings(blocks, number, block) for name in _strange(text, year, organs, others)}
            if said:
                odd[block.index] = sorted(said)
    if not odd and not lines:
        return []
    below: dict[int, list[str]] = {index: [] for index in odd}
    first: dict[str, int] = {}
    for cell in cells:
        at = cell.at or {}
        if isinstance(line := at.get("line"), int):
            head = cell.path.split(".", 1)[0]
            first[head] = min(line, first.get(head, line))
        elif odd and isinstance(table := at.get("table"), int) and table in odd:
            below[table].append(cell.path.split(".", 1)[0])
    found = {f"{name}:{head}": None for index in odd for head in dict.fromkeys(below[index]) for name in odd[index]}
    for head, line in first.items():
        said = {name for text in _above(lines, line) for name in _strange(text, year, organs, others)}
        found |= {f"{name}:{head}": None for name in sorted(said)}
    return list(found)


def _headings(blocks: Sequence[Block], number: int, grid: Grid) -> Iterator[str]:
    """The paragraph right above a table, its caption, and a first row that is one cell."""
    if grid.caption:
        yield grid.caption
    first = grid.rows[0]
    if first[0] is not None and first[0] is first[-1]:
        yield first[0].text
    above = number - 1
    while above >= 0 and isinstance(block := blocks[above], Paragraph):
        if text := block.text.strip():
            yield text
            if not _CAPTION.match(text):
                return
        above -= 1


def _above(lines: Sequence[str], first: int) -> Iterator[str]:
    """The lines above line `first` (from 1), up to a sentence; of these the nearest that is a heading of a table."""
    some = [line for line in reversed(lines[: first - 1]) if line.strip()][:_ABOVE]
    for line in some:
        if "。" in line:
            return
        if ("表" in line and "统计" in line) or line.rstrip().endswith("情况"):
            yield line
            return


def _strange(text: str, year: int, organs: Sequence[str], others: Others | None) -> Iterator[str]:
    if len(text) > _LONGEST or _COMPARES.search(text):
        return
    named = _YEAR.findall(text)
    if named and str(year) not in named:
        yield "other_year"
    folded = fold(text)
    if names_part_of_year(folded):
        yield "other_period"
    if others and (_is_of_another(folded, organs, others) or is_wider(others, folded, organs)):
        yield "other_organ"


def _is_of_another(folded: str, organs: Sequence[str], others: Others) -> bool:
    """An office inside the organ is the organ: 填报单位:云溪县统计局办公室."""
    subject = _SUBJECT.match(folded)
    if subject is None or subject["who"].startswith(tuple(map(fold, organs))):
        return False
    return is_of_others(others, subject["who"], organs)
