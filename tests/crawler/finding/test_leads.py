"""The best link to a column names it, in whatever order the links are met."""

from __future__ import annotations

from itertools import permutations

from crawler.finding.leads import Leads, Led
from crawler.tasks import Role, Task

URL = "http://www.a.gov.cn/nb/"
LINKS = (
    Task(Role.MENU, "政府信息公开年度报告", depth=3),
    Task(Role.COLUMN, "年报", depth=2),
    Task(Role.MENU, "", depth=1),
    Task(Role.MENU, "信息公开年报", depth=2),
)


def test_the_order_does_not_matter() -> None:
    for links in permutations(LINKS):
        leads = Leads()
        for link in links:
            leads.note(URL, link)
        assert leads.best([URL]) == Led(0, False, 6, "信息公开年报")


def test_a_link_that_vouches_for_a_page_is_news_once_and_only_after_it_was_read_in_vain() -> None:
    sure = Task(Role.MENU, "政府信息公开年报", expected=True)
    leads = Leads()
    leads.note(URL, LINKS[1])
    assert not leads.expects(URL) and not leads.is_news(URL, LINKS[1]) and not leads.is_news(URL, sure)
    leads.unproven(URL)
    assert not leads.is_news(URL, LINKS[1])
    leads.note(URL, sure)
    assert leads.expects(URL) and leads.is_news(URL, sure) and not leads.is_news(URL, sure)
    leads.unproven(URL)
    assert not leads.is_news(URL, sure), "it was read with that in mind"


def test_redirects_join_their_links_and_other_requests_lead_nowhere() -> None:
    leads = Leads()
    leads.note("http://www.a.gov.cn/old/", Task(Role.MENU, "年报"))
    leads.note(URL, Task(Role.MENU, "年度报告列表"))
    leads.note(URL, Task(Role.COLUMN, "x", number=2))
    leads.note(URL, Task(Role.DETAIL, "y"))
    leads.note(URL, Task(Role.COLUMN, "z", rendered=True))
    assert leads.best([URL]) == Led(0, False, 6, "年度报告列表")
    assert leads.best([URL, "http://www.a.gov.cn/old/"]) == Led(0, False, 2, "年报")
    assert leads.best(["http://www.b.gov.cn/"]) is None
