"""Pictures that a page shows for itself and not for the report: logos, icons, QR codes, share buttons, badges.

Only by their names, and only where these say so: a table's picture is called W020210125_1.png or 表二.jpg.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from parsers.documents.model import Picture

_WORDS = frozenset(
    [
        "logo",
        "icon",
        "icons",
        "ico",
        "favicon",
        "share",
        "sharing",
        "qr",
        "qrcode",
        "ewm",
        "erweima",
        "weixin",
        "wechat",
        "weibo",
        "qzone",
        "print",
        "printer",
        "close",
        "arrow",
        "btn",
        "button",
        "bullet",
        "blank",
        "space",
        "spacer",
        "pixel",
        "loading",
        "lazy",
        "banner",
        "gotop",
        "backtop",
        "beian",
        "jiucuo",
        "conac",
        "dzjg",
        "dzdw",
        "bszs",
        "guohui",
        "danghui",
        "avatar",
        "emoji",
        "emoticon",
        "filetypeimages",
        "jiathis",
        "bdshare",
        "wza",
        "captcha",
        "yzm",
    ]
)
_WHOLE = frozenset(
    [
        "top",
        "line",
        "bg",
        "red",
        "blue",
        "dot",
        "nopic",
        "none",
        "default",
        "search",
        "menu",
        "home",
        "back",
        "prev",
        "next",
        "wx",
        "wb",
    ]
)
"""Only where they are the whole name: red_1.png may be anything."""
_SAID = re.compile(
    r"二维码|扫一扫|微信|微博|公众号|客户端|logo|图标|徽标|国徽|党徽|分享|打印|关闭|返回|无障碍|标识码|党政机关|备案|纠错|验证码",
    re.IGNORECASE,
)
_FOLDERS = 3
"""The file's name and the folders that it lies in: /images/share/1.png."""


def is_ornament(picture: Picture) -> bool:
    """Does the address, or what stands for the picture where it cannot be shown, say that it is no part of the report?"""
    if len(picture.text) <= 20 and _SAID.search(picture.text):
        return True
    path = unquote(urlsplit(picture.url).path).lower()
    *folders, name = path.rsplit("/", _FOLDERS - 1)
    stem = name.rpartition(".")[0] or name
    words = {word for part in (*folders[-1:], stem) for word in re.split(r"[^a-z]+", part)}
    return stem in _WHOLE or bool(_SAID.search(stem)) or not words.isdisjoint(_WORDS)
