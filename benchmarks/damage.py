"""Ways to spoil bytes: for every kind of file, for markup, and inside the members of a ZIP."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]

TOKENS = (
    b"<table>", b"</table>", b"<td colspan=999999999 rowspan=-3>", b'<td rowspan="0">', b"<tr>" * 60, b"<div>" * 400,
    b"<!--", b"-->", b"<![CDATA[", b"</html>", b"<script>", b"<meta charset=utf-16>", b"&#x110000;", b"&#0;", b"&nbsp;" * 40,
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\x0c", b"\xe2\x81\xa3",
    "第二十条第（一）项".encode(), "总计".encode(), "行政许可|".encode(), "一、本年新收政府信息公开申请数量".encode(),
    b"99999999999999999999999999", b"1e309", "１２,３".encode(), "增减".encode(), b"|" * 80, b"\t" * 50,
    b"PK\x03\x04", b"%PDF-1.7", b"{\\rtf1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"endobj", b"stream\r\n", b"/Length 999999999",
    "2019年".encode(), "政府信息公开工作年度报告".encode(), "年度报告".encode() * 30,
)  # fmt: skip


def flip(content: bytes, rng: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(rng.choice((1, 1, 4, 40))):
        if spoiled:
            spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def overwrite(content: bytes, rng: random.Random) -> bytes:
    at, count = rng.randrange(len(content) + 1), rng.choice((1, 8, 200))
    return content[:at] + rng.randbytes(count) + content[at + count :]


def cut_out(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + content[at + rng.choice((1, 7, 100, 5000)) :]


def truncate(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def repeat(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    piece = content[at : at + rng.choice((3, 50, 3000))]
    return content[:at] + piece * rng.choice((2, 5, 30)) + content[at:]


def insert(content: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.choice((1, 3, 12))):
        at = rng.randrange(len(content) + 1)
        content = content[:at] + rng.choice(TOKENS) + content[at:]
    return content


def move(content: bytes, rng: random.Random) -> bytes:
    a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    c = rng.randrange(len(content) + 1)
    piece = content[a : min(b, a + 4000)]
    return content[:c] + piece + content[c:]


PLAIN: tuple[Damage, ...] = (flip, overwrite, cut_out, truncate, repeat, insert, move)


def spoil(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """One to three damages; now and then the end of another file, or damage inside the members of a ZIP."""
    if content.startswith(b"PK") and rng.random() < 0.7:
        return in_members(content, rng)
    for _ in range(rng.choice((1, 1, 2, 3))):
        content = rng.choice(PLAIN)(content, rng)
    if rng.random() < 0.08:
        content = content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other)) :]
    return content


def in_members(content: bytes, rng: random.Random) -> bytes:
    """The same package with one member spoiled: the ZIP stays sound, its XML does not."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as spoiled:
        names = package.namelist()
        weights = [max(1, package.getinfo(name).file_size) for name in names]
        target = rng.choice([rng.choice(names), rng.choices(names, weights)[0]])
        for name in names:
            member = package.read(name)
            spoiled.writestr(name, rng.choice(PLAIN)(member, rng) if name == target else member)
    return file.getvalue()
