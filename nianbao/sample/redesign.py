"""The sample portal after a relaunch: the same texts, built otherwise. And after a bad one, whose list only a script knows."""

from __future__ import annotations

import re

_NAMED = re.compile(rb"""\bclass="([^"]+)\"""")
_LIST = re.compile(rb"""<ul class="[^"]*gknb_list">.*?</ul>""", re.DOTALL)
SHELL = b"""<div id="app-list"></div><script>load("app-list");</script>"""


def redesigned(page: bytes) -> bytes:
    """Every class has another name; what a visitor reads is the same. For pages of any encoding that keeps ASCII.

    The ids stay: the portal's scripts know them.
    """
    return _NAMED.sub(lambda found: b'class="%s"' % _renamed(found[1]), page)


def without_list(page: bytes) -> bytes:
    """A column whose lines a script would fetch, if the address that it asks were not gone."""
    return _LIST.sub(SHELL, page)


def _renamed(names: bytes) -> bytes:
    return b" ".join(b"rel-" + name for name in names.split())
