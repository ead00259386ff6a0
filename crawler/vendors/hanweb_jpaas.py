"""大汉 JPaaS: a script tag carries the address and the query of its list (portals.md 2.3)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.pages.markup import Markup
from crawler.vendors.vendor import Ask, Rows, Vendor

ARTICLE = re.compile(r"/art/\d{4}/art_[0-9a-f]{32}\.html")
UNIT = "/api-gateway/jpaas-publish-server/"
PER_PAGE = 15


class HanwebJpaas(Vendor):
    """Paging works through the parameter `paramJson` alone; from some networks every page is page 1."""

    name = "hanweb_jpaas"

    def recognise(self, markup: Markup) -> str | None:
        if UNIT in markup.text or "unitbuild.js" in markup.text:
            return "the page asks jpaas-publish-server"
        found = any(ARTICLE.search(link.url) for link in markup.links)
        return "articles are /art/<year>/art_<32 hex>.html" if found else None

    def rows(self, markup: Markup) -> Rows | None:
        for script in markup.root.iter("script"):
            query = script.get("querydata") or ""
            url = script.get("url") or ""
            if query and url:
                try:
                    values = json.loads(query.replace("'", '"'))
                except (ValueError, RecursionError):
                    continue
                if isinstance(values, dict):
                    asked = {str(key): str(value) for key, value in values.items()}
                    return Rows(following=_page(urljoin(markup.base, url), asked, 1))
        return None

    def answer(self, text: str, ask: Ask) -> Rows | None:
        try:
            data = json.loads(text)["data"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        html = data.get("html") if isinstance(data, dict) else None
        if not isinstance(html, str):
            return None
        total = data.get("total")
        parts = urlsplit(ask.url)
        query = dict(parse_qsl(parts.query))
        query.pop("paramJson", None)
        following = _page(parts._replace(query="").geturl(), query, ask.page + 1) if "href" in html else None
        return Rows(html, int(total) if str(total).isdigit() else None, following)


def _page(url: str, query: dict[str, str], number: int) -> Ask:
    pages = json.dumps({"pageNo": number, "pageSize": PER_PAGE}, separators=(",", ":"))
    return replace(Ask(f"{url}?{urlencode({**query, 'paramJson': pages})}"), page=number)
