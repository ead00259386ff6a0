"""A form whose layout was met before is read as if it had never been: what is remembered changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from parsers import Source, parse
from parsers.errors import ParseError
from parsers.tables import learnt, read
from tests.parsers.generator import html
from tests.parsers.generator.carriers import CARRIERS
from tests.parsers.generator.reports import invent
from tests.parsers.mutations.registry import MUTATIONS

STYLES = ("plain", "chrome", "word")
CARRIER = CARRIERS["html_plain"]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    learnt.memory.cache_clear()
    yield
    learnt.memory.cache_clear()


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every document whose grids were searched."""
    found: list[int] = []
    search = read._searched
    monkeypatch.setattr(read, "_searched", lambda lines, templates: found.append(1) or search(lines, templates))
    return found


def told(content: bytes, title: str) -> str:
    try:
        return repr(parse(Source(content=content, title=title)))
    except ParseError as error:
        return repr(error)


def test_another_report_in_the_same_form_is_not_searched(searches: list[int]) -> None:
    first, second = (invent("e2021_v30", random.Random(seed)) for seed in (1, 2))
    page = html.page(first, html.STYLES["plain"])
    for _ in range(3):
        parse(Source(content=page.encode(), title=first.title))
    assert len(searches) == 1
    # Another organ's numbers in the same cells.
    parse(Source(content=page.replace("1", "7").encode(), title=second.title))
    assert len(searches) == 1
    # A cell with words is another layout.
    parse(Source(content=page.replace("<td>0</td>", "<td>暂无统计</td>", 1).encode(), title=first.title))
    assert len(searches) == 2


def test_reports_are_the_same_whatever_was_read_before(searches: list[int]) -> None:
    pages = []
    for seed in range(15):
        report = invent("e2019_v60" if seed % 2 else "e2021_v30", random.Random(seed))
        pages.append((html.page(report, html.STYLES[STYLES[seed % len(STYLES)]]).encode(), report.title))
    warm = [told(*page) for page in (*pages, *pages)]
    recalled = len(warm) - len(searches)
    assert recalled >= len(pages)
    for page, *others in zip(pages, warm, warm[len(pages) :], strict=False):
        learnt.memory.cache_clear()
        assert others == [told(*page)] * 2


def test_a_damaged_report_is_read_alone_as_it_is_behind_its_whole_one() -> None:
    for number, mutation in enumerate(MUTATIONS.values()):
        rng = random.Random(number)
        report = invent("e2021_v30" if number % 3 else "e2019_v60", rng)
        damaged = mutation.apply(report, CARRIER, rng)
        if damaged is None:
            continue
        learnt.memory.cache_clear()
        alone = told(damaged[0], report.title)
        learnt.memory.cache_clear()
        told(CARRIER.render(report, rng), report.title)
        assert told(damaged[0], report.title) == alone
