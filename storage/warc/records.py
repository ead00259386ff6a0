"""A WARC file, or an ARC file of before, record by record: what stands in each, and whether it may be believed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.warc.fields import METADATA, WarcError
from storage.warc.payload import LARGEST, TOO_LARGE, WRONG_DIGEST, digest_fails

_OTHERS = {
    b"PK\x03\x04": "it is a zip file; of a WACZ unpack the folder archive/ and import the WARC files in it",
    b"\x28\xb5\x2f\xfd": "it is packed with zstd; unpack it (zstd -d) and import the .warc that comes out",
}
"""How other files begin -> what to do with them."""


@dataclass(frozen=True)
class Record:
    kind: str
    """response, resource, revisit, request, metadata, warcinfo …"""
    url: str
    date: str
    content_type: str
    digest: str | None
    """Of the payload."""
    repeats: str
    """Of a revisit: the address that brought the same before, its own unless it says so."""
    repeated_at: str
    """When that was."""
    metadata: str | None
    block: bytes
    wrong: str
    """Why it must not be taken; empty where it may."""


def records(stream: BinaryIO) -> Iterator[Record]:
    """Raises WarcError where the file cannot be read, or not any further."""
    begins = stream.read(4)
    stream.seek(0)
    for magic, advice in _OTHERS.items():
        if begins.startswith(magic):
            raise WarcError(advice)
    found = iter(ArchiveIterator(stream, no_record_parse=True, arc2warc=True))
    while True:
        try:
            record = next(found, None)
            block = b"" if record is None else record.raw_stream.read(LARGEST + 1)
        except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
            raise WarcError(_told(error)) from None
        if record is None:
            return
        yield _record(record, block)


def _record(record: Any, block: bytes) -> Record:
    header = record.rec_headers.get_header
    url = header("WARC-Target-URI") or ""
    return Record(
        kind=record.rec_type or "",
        url=url,
        date=header("WARC-Date") or "",
        content_type=record.content_type or "",
        digest=header("WARC-Payload-Digest"),
        repeats=(header("WARC-Refers-To-Target-URI") or url).strip("<>"),
        repeated_at=header("WARC-Refers-To-Date") or "",
        metadata=header(METADATA),
        block=block,
        wrong=_wrong(record, block),
    )


def _wrong(record: Any, block: bytes) -> str:
    header = record.rec_headers.get_header
    if record.length is None:
        return "it does not say how long it is"
    if len(block) > LARGEST:
        return TOO_LARGE
    if record.raw_stream.limit > 0:
        return "the file ends in the middle of it"
    if digest_fails(header("WARC-Block-Digest"), block):
        return WRONG_DIGEST
    if header("WARC-Truncated"):
        return f"the program that wrote it has cut it off ({header('WARC-Truncated')})"
    if header("WARC-Segment-Number"):
        return "it is one of several parts"
    return ""


def _told(error: Exception) -> str:
    """What the library says, without the bytes that it quotes and its advice for another command line."""
    text = " ".join(str(error).split())
    if "non-chunked gzip" in text:
        return "it is packed as one, not record by record; unpack it with gunzip and import what comes out"
    return text.partition(", first line")[0][:200] or type(error).__name__
