"""A reading as whose report it stands, where people have said so (`storage.corrections.identity`)."""

from __future__ import annotations

from dataclasses import replace

from storage.corrections.identity import identify
from storage.corrections.overlay import Corrections
from storage.rerun.read import Reading, pack
from storage.saving.compare import SIDES, content_sha256


def identified(reading: Reading, corrections: Corrections) -> Reading:
    """The same reading under its own id; only those that somebody has put right are unpacked for it."""
    if not corrections.identities_of(reading.report_id):
        return reading
    document = identify(reading.document(), corrections)
    return replace(
        reading,
        report_id=document["_id"],
        content_sha256=content_sha256(document),
        sides={side: document[side] for side in SIDES},
        packed=pack(document),
        as_read=None,
    )
