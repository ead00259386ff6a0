"""What becomes of a reading: one word of a fixed list, never a yes or no."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    APPLIED = "applied"
    """It reads differently now, and that is stored."""
    WOULD_APPLY = "would-apply"
    """It reads differently now; nothing has been written, or not yet."""
    UNCHANGED = "unchanged"
    """It reads as before."""
    REJECTED = "rejected"
    """What was a report would be none now, or the database refused it: the report stands as it was."""
    MISSING_RAW = "missing-raw"
    """Its bytes are not in the archive, or are damaged."""
    FAILED = "failed"
    """It could not be read: too slow, too large, the parser ended. A report stands as it was."""
    OVERTAKEN = "overtaken"
    """Another process, a crawl, has read the address anew since the rerun looked at it: that holds."""
