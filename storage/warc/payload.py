"""What a record's block holds: an HTTP answer taken out of its chunks and unpacked, and whether it is whole.

Programs write an answer as it came, or out of its chunks, or unpacked below the old headers, and take the payload's
digest of any of the three (the standard does not say of which: iipc/warc-specifications, issue 74). What is not whole is
said, never guessed: half a page may read as a report without its last table.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

import brotli
from backports import zstd
from warcio.statusandheaders import StatusAndHeadersParser

LARGEST = 256 * 1024 * 1024
"""Bytes of one record, as it stands and unpacked; a larger one is no page of a report and would fill the memory."""
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})\s*(?:;[^\n]*)?\r?\n")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ENDS_EARLY = "what it holds ends early"
WRONG_DIGEST = "its bytes are not what its digest says"
TOO_LARGE = f"it is larger than {LARGEST >> 20} MB"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; of a block that is none: status 200, no headers, and the block itself."""

    status: int
    headers: Sequence[tuple[str, str]]
    content: bytes
    wrong: str = ""
    """Why it must not be taken; empty where it may."""


@dataclass(frozen=True)
class _Unpacked:
    content: bytes
    is_whole: bool


def answer(block: bytes, content_type: str, digest: str | None) -> Answer:
    """`content_type` and `digest` (of the payload) are the record's own."""
    if block[:5].upper() != b"HTTP/":
        wrong = "it holds no HTTP answer" if content_type.lower().startswith("application/http") else ""
        return Answer(200, (), block, wrong or _doubt(digest, (block,)))
    stream = BytesIO(block)
    head = StatusAndHeadersParser((), verify=False).parse(stream)
    code = head.get_statuscode()
    wire = stream.read()
    payload = _payload(wire, {name.lower(): value for name, value in head.headers})
    known = [(name, value) for name, value in head.headers if name.lower() not in payload.done]
    wrong = payload.wrong or _doubt(digest, (wire, payload.entity, payload.content))
    return Answer(int(code) if code.isdigit() else 0, known, payload.content, wrong)


def digest_fails(digest: str | None, content: bytes) -> bool:
    """Whether a `sha1:…` is of other bytes. What is hashed in a way that is not known here says nothing."""
    return bool(_doubt(digest, (content,)))


@dataclass(frozen=True)
class _Payload:
    entity: bytes
    content: bytes
    done: frozenset[str]
    """Headers that no longer hold of the content."""
    wrong: str


def _payload(wire: bytes, headers: dict[str, str]) -> _Payload:
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    out = _out_of_chunks(wire) if is_chunked else None
    is_whole = out is None or out.is_whole
    entity = content = wire if out is None else out.content
    done = {"transfer-encoding"}
    codings = [one.strip() for one in headers.get("content-encoding", "").lower().split(",") if one.strip()]
    for coding in reversed(codings):
        unpack = _CODINGS.get(coding)
        if unpack is None:
            break  # no name of a packing, as `Content-Encoding: utf-8`
        done.add("content-encoding")
        unpacked = unpack(content)
        if unpacked is not None:
            content, is_whole = unpacked.content, is_whole and unpacked.is_whole
    length = headers.get("content-length", "").split(",")[-1].strip()
    if out is None and wire and (content is not wire or not codings):
        is_whole = is_whole and not (length.isdigit() and len(wire) < int(length))
    wrong = TOO_LARGE if len(content) > LARGEST else "" if is_whole else ENDS_EARLY
    return _Payload(entity, content, frozenset(done), wrong)


def _out_of_chunks(wire: bytes) -> _Unpacked | None:
    """None: it is in no chunks, whatever its header says, because the writer has taken it out."""
    parts: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK.match(wire, at)
        if size is None:
            return _Unpacked(b"".join(parts), False) if parts else None
        at = size.end()
        length = int(size[1], 16)
        if not length:
            return _Unpacked(b"".join(parts), True)
        parts.append(wire[at : at + length])
        at += length


class _Part(Protocol):
    """One packed part, in zlib's words and zstd's."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _members(packed: bytes, magic: bytes, decompressor: Callable[[], _Part]) -> _Unpacked | None:
    """One packed part after another, as gzip and zstd allow; None: it does not begin as one."""
    if not packed.startswith(magic):
        return None
    found = bytearray()
    rest = packed
    while rest.startswith(magic) and len(found) <= LARGEST:
        part = decompressor()
        try:
            found += part.decompress(rest, LARGEST + 1 - len(found))
        except (zlib.error, zstd.ZstdError):
            return _Unpacked(bytes(found), False)
        if not part.eof:
            return _Unpacked(bytes(found), False)
        rest = part.unused_data
    return _Unpacked(bytes(found), True)


def _gzip(packed: bytes) -> _Unpacked | None:
    return _members(packed, _GZIP, lambda: zlib.decompressobj(16 + zlib.MAX_WBITS))


def _zstd(packed: bytes) -> _Unpacked | None:
    return _members(packed, _ZSTD, zstd.ZstdDecompressor)


def _deflate(packed: bytes) -> _Unpacked | None:
    """With the head that the standard asks for, or without, as old servers send it."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        part = zlib.decompressobj(bits)
        try:
            return _Unpacked(part.decompress(packed, LARGEST + 1), part.eof)
        except zlib.error:
            continue
    return None


def _brotli(packed: bytes) -> _Unpacked | None:
    part = brotli.Decompressor()
    found = bytearray()
    rest = packed
    try:
        while len(found) <= LARGEST:
            found += part.process(rest, output_buffer_limit=1 << 20)
            rest = b""
            if part.is_finished() or part.can_accept_more_data():
                break
    except brotli.error:
        return None
    return _Unpacked(bytes(found), part.is_finished())


_CODINGS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}


def _doubt(digest: str | None, contents: Iterable[bytes]) -> str:
    algorithm, _, value = (digest or "").strip().partition(":")
    if not value:
        return ""
    for content in contents:
        try:
            made = hashlib.new(algorithm.lower().replace("sha-", "sha"), content).digest()
        except ValueError:
            return ""
        if value in (base64.b32encode(made).decode(), base64.b64encode(made).decode()) or value.lower() == made.hex():
            return ""
    return WRONG_DIGEST
