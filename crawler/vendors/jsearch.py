"""大汉's search (jsearchfront), which many portals of several systems and whole provinces have (portals.md A.2).

No list stands on its page: its script posts the words to `cateSearch.do` and gets pieces of HTML back as JSON.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, unquote, urlencode, urljoin

from crawler.pages.markup import Markup
from crawler.vendors.vendor import FORM, WORDS, Ask, Rows

PLACE = re.compile(r"((?:https?:)?//[\w.:-]+)?((?:/[\w-]+)*/jsearchfront)/", re.IGNORECASE)
FIELD = r"{name}[\"']?(?:\s*[:=]\s*|\s+value\s*=\s*)[\"']?(\w+)"
NEEDED, OPTIONAL = "websiteid", ("cateid", "tpl", "searchid")
THROUGH = re.compile(r"href=([\"'])[^\"']*?link\.do\?(?:[^\"']*?&(?:amp;)?)?url=([^\"'&]+)[^\"']*\1")
"""Its links lead through a counter, with the address as a parameter."""
PER_PAGE = 20
INTERFACE = "cateSearch.do"


def ask_for_reports(markup: Markup, words: str = WORDS) -> Ask | None:
    """The search that a page has, asked for these words in titles; None where it has none."""
    place = PLACE.search(markup.text)
    if place is None:
        return None
    fields = {name: _field(name, markup.text) for name in (NEEDED, *OPTIONAL)}
    if not fields[NEEDED]:
        return None
    chosen = {name: value for name, value in fields.items() if value}
    asked = {**chosen, "q": words, "word": words, "pos": "title", "sortType": "2", "pg": str(PER_PAGE), "p": "1"}
    url = urljoin(markup.base, f"{place[0].rstrip('/')}/interfaces/{INTERFACE}")
    return Ask(url, "POST", urlencode(asked), FORM)


def answer(text: str, ask: Ask) -> Rows | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("result"), list):
        return None
    pieces = [THROUGH.sub(_straight, one) for one in data["result"] if isinstance(one, str)]
    asked = dict(parse_qsl(ask.body))
    number = int(asked.get("p", "1"))
    total = data.get("total")
    is_more = bool(pieces) and not (isinstance(total, int) and number * PER_PAGE >= total)
    body = urlencode({**asked, "p": str(number + 1)})
    following = Ask(ask.url, "POST", body, FORM, page=number + 1) if is_more else None
    html = "".join(f"<li>{piece}</li>" for piece in pieces)
    return Rows(f"<ul class='rows'>{html}</ul>", total if isinstance(total, int) else None, following)


def _straight(found: re.Match[str]) -> str:
    return f"href={found[1]}{unquote(found[2])}{found[1]}"


def _field(name: str, text: str) -> str:
    found = re.search(FIELD.format(name=name), text, re.IGNORECASE)
    return found[1] if found else ""
