"""X-COPY: the same figures or the same words in two reports, found by signatures that are indexed.

A report's signature holds a hash of its figures, and hashes of its sentences. The eight smallest of these are indexed:
two texts that share nearly all their sentences share one of the eight, so that candidates are found without a look at
anybody else, and are then compared by all their sentences.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.report import Level, Status
from parsers.stable import stable
from storage.base import Db, Doc, bucket_of, digest
from storage.compare import numbers
from storage.cross.figures import CrossCheck, Item, Sheet
from storage.reads import by_keys
from storage.writes import Keyed, encode, replace_older

FEWEST_FIGURES = 8
"""Figures other than 0: fewer are the same in many reports by chance."""
SHORTEST_SENTENCE, FEWEST_SENTENCES = 8, 12
BANDS, MOST_SENTENCES = 8, 200
OWN_YEARS, OTHERS = 0.9, 0.97
"""Share of sentences that two texts have in common to be called a copy: of one organ's years, of two organs."""
MOST_COPIES = 30
"""More reports than this with the same figures or words: a form filled in alike by many, and no copy of one."""
_END = re.compile(r"[。；;！？!?\n]")


@dataclass(frozen=True)
class Signature:
    id: str
    organ_id: str
    year: int
    figures: str | None
    sentences: tuple[int, ...]

    @property
    def bands(self) -> tuple[int, ...]:
        return self.sentences[:BANDS]

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
    """The narrative's; years count alike, as nobody copies the year."""
    for section in document["sections"]:
        for part in _END.split(section["text"]):
            tidy = re.sub(r"(?:19|20)\d\d(?=年)", "", stable(part))
            if len(tidy) >= SHORTEST_SENTENCE:
                yield tidy


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())


class Copies:
    """The collection `signatures`."""

    def __init__(self, db: Db) -> None:
        self._signatures = db["signatures"]

    def signed(self, organ_ids: Iterable[str]) -> set[str]:
        """Reports of these organs that have a signature, those that are gone meanwhile among them."""
        return {one["_id"] for one in by_keys(self._signatures, "organ_id", organ_ids, projection={"_id": 1})}

    def of_organ(self, organ_id: str, sheets: Iterable[Sheet]) -> list[CrossCheck]:
        """Bring the organ's signatures up to date; the copies that its reports are part of."""
        mine = {sheet.id: signature(sheet) for sheet in sheets}
        held = {one["_id"]: one for one in by_keys(self._signatures, "organ_id", [organ_id])}
        news = [one.document() for one in mine.values()]
        changed = [
            {**new, "writes": held[new["_id"]]["writes"] + 1 if new["_id"] in held else 1}
            for new in news
            if {**held.get(new["_id"], {}), "writes": 1} != new
        ]
        replace_older(self._signatures, [Keyed(one["_id"], one["writes"], encode(one)) for one in changed])
        gone = sorted(held.keys() - mine.keys())
        if gone:
            self._signatures.delete_many({"_id": {"$in": gone}})
        found: dict[str, CrossCheck] = {}
        for one in mine.values():
            found |= {check.id: check for check in self._copies(one)}
        return list(found.values())

    def _copies(self, one: Signature) -> Iterator[CrossCheck]:
        alike: dict[str, Signature] = {}
        for field, keys in (("figures", [one.figures] if one.figures else []), ("bands", list(one.bands))):
            if keys:
                with self._signatures.find({field: {"$in": keys}}) as cursor:
                    alike |= {found["_id"]: _signature(found) for found in cursor}
        alike.pop(one.id, None)
        copies = [check for other in alike.values() if (check := compare(one, other)) is not None]
        others = [check for check in copies if not _is_one_organs(check)]
        yield from (check for check in copies if _is_one_organs(check) or len(others) <= MOST_COPIES)


def _is_one_organs(check: CrossCheck) -> bool:
    return check.note == "years"


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
