"""A splash page: a picture, 进入网站, a choice of languages, and nothing else. The front page stands behind it."""

from __future__ import annotations

import re

from crawler.finding.scoring import score
from crawler.finding.titles import tidy
from crawler.pages.markup import Markup
from crawler.urls import Scope, canonical_url

ENTRANCE = re.compile(
    r"^(?:点击|点此|请)?(?:直接)?(?:进入|浏览|访问)(?:网站|首页|主页|主站|门户|政府网|.{0,12}(?:网站?|门户|平台))?$|^(?:网站)?(?:首页|主页|入口)$|"
    r"^(?:简体)?中文(?:简体)?(?:版|网站)?$|^简体(?:中文)?(?:版)?$",
)
MOST = 10
"""Links of a splash page: languages, the version for the blind, the record with the police."""


def entrance_of(markup: Markup, scope: Scope) -> str | None:
    """Where a splash page's way in leads; None where the page is no splash page."""
    here = canonical_url(markup.url)
    links = [link for link in markup.links if canonical_url(link.url) != here]
    if len(links) > MOST or markup.frames or any(score(link) > 0 for link in links):
        return None
    return next((link.url for link in links if ENTRANCE.search(tidy(link.name)) and scope.allows(link.url)), None)
