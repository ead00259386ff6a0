"""A page: its template, its language and theme, its ETag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from nianbao.ui.console import plain
from nianbao.ui.labels import SIGNS
from nianbao.ui.sizes import duration, number, size
from nianbao.web import words
from nianbao.web.country import percent
from nianbao.web.heat import organ_cells, province_cells
from nianbao.web.words import LANGUAGES, Pair, shown
from storage.export.english import load_english

FOLDER = Path(__file__).parent
THEMES = ("auto", "light", "dark")
BESIDE = ("both", "one")
"""The other language small beside the reader's own, or not at all."""
_COOKIE = {"max_age": 365 * 86400, "httponly": True, "samesite": "lax"}
CHOICES = {"lang": LANGUAGES, "theme": THEMES, "beside": BESIDE}
"""What a reader may choose, and remembers in a cookie; the usual choice first."""


def chosen(request: Request, name: str) -> str:
    """`lang`, `theme` or `beside`: what the address asks for, else what the cookie remembers, else the usual."""
    allowed = CHOICES[name]
    for given in (request.query_params.get(name), request.cookies.get(f"nianbao_{name}")):
        if given in allowed:
            return given
    return allowed[0]


def address(path: str, parameters: Mapping[str, Any] | None = None) -> str:
    """A path with its parameters; empty ones are left out, lists become several."""
    kept = {key: value for key, value in (parameters or {}).items() if value not in (None, "", (), [])}
    asked = urlencode(kept, doseq=True)
    return f"{quote(path)}?{asked}" if asked else quote(path)


def moment(value: Any) -> Markup:
    """A time in UTC, to the minute, as HTML has it; the zone is said, or Beijing's would be thought of."""
    if value is None:
        return Markup("–")
    if not isinstance(value, datetime):
        return Markup("<time>{}</time>").format(str(value))
    whole = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(whole.isoformat(), f"{whole:%Y-%m-%d %H:%M} UTC")


def as_json(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def _data(value: object) -> Markup:
    """JSON inside <script type="application/json">: nothing in it can end the element."""
    text = as_json(value)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _finalize(value: object) -> object:
    return shown(value) if type(value) is str else value


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters |= {
        "moment": moment,
        "named": named,
        "number": number,
        "size": size,
        "data": _data,
        "grouped": grouped,
        "hyphened": hyphened,
        "percent": percent,
        "spaced": spaced,
    }
    made.globals |= {
        "address": address,
        "by_x": lambda marks: {mark["x"]: mark for mark in marks},
        "duration": duration,
        "organ_cells": organ_cells,
        "province_cells": province_cells,
    }
    made.globals |= {"pair": Pair, "signs": SIGNS, "words": words}
    made.globals |= {"english_of": load_english().of, "unit_words": load_english().unit_words}
    return made


def named(organ: str, lang: str) -> str:
    """An organ's name; where it is not known whose a report is, that."""
    return organ or ("机关不详" if lang == "zh" else "organ not known")


def grouped(value: int | float | None) -> str:
    """`12345 -> "12,345"`."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6f}".rstrip("0").rstrip(".")


def hyphened(text: str) -> str:
    """Long English words of the forms with places where they may break: a column of numbers is narrow."""
    for word in ("enter-prises", "insti-tutions", "organi-sations"):
        text = text.replace(word.replace("-", ""), word.replace("-", "\u00ad"))
    return text


def spaced(text: str) -> str:
    """The text of a table's rows with its cells a whole character apart: `568` and `0` beside each other read as 5680."""
    return text.replace("\t", "\u2003")


_TEMPLATES = _environment()


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """The page `template`, in the language and the colours that its reader chose."""
    return dressed(request, html_of(request, template, **context), status=status)


def html_of(request: Request, template: str, **context: Any) -> bytes:
    """The HTML of a page; `t(zh, en)` says a thing in both languages, `w(kind, value)` a known word, `one(…)` in one."""
    language, theme, beside = (chosen(request, name) for name in CHOICES)

    def switched(name: str, value: str) -> str:
        kept = [(key, one) for key, one in request.query_params.multi_items() if key != name]
        return f"{quote(request.url.path)}?{urlencode([*kept, (name, value)])}"

    html = _TEMPLATES.get_template(template).render(
        lang=language,
        theme=theme,
        beside=beside,
        t=lambda zh, en: Pair(zh, en).both(language),
        one=lambda zh, en: Pair(zh, en).said(language),
        w=lambda kind, value: words.of(kind, value).both(language),
        w1=lambda kind, value: words.of(kind, value).said(language),
        both=lambda pair: pair.both(language),
        said=lambda pair: pair.said(language),
        switched=switched,
        path=request.url.path,
        state=request.app.state,
        **context,
    )
    return html.encode("utf-8", "replace")


def dressed(request: Request, body: bytes, *, status: int = 200) -> Response:
    """A page as an answer: its ETag, and the cookies for what was chosen by this very request."""
    answer = with_etag(request, body, "text/html; charset=utf-8", status=status)
    for name in CHOICES:
        value = chosen(request, name)
        if request.query_params.get(name) == value:
            answer.set_cookie(f"nianbao_{name}", value, **_COOKIE)  # type: ignore[arg-type]
    return answer


def with_etag(
    request: Request, body: bytes, media_type: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """The body with its ETag; 304 without it where the reader has it already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    carried = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie", **(headers or {})}
    if status == 200 and _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=carried)
    return Response(body, status_code=status, media_type=media_type, headers=carried)


def _has(wanted: str, tag: str) -> bool:
    return wanted.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in wanted.split(",")}


def json_answer(request: Request, value: object, *, status: int = 200) -> Response:
    return with_etag(request, (as_json(value) + "\n").encode("utf-8", "replace"), "application/json", status=status)
