"""A capture as a WARC record, and back: what WARC has a name for, and the rest as JSON in one header.

A fetch is a `response` record with its HTTP headers; a page that a browser has built is a `resource` record, because no
server ever sent it. What the archive knows beyond that stands in `WARC-JSON-Metadata`, a header that other programs use
for such things as well and that all others pass over.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from storage.base import utc
from storage.errors import StorageError
from storage.shape.records import CaptureRecord, Found, Linked

METADATA = "WARC-JSON-Metadata"
VERSION = 1
_CANDIDATES = ("report", "not_a_report")
"""Kinds that say what a parser made of a page: the archive that takes it in has it parsed anew."""
_DROPPED = {"content-length", "content-encoding", "transfer-encoding"}
"""They describe the bytes on the wire; the archive keeps them unpacked."""


class WarcError(StorageError):
    """The file is no WARC, or cannot be read to its end. The text says where."""


@dataclass(frozen=True)
class Known:
    """What our own metadata says of a record, beside what WARC says."""

    canonical_url: str
    version: int
    portal: str | None
    status: int
    kind: str
    rendered: bool
    headers: Mapping[str, str]
    is_candidate: bool
    found: Found | None


def record_id(capture: CaptureRecord) -> str:
    """Made of the content, so that the same archive is the same file."""
    name = f"{capture.canonical_url}|{capture.version}|{capture.raw_sha256}"
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def warc_headers(capture: CaptureRecord) -> dict[str, str]:
    """The record's named fields, without those that follow from the block."""
    digest = base64.b32encode(bytes.fromhex(capture.raw_sha256)).decode()
    return {
        "WARC-Record-ID": record_id(capture),
        "WARC-Date": f"{utc(capture.fetched_at):%Y-%m-%dT%H:%M:%S}.{capture.fetched_at.microsecond // 1000:03d}Z",
        "WARC-Payload-Digest": f"sha256:{digest}",
        "WARC-Identified-Payload-Type": capture.media_type,
        METADATA: json.dumps({"nianbao": _metadata(capture)}, sort_keys=True),  # ASCII: a header is one line
    }


def http_headers(capture: CaptureRecord, size: int) -> list[tuple[str, str]]:
    """As they came, but for what no longer holds of the unpacked body."""
    kept = [(name, _one_line(value)) for name, value in capture.headers.items() if name not in _DROPPED]
    return [*kept, ("content-length", str(size))]


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _metadata(capture: CaptureRecord) -> dict[str, Any]:
    return {
        "format": VERSION,
        "canonical_url": capture.canonical_url,
        "version": capture.version,
        "portal": capture.portal,
        "status": capture.status,
        "kind": "page" if capture.kind in _CANDIDATES else capture.kind,
        "rendered": capture.rendered,
        "headers": dict(capture.headers),
        "is_candidate": capture.kind in _CANDIDATES or bool(capture.judged_by),
        "found": None if capture.found is None else asdict(capture.found),
    }


def known(text: str | None) -> Known | None:
    """Our metadata; None where the record is another program's. Raises WarcError for what only looks like ours."""
    try:
        ours = json.loads(text or "{}").get("nianbao")
    except (ValueError, AttributeError):
        return None
    if ours is None:
        return None
    try:
        if ours["format"] != VERSION:
            raise WarcError(f"written by another nianbao (format {ours['format']}, this one reads {VERSION})")
        return Known(
            canonical_url=_a(str, ours["canonical_url"]),
            version=_a(int, ours["version"]),
            portal=None if ours["portal"] is None else _a(str, ours["portal"]),
            status=_a(int, ours["status"]),
            kind=_a(str, ours["kind"]),
            rendered=_a(bool, ours["rendered"]),
            headers={_a(str, name): _a(str, value) for name, value in ours["headers"].items()},
            is_candidate=_a(bool, ours["is_candidate"]),
            found=_found(ours["found"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise WarcError(f"its {METADATA} is damaged ({type(error).__name__}: {error})") from None


def _found(values: Any) -> Found | None:
    if values is None:
        return None
    links = tuple(Linked(**{name: _text(value) for name, value in link.items()}) for link in values["attachments"])
    rest = {name: _text(value) for name, value in values.items() if name != "attachments"}
    return Found(**rest, attachments=links)


def _text(value: Any) -> Any:
    return None if value is None else _a(str, value)


def _a(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def moment(text: str) -> datetime:
    """A WARC-Date: to the second, or with a fraction, always UTC. Raises WarcError."""
    try:
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC))
    except ValueError:
        raise WarcError(f"{text[:40]!r} is no WARC-Date") from None
