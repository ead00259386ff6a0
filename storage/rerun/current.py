"""What a report would be made from today, against what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from parsers import made_of
from parsers.pictures import recognition
from parsers.template import Template
from storage.corrections.files import load_corrections
from storage.corrections.overlay import CORRECTION, IDENTIFIED
from storage.rerun.profiles import Profiles


class Standing(Enum):
    """What one of the words of `parsers.made_of` says of the reports that carry it."""

    CURRENT = "current"
    STALE = "stale"
    DEPENDS = "depends"
    """On when the page was fetched: its portal has page profiles for different years."""


class Current:
    """The templates, the parser and the page profiles of today."""

    def __init__(self, templates: Sequence[Template], profiles: Profiles) -> None:
        self.templates = templates
        self.profiles = profiles
        self._recognition = recognition.version()
        self._words = {made_of.parser(), made_of.all_templates(templates), *map(made_of.template, templates)}

    def standing(self, word: str) -> Standing:
        if word.startswith(made_of.UNIT):
            return Standing.CURRENT if made_of.unit_of_today(word) == word else Standing.STALE
        if word.startswith((CORRECTION, IDENTIFIED)):
            report_id = word.partition(":")[2].partition("#")[0]
            return Standing.CURRENT if word in load_corrections().words(report_id) else Standing.STALE
        kind, _, rest = word.partition(":")
        if kind == "ocr":
            # What was read with recognition is better than what could be read without, where it is not installed now.
            return Standing.CURRENT if self._recognition in (None, rest) else Standing.STALE
        if kind != "profile":
            return Standing.CURRENT if word in self._words else Standing.STALE
        portal_id, _, version = rest.rpartition("@")
        versions = self.profiles.versions(portal_id)
        if not versions:
            # Its file is gone. What was read with its help is better than what could be read without.
            return Standing.CURRENT
        if int(version) not in versions:
            return Standing.STALE
        return Standing.CURRENT if len(versions) == 1 else Standing.DEPENDS

    def is_stale(self, words: Iterable[str], fetched_at: datetime) -> bool:
        """Whether a reading that was made from these, of a page that was fetched then, is out of date."""
        return any(self._is_stale(word, fetched_at) for word in words)

    def _is_stale(self, word: str, fetched_at: datetime) -> bool:
        standing = self.standing(word)
        if standing is not Standing.DEPENDS:
            return standing is Standing.STALE
        portal_id = word.partition(":")[2].rpartition("@")[0]
        context = self.profiles.context(portal_id, fetched_at)
        return context is not None and made_of.profile(portal_id, context.profile_version) != word
