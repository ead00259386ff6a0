"""广东 政府信息公开目录管理平台: a tree of categories in the page, their articles from a JSON interface (portals.md 2.6).

Every organ below a portal has its own: `/hylpspzf/gkmlpt/index` beside `/gkmlpt/index`.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.finding.titles import is_column
from crawler.pages.markup import Markup
from crawler.vendors.vendor import Ask, Lead, Rows, Vendor, lines, texts

INDEX = re.compile(r"^(.*?)/gkmlpt/(?:index|mindex|guide|policy|annual\w*)?(?:[?#].*)?$")
CONFIG = re.compile(r"window\._CONFIG\s*=\s*")
SID = re.compile(r"[\"']?SID[\"']?\s*:\s*[\"']?(\w+)")
TREE = re.compile(r"[\"']?TREE[\"']?\s*:\s*(?=\[)")
CHINA = timedelta(hours=8)
PER_PAGE = 100


class Gkmlpt(Vendor):
    """`GET /gkmlpt/api/all/<category>?page=1&sid=<organ>`: a hundred articles a page."""

    name = "gkmlpt"

    def recognise(self, markup: Markup) -> str | None:
        if CONFIG.search(markup.text) and "gkmlpt" in markup.text + markup.url:
            return "the page holds window._CONFIG of the gkmlpt platform"
        found = any("/gkmlpt/content/" in link.url for link in markup.links)
        return "articles are /gkmlpt/content/<…>/post_<id>.html" if found else None

    def rows(self, markup: Markup) -> Rows | None:
        base = INDEX.match(markup.url)
        tree, sid = _tree(markup.text), SID.search(markup.text)
        if base is None or sid is None:
            return None
        for node in texts(tree):
            name = str(node.get("name") or "")
            if is_column(name) and str(node.get("id") or "").isdigit():
                first = Ask(f"{base[1]}/gkmlpt/api/all/{node['id']}?page=1&sid={sid[1]}")
                return Rows(following=first, proof=f"the catalogue's node {name}")
        return None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)
            articles = [one for one in data["articles"] if isinstance(one, dict)]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        html = lines((str(one.get("url") or one.get("post_url")), str(one.get("title")), _day(one)) for one in articles)
        classify = data.get("classify") or {}
        total = classify.get("post_count") if isinstance(classify, dict) else None
        more = re.sub(r"page=\d+", f"page={ask.page + 1}", ask.url)
        is_full = len(articles) >= PER_PAGE or (isinstance(total, int) and total > ask.page * len(articles))
        return Rows(
            html,
            total if isinstance(total, int) else None,
            Ask(more, page=ask.page + 1) if articles and is_full else None,
        )

    def leads(self, markup: Markup) -> tuple[Lead, ...]:
        """The platform's pages of other organs, in the portal's list of bureaus and townships."""
        here = INDEX.match(markup.url)
        found: dict[str, Lead] = {}
        for link in markup.links:
            base = INDEX.match(link.url)
            if base and (here is None or base[1] != here[1]) and urlsplit(link.url).path:
                found.setdefault(base[1], Lead(f"{base[1]}/gkmlpt/index", link.name))
        return tuple(found.values())


def _tree(text: str) -> object:
    start = TREE.search(text)
    if start is None:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, start.end())[0]
    except (ValueError, RecursionError):
        return None


def _day(article: dict[str, object]) -> str:
    """`created_at` is seconds since 1970, or a date already."""
    value = article.get("created_at") or article.get("date") or ""
    if isinstance(value, int) or str(value).isdigit():
        return f"{(datetime.fromtimestamp(int(str(value)), UTC) + CHINA).date()}"
    return str(value)[:10]
