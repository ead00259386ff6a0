"""ZIP, RAR and 7z attachments, and mails: the report among the files inside is read, the others are named as links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import quote

from parsers.documents.members import Member, check, opened
from parsers.documents.model import Document, InnerFile, Link
from parsers.errors import Unreadable

_KINDS = (
    ("docx",), ("pdf",), ("doc", "wps", "rtf", "odt", "fodt"), ("html", "htm", "shtml", "mht", "mhtml"), ("ofd",),
    ("xlsx", "xls", "xlsb", "et", "ods", "fods"), ("txt",), ("png", "jpg", "jpeg", "bmp", "tif", "tiff"),
)  # fmt: skip
"""Extensions in the order of trust: structure before layout before loose text before pictures."""
_RANK = {extension: rank for rank, extensions in enumerate(_KINDS) for extension in extensions}
_REPORT = re.compile(r"年度报告|年度報告|年报|年報")
_PERHAPS = re.compile(r"报告|報告|总结|總結")
_BESIDE = re.compile(r"解读|图解|统计表|附表|说明|通知|目录|指南")
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|~\$|Thumbs\.db$)")
_ATTEMPTS = 4
"""Files that are opened before the archive is given up."""
_BESIDE_REPORT = re.compile(r"统计(?:情况)?报?表|附表|附件")
"""What may be a table of the report: 附件1.统计表.xls. Further files are only named."""
_MOST_BESIDE = 4
_MAX_BESIDE_BYTES = 8 << 20


def read_archive(content: bytes, media_type: str, read: Callable[[bytes, str], Document]) -> Document:
    """The report inside an archive. `read` gets (bytes, name) of a member and must not open archives in its turn.

    The Document is the member's own, with a link `#member=<name>` for every other file, the bytes of those that may be
    tables of the report, and the names of those that may be reports. Raises
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
            others = [other for other in members if other is not member and not _LITTER.search(other.name)]
            return replace(
                document,
                title=document.title or _title(member.name),
                links=(*document.links, *map(_link, others)),
                beside=tuple(_beside(others)),
                unread=tuple(_reports(others, member)),
            )
    raise reason or Unreadable("damaged", "no file of the archive can be read")


def _beside(others: Sequence[Member]) -> Iterator[InnerFile]:
    """The files that may hold the report's tables; one that cannot be unpacked is none."""
    tables = (other for other in others if _BESIDE_REPORT.search(_base(other.name)) and _extension(other) in _RANK)
    for member in islice(tables, _MOST_BESIDE):
        if member.size > _MAX_BESIDE_BYTES:
            continue
        try:
            check(member)
            content = member.read()
        except Unreadable:
            continue
        yield InnerFile(_address(member), _base(member.name), content)


def _reports(others: Sequence[Member], read: Member) -> Iterator[str]:
    """The names of those that may be reports: neither tables nor explanations, nor the same report in another format."""
    for name in (_base(other.name) for other in others if _extension(other) in _RANK):
        is_picture = _RANK[name.rpartition(".")[2].lower()] == len(_KINDS) - 1
        if _stem(name) != _stem(read.name) and _score(name) <= (0 if is_picture else 2):
            yield name


def likeliest(members: Sequence[Member]) -> list[Member]:
    """The members that may be the report, the likeliest first: by what the name says, then by the kind of file."""
    ranked = []
    for position, member in enumerate(members):
        extension = _extension(member)
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


def _extension(member: Member) -> str:
    return member.name.rpartition(".")[2].lower()


def _stem(name: str) -> str:
    return _base(name).rpartition(".")[0].strip()


def _title(name: str) -> str | None:
    stem = _stem(name)
    return stem if _REPORT.search(stem) else None


def _link(member: Member) -> Link:
    return Link(_address(member), _base(member.name))


def _address(member: Member) -> str:
    return f"#member={quote(member.name, safe='')}"
