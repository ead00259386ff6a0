"""What a report was made from, in one word: when it changes, the report is due for a rerun (contract section 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from parsers.template import Template
from parsers.version import PARSER_VERSION


def fingerprint(
    raw_sha256: Iterable[str],
    templates: Iterable[Template],
    profile_version: int,
    units: Iterable[str] = (),
    recognition: str | None = None,
) -> str:
    """32 hex digits over the raw bytes, the templates used, the portal's page profile, the lines of config/units that
    the organ was looked up in, what pixels were read with, and the parser code.

    `raw_sha256`: the page's and those of the attachments that the report was read from, in order. `units`: words of
    `parsers.made_of.unit`. `recognition`: None where the report has no pixels that matter.
    """
    parts = [
        "raw:" + ",".join(raw_sha256),
        "templates:" + ",".join(f"{t.id}@{t.version}#{t.digest}" for t in templates),
        f"profile:{profile_version}",
        f"parser:{PARSER_VERSION}",
        *units,
        *((f"ocr:{recognition}",) if recognition else ()),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
