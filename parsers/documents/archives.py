"""ZIP, RAR and 7z attachments: the report among the files inside is read, the others are named as links."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote

from parsers.documents.members import Member, check, opened
from parsers.documents.model import Document, Link
from parsers.errors import Unreadable

_KINDS = (
    ("docx",), ("pdf",), ("doc", "wps", "rtf"), ("html", "htm", "shtml", "mht", "mhtml"), ("ofd",),
    ("xlsx", "xls", "et"), ("txt",), ("png", "jpg", "jpeg", "bmp", "tif", "tiff"),
)  # fmt: skip
"""Extensions in the order of trust: structure before layout before loose text before pictures."""
_RANK = {extension: rank for rank, extensions in enumerate(_KINDS) for extension in extensions}
_REPORT = re.compile(r"年度报告|年度報告|年报|年報")
_PERHAPS = re.compile(r"报告|報告|总结|總結")
_BESIDE = re.compile(r"解读|图解|统计表|附表|说明|通知|目录|指南")
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|~\$|Thumbs\.db$)")
_ATTEMPTS = 4
"""Files that are opened before the archive is given up."""


def read_archive(content: bytes, media_type: str, read: Callable[[bytes, str], Document]) -> Document:
    """The report inside an archive. `read` gets (bytes, name) of a member and must not open archives in its turn.

    The Document is the member's own, with a link `#member=<name>` for every other file. Raises
    Unreadable("damaged" | "encrypted" | "too_large" | "no_report"), or what the likeliest member raised.
    """
    with opened(content, media_type) as members:
        candidates = likeliest(members)
        if not candidates:
            names = ", ".join(_base(member.name) for member in members[:5]) or "nothing"
            raise Unreadable("no_report", f"the archive holds no file of a kind that reports have: {names}")
        reason: Unreadable | None = None
        # A damaged 年报.doc beside a 说明.txt is a damaged report, and no report called 说明.
        equal = [member for member in candidates if _score(_base(member.name)) == _score(_base(candidates[0].name))]
        for member in equal[:_ATTEMPTS]:
            try:
                check(member)
                document = read(member.read(), _base(member.name))
            except Unreadable as error:
                reason = reason or error
                continue
            others = tuple(_link(other) for other in members if other is not member and not _LITTER.search(other.name))
            return replace(document, title=document.title or _title(member.name), links=(*document.links, *others))
    raise reason or Unreadable("damaged", "no file of the archive can be read")


def likeliest(members: Sequence[Member]) -> list[Member]:
    """The members that may be the report, the likeliest first: by what the name says, then by the kind of file."""
    ranked = []
    for position, member in enumerate(members):
        extension = member.name.rpartition(".")[2].lower()
        if extension in _RANK and not _LITTER.search(member.name):
            ranked.append((_score(_base(member.name)), _RANK[extension], position, member))
    return [member for *_, member in sorted(ranked, key=lambda item: item[:3])]


def _score(name: str) -> int:
    if _BESIDE.search(name):
        return 3
    if _REPORT.search(name):
        return 0
    return 1 if _PERHAPS.search(name) else 2


def _base(name: str) -> str:
    """The last part of a name, for people; a backslash parts folders, too."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _title(name: str) -> str | None:
    stem = _base(name).rpartition(".")[0].strip()
    return stem if _REPORT.search(stem) else None


def _link(member: Member) -> Link:
    return Link(f"#member={quote(member.name, safe='')}", _base(member.name))
