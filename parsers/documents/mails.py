"""A mail (.eml) with files: what it carries, and its own page where that may be the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

_BEFORE = b"\xef\xbb\xbf \t\r\n"
_TAG = re.compile(rb"<[^<>]*>|&\w+;|\s")
_ENOUGH = 1200
"""Bytes of text: a few lines that say which files are sent are shorter."""


def files_of(content: bytes) -> list[tuple[str, bytes]]:
    """(name, bytes) of what it carries; first the mail itself under its subject, where its own page is longer than a note."""
    mail = message_from_bytes(content.lstrip(_BEFORE), policy=default)
    found = list(_files(mail))
    page = next((_payload(part) for part in mail.walk() if part.get_content_type() == "text/html"), b"")
    if len(_TAG.sub(b"", page)) >= _ENOUGH:
        found.insert(0, (f"{mail.get('Subject') or '正文'}.mht", content))
    return found


def _files(mail: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in mail.walk():
        name = part.get_filename()
        if name and part.get_content_disposition() == "attachment":
            yield name, _payload(part)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
