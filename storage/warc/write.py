"""Stream captures into a WARC file: one record a capture, the versions of an address one behind the other.

Memory stays flat: captures come in windows of addresses, bodies a few megabytes at a time. The file has its name when it
is whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.access.reads import KEYS_AT_ONCE
from storage.archive import Archive, capture_record
from storage.base import Db, batches
from storage.export.columns import ExportError
from storage.query import Filters, find
from storage.raw import DamagedRaw
from storage.shape.records import CaptureRecord
from storage.warc import fields

ENDINGS = (".warc.gz", ".warc")
LARGEST_RUN = 16 * 1024 * 1024
"""Bytes of bodies in memory at once, unless a single one has more."""
_ADDRESSES = 1 << 16
_MANY, _FEW = 500, 100
_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 403: "Forbidden", 404: "Not Found"}
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Written:
    path: Path
    captures: int
    damaged: int
    """Captures that are left out because their bytes are damaged (`nianbao verify`)."""


def is_warc(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def export_warc(db: Db, filters: Filters, target: Path, progress: Progress = lambda what, count: None) -> Written:
    """Write all captures, or those of the reports that answer `filters`, with the files that belong to them.

    Nothing matches: `captures` is 0 and no file is written. Raises ExportError, BadFilter or OSError.
    """
    if target.is_dir():
        raise ExportError(f"{target} is a folder; say a file in it")
    if not target.parent.is_dir():
        raise ExportError(f"there is no folder {target.parent}; make it first")
    wanted = every_capture(db) if filters == Filters() else of_reports(db, filters)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            done = _write(db, wanted, target, stream, progress)
            stream.flush()
            os.fsync(stream.fileno())
        if done.captures:
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return done


def every_capture(db: Db) -> Iterator[CaptureRecord]:
    """By address and version, in windows that are bounded on both sides (embedded.md 1.4)."""
    start, width = 0, 64
    while start < _ADDRESSES:
        end = min(start + width, _ADDRESSES)
        bound = {"address": {"$gte": f"{start:04x}", "$lt": f"{end:04x}" if end < _ADDRESSES else "g"}}
        with db["captures"].find(bound) as cursor:
            found = sorted(map(capture_record, cursor), key=lambda capture: (capture.address, capture.version))
        yield from found
        start = end
        width = max(1, width // 2) if len(found) > _MANY else min(width * 2, _ADDRESSES) if len(found) < _FEW else width


def of_reports(db: Db, filters: Filters) -> Iterator[CaptureRecord]:
    """What the reports that answer are read from: pages, and the files that belong to them; each once."""
    archive = Archive(db)
    seen: set[str] = set()
    for entries in batches(find(db, filters, ("captures",)), KEYS_AT_ONCE):
        pages = list(archive.captures(key for entry in entries for key in entry["captures"]))
        links = [link.capture_id for page in pages if page.found for link in page.found.attachments if link.capture_id]
        for capture in sorted([*pages, *archive.captures(links)], key=lambda one: (one.address, one.version)):
            if capture.id not in seen:
                seen.add(capture.id)
                yield capture


def _write(db: Db, captures: Iterable[CaptureRecord], target: Path, stream: Any, progress: Progress) -> Written:
    writer = WARCWriter(stream, gzip=target.name.lower().endswith(".gz"), warc_version="WARC/1.1")
    info = {
        "software": f"nianbao/{version('nianbao')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "政府信息公开工作年度报告: pages as they were archived",
    }
    writer.write_record(writer.create_warcinfo_record(target.name, info))
    raw = Archive(db).raw
    number = damaged = 0
    for some in _runs(captures):
        contents = dict(raw.contents(one.raw_sha256 for one in some if one.size))
        for capture in some:
            content = contents[capture.raw_sha256] if capture.size else b""
            if isinstance(content, DamagedRaw):
                damaged += 1
                continue
            writer.write_record(_record(writer, capture, content))
            number += 1
        progress("captures", number)
    return Written(target, number, damaged)


def _runs(captures: Iterable[CaptureRecord]) -> Iterator[list[CaptureRecord]]:
    run: list[CaptureRecord] = []
    size = 0
    for capture in captures:
        if run and (size + capture.size > LARGEST_RUN or len(run) >= KEYS_AT_ONCE):
            yield run
            run, size = [], 0
        run.append(capture)
        size += capture.size
    if run:
        yield run


def _record(writer: WARCWriter, capture: CaptureRecord, content: bytes) -> Any:
    headers = fields.warc_headers(capture)
    http = None
    kind = "resource"
    if capture.rendered:
        headers["Content-Type"] = capture.media_type
    else:
        kind = "response"
        status = f"{capture.status} {_REASONS.get(capture.status, 'Status')}"
        http = StatusAndHeaders(status, fields.http_headers(capture, len(content)), protocol="HTTP/1.1")
    return writer.create_warc_record(
        capture.url,
        kind,
        payload=BytesIO(content),
        length=len(content),
        warc_headers_dict=headers,
        http_headers=http,
    )
