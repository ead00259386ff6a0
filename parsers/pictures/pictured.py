"""Which of the pictures that a page shows are worth fetching: those that may be tables of its report, or the report itself.

Asked by the crawler, which has the page and not yet its pictures. Photographs beside a report whose forms stand as text
are not fetched, nor is what its address or its words call an emblem, a QR code or a button.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from parsers import choice, classify, cover
from parsers.documents.model import Document
from parsers.errors import ParseError
from parsers.source import Attachment, Source
from parsers.tables import local
from parsers.tables.read import read_tables
from parsers.template import load_templates

_ORNAMENT = re.compile(
    r"icon|logo|emblem|guohui|/share|ewm|erweima|qrcode|(?<![a-z])qr[-_.]|weixin|wechat|weibo|print|close|arrow|btn|button|bullet|"
    r"space\.|spacer|blank\.|loading|fileTypeImages|dialogs/attachment|jiathis|dqwx|beian|jiucuo|conac|banner",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"二维码|扫一扫|微信|微博|国徽|标志|徽标|找错|党政机关|事业单位|无障碍|公安|备案|打印|分享|图标|logo", re.I
)
"""What an ornament says in its alt or title."""


def is_ornament(url: str, said: str = "") -> bool:
    """Whether a picture is no table, by its address or by what it says of itself."""
    return bool(_ORNAMENT.search(url) or _CALLED.search(said))


def of_report(source: Source, shown: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Those of `shown` (addresses and words, no bytes yet) that may be tables or sheets of the report on this page.

    None where its form has all of its tables as text, and none of a page that is no report.
    """
    return _wanted(source, shown, _report_lacks)


def of_companion(source: Source, shown: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """As `of_report`, for a page that a report's statistics table stands on alone: none where it stands there as text."""
    return _wanted(source, shown, lambda document, _: not any(document.grids()))


def _report_lacks(document: Document, source: Source) -> bool:
    """Is a table missing that a picture may be? The same question as `parsers.gather` asks before it looks at any."""
    if cover.is_cover(document):
        return True
    templates = load_templates()
    year = classify.identify(document, source).report_year
    tables = local.national(document, read_tables(document, templates, year))
    return choice.lacks_tables(choice.choose(templates, tables, year), tables, templates, year)


def _wanted(
    source: Source, shown: Sequence[Attachment], lacks: Callable[[Document, Source], bool]
) -> tuple[Attachment, ...]:
    wanted = [one for one in shown if not is_ornament(one.url, one.name)]
    if not wanted:
        return ()
    try:
        document = cover.read(source.content, source).document
        if not lacks(document, source):
            return ()
    except ParseError:
        return ()  # nothing is read of such a page, so that nothing would be read from its pictures
    shows = {_place(picture.url) for picture in document.pictures()}
    return tuple(one for one in wanted if _place(one.url) in shows or _is_shown_later(one.url, source.content))


def _place(url: str) -> str:
    """What the spellings of one address share: by http and by https, with and without %."""
    parts = urlsplit(url)
    return f"{parts.netloc.lower()}{unquote(parts.path)}?{parts.query}"


def _is_shown_later(url: str, content: bytes) -> bool:
    """Whether a script puts it there: its name stands in no `src`, where the body would have been seen to show it or not."""
    name = re.escape(PurePosixPath(urlsplit(url).path).name.encode())
    return not re.search(rb"(?<!\w)src\s*=\s*[\"']?[^\"'>]*" + name, content)
