"""http or https: which one a host is asked over."""

from __future__ import annotations

from crawler.manners.schemes import Schemes

PLAIN, SECURE = "http://www.x.gov.cn/a.html", "https://www.x.gov.cn/a.html"


def test_a_host_without_an_answer_is_asked_over_the_other_scheme_from_then_on() -> None:
    schemes = Schemes()
    assert schemes.switch(PLAIN) == SECURE == schemes.of(PLAIN)
    assert schemes.switch(PLAIN) is None, "once a host"


def test_a_host_that_answers_over_neither_is_asked_as_its_links_say() -> None:
    """So that what is told of it is what happened to the address that was given."""
    schemes = Schemes()
    schemes.switch(PLAIN)
    schemes.gave_no_answer(SECURE)
    assert schemes.of(PLAIN) == PLAIN and schemes.switch(PLAIN) is None
