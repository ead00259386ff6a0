"""X-COPY: the same figures or the same words in two reports, found by signatures that are indexed.

A report's signature holds a hash of its figures, and hashes of its sentences. The sentences fall into eight groups by
their hashes (two for a short text), and a hash of each whole group is indexed. Two texts of at most 200 sentences of
which 97 in 100 are common differ in six sentences at most, so two of their eight groups are the same: every copy is
among the candidates, while a sentence that everybody writes makes no candidate of anybody. Candidates are then compared
by all their sentences. The years of one organ are few: they are compared without a search.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from parsers.report import Level, Status
from parsers.stable import stable
from storage.access.encoding import encode
from storage.access.reads import by_keys
from storage.access.writes import MAX_OPERATIONS, Keyed, replace_older
from storage.base import Db, Doc, bucket_of, digest, slices
from storage.cross.figures import CrossCheck, Item, Sheet
from storage.saving.compare import numbers

FEWEST_FIGURES = 8
"""Figures other than 0: fewer are the same in many reports by chance."""
SHORTEST_SENTENCE, FEWEST_SENTENCES = 8, 12
MOST_SENTENCES = 200
GROUPS = ((2, range(64)), (8, range(48, MOST_SENTENCES + 1)))
"""Into how many groups a text of so many sentences falls. Up to 64 sentences a copy differs in one at most, and halves
are enough; from 48 to 63 a text has both, so that it meets the shorter and the longer one that it is a copy of.
"""
OWN_YEARS, OTHERS = 0.9, 0.97
"""Share of sentences that two texts have in common to be called a copy: of one organ's years, of two organs."""
MOST_COPIES = 30
"""More reports than this with the same figures or words: a form filled in alike by many, and no copy of one."""
_END = re.compile(r"[。；;！？!?]")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@dataclass(frozen=True)
class Signature:
    id: str
    organ_id: str
    year: int
    figures: str | None
    sentences: tuple[int, ...]

    @cached_property
    def bands(self) -> tuple[int, ...]:
        return tuple(bands_of(self.sentences))

    def document(self) -> Doc:
        return {
            "_id": self.id,
            "bucket": bucket_of(self.id),
            "writes": 1,
            "organ_id": self.organ_id,
            "year": self.year,
            "figures": self.figures,
            "bands": list(self.bands),
            "sentences": list(self.sentences),
        }


def signature(sheet: Sheet) -> Signature:
    counted = sorted((path, value) for path, value in numbers(sheet.document["figures"]) if value != 0)
    sentences = sorted({_hash(part) for part in _sentences(sheet.document)})[:MOST_SENTENCES]
    return Signature(
        id=sheet.id,
        organ_id=sheet.document["organ"]["id"],
        year=sheet.year,
        figures=digest(counted)[:16] if len(counted) >= FEWEST_FIGURES else None,
        sentences=tuple(sentences) if len(sentences) >= FEWEST_SENTENCES else (),
    )


def _sentences(document: Mapping[str, Any]) -> Iterator[str]:
    """The narrative's, without the rows of tables; years count alike, as nobody copies the year."""
    for section in document["sections"]:
        for line in section["text"].split("\n"):
            if "\t" not in line:
                for part in _END.split(_YEAR.sub("", stable(line))):
                    if len(part) >= SHORTEST_SENTENCE:
                        yield part


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())


def bands_of(sentences: Sequence[int]) -> Iterator[int]:
    """A hash of each group of sentences that is not empty."""
    for number, lengths in GROUPS:
        if len(sentences) in lengths:
            groups: dict[int, list[int]] = {}
            for one in sorted(sentences):
                groups.setdefault(one % number, []).append(one)
            yield from (_hash(f"{number}/{group}/{some}") for group, some in sorted(groups.items()))


class Copies:
    """The collection `signatures`."""

    def __init__(self, db: Db) -> None:
        self._signatures = db["signatures"]

    def sign(self, organ_ids: Iterable[str], sheets: Iterable[Sheet]) -> tuple[list[Signature], set[str]]:
        """Bring the signatures of these organs up to date: `sheets` are all their reports.

        Those signatures, and the ids of all that there were, those of reports that are gone meanwhile among them.
        """
        mine = {sheet.id: signature(sheet) for sheet in sheets}
        held = {one["_id"]: one for one in by_keys(self._signatures, "organ_id", organ_ids)}
        news = [one.document() for one in mine.values()]
        changed = [
            {**new, "writes": held[new["_id"]]["writes"] + 1 if new["_id"] in held else 1}
            for new in news
            if {**held.get(new["_id"], {}), "writes": 1} != new
        ]
        replace_older(self._signatures, [Keyed(one["_id"], one["writes"], encode(one)) for one in changed])
        for gone in slices(sorted(held.keys() - mine.keys()), MAX_OPERATIONS):
            self._signatures.delete_many({"_id": {"$in": list(gone)}})
        return list(mine.values()), set(held)

    def of(self, signatures: Sequence[Signature]) -> Iterator[CrossCheck]:
        """The copies that these are part of, some of them twice; they are all that their organs have."""
        by_organ: dict[str, list[Signature]] = {}
        for one in signatures:
            by_organ.setdefault(one.organ_id, []).append(one)
        for years in by_organ.values():
            yield from (check for pair in combinations(years, 2) if (check := compare(*pair)) is not None)
        alike = self._alike(signatures)
        for one in signatures:
            others = {
                other.id: other for key in _keys(one) for other in alike.get(key, ()) if other.organ_id != one.organ_id
            }
            copies = [check for other in others.values() if (check := compare(one, other)) is not None]
            if len(copies) <= MOST_COPIES:
                yield from copies

    def _alike(self, signatures: Sequence[Signature]) -> dict[str | int, list[Signature]]:
        """Figures or band -> whose they are, of all that these signatures have."""
        figures = [one.figures for one in signatures if one.figures]
        found = {one["_id"]: one for one in by_keys(self._signatures, "figures", figures)}
        bands = [band for one in signatures for band in one.bands]
        found |= {one["_id"]: one for one in by_keys(self._signatures, "bands", bands)}
        alike: dict[str | int, list[Signature]] = {}
        for one in map(_signature, found.values()):
            for key in _keys(one):
                alike.setdefault(key, []).append(one)
        return alike


def _keys(one: Signature) -> Iterator[str | int]:
    if one.figures is not None:
        yield one.figures
    yield from one.bands


def compare(one: Signature, other: Signature) -> CrossCheck | None:
    """The check of two reports that are copies; None where they are not. Left and right: the share in common, of 1."""
    first, second = sorted((one, other), key=lambda signed: (signed.year, signed.id))
    own = one.organ_id == other.organ_id
    if own and one.year == other.year:
        return None  # its own report and the consolidated one
    items = []
    if one.figures is not None and one.figures == other.figures:
        items.append(Item("figures", Status.FAIL, 1, 1))
    share = _share(one.sentences, other.sentences)
    if share >= (OWN_YEARS if own else OTHERS):
        items.append(Item("text", Status.FAIL, round(share, 3), OWN_YEARS if own else OTHERS))
    if not items:
        return None
    return CrossCheck(
        "X-COPY",
        Level.SOFT,
        Status.FAIL,
        second.organ_id,
        second.year,
        (first.id, second.id),
        tuple(items),
        "years" if own else "organs",
    )


def _share(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    both = {*one, *other}
    return len({*one} & {*other}) / len(both) if one and other else 0.0


def _signature(held: Doc) -> Signature:
    return Signature(held["_id"], held["organ_id"], held["year"], held["figures"], tuple(held["sentences"]))
