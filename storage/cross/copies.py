"""X-COPY: the same figures or the same words in two reports, found by signatures that are indexed.

A report's signature holds a hash of its figures, and hashes of its sentences. The sentences fall into eight groups by
their hashes (two for a short text), and a hash of each whole group is indexed. Two texts of at most 200 sentences of
which 97 in 100 are common differ in six sentences at most, so two of their eight groups are the same: every copy is
among the candidates, while a sentence that everybody writes makes no candidate of anybody. Candidates are then compared
by all their sentences. The years of one organ are few: they are compared without a search.

What more organs share than `MOST_ORGANS`, figures or a group of sentences, is a form filled in alike and makes nobody a
copy. That is said of the figures or the group, never of a report, so both reports of a pair see it alike, whoever is
looked at first. When an organ more or less shares it, everybody who does is looked at again.
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
from storage.pending import Pending
from storage.saving.compare import numbers

COPIES = "X-COPY"
OF_YEARS, OF_ORGANS = "years", "organs"
"""Whose the two reports of a copy are, as its note says: one organ's, or two organs'."""
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
MOST_ORGANS = 30
"""More organs than this with the same figures or words: a form filled in alike by many, and no copy of one."""
_END = re.compile(r"[。；;！？!?]")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


@dataclass(frozen=True)
class Signature:
    id: str
    organ_id: str
    year: int
    region_code: str | None
    """The organ's: of which regions' consolidated reports this one is a part."""
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
            "region_code": self.region_code,
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
        region_code=sheet.document["organ"]["region_code"],
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


Sharers = dict[str | int, set[str]]
"""Figures or band -> the organs whose reports have it."""


@dataclass(frozen=True)
class Signed:
    """What `Copies.sign` has found."""

    now: list[Signature]
    """The signatures of the organs' reports as they are."""
    before: list[Signature]
    """As they were, those of reports that are gone meanwhile among them."""
    turned: list[Signature]
    """Other organs' reports that have copies more or fewer, because many have come to share something, or no longer do."""
    noted: dict[str, int]
    """Their organs, in `storage.pending`, until somebody has made their checks anew."""


class Copies:
    """The collection `signatures`."""

    def __init__(self, db: Db) -> None:
        self._signatures = db["signatures"]
        self._pending = Pending(db)

    def sign(self, organ_ids: Iterable[str], sheets: Iterable[Sheet]) -> Signed:
        """Bring the signatures of these organs up to date: `sheets` are all their reports."""
        organs = set(organ_ids)
        mine = {sheet.id: signature(sheet) for sheet in sheets}
        held = {one["_id"]: one for one in by_keys(self._signatures, "organ_id", organs)}
        before = [_signature(one) for one in held.values()]
        turned = self._turned(organs, _sharers(before), _sharers(mine.values()))
        # Noted before anything is written: were we killed in between, nobody would see any more that they have turned.
        noted = self._pending.add_turned({one.organ_id for one in turned})
        news = [one.document() for one in mine.values()]
        changed = [
            {**new, "writes": held[new["_id"]]["writes"] + 1 if new["_id"] in held else 1}
            for new in news
            if {**held.get(new["_id"], {}), "writes": 1} != new
        ]
        replace_older(self._signatures, [Keyed(one["_id"], one["writes"], encode(one)) for one in changed])
        for some in slices(sorted(held.keys() - mine.keys()), MAX_OPERATIONS):
            self._signatures.delete_many({"_id": {"$in": list(some)}})
        return Signed(list(mine.values()), before, turned, noted)

    def _turned(self, organs: set[str], had: Sharers, have: Sharers) -> list[Signature]:
        """Those of other organs that share something that few shared, and many do now, or the other way round."""
        moved = {key for key in {*had, *have} if had.get(key) != have.get(key)}
        turned: dict[str, Signature] = {}
        for key, holders in self._holders(moved).items():
            others = [one for one in holders if one.organ_id not in organs]
            rest = len({one.organ_id for one in others})
            if _is_few(rest + len(had.get(key, ()))) != _is_few(rest + len(have.get(key, ()))):
                turned.update((one.id, one) for one in others)
        return list(turned.values())

    def of(self, signatures: Sequence[Signature]) -> Iterator[CrossCheck]:
        """The copies among the years of each organ; the signatures are all that their organs have."""
        by_organ: dict[str, list[Signature]] = {}
        for one in signatures:
            by_organ.setdefault(one.organ_id, []).append(one)
        for years in by_organ.values():
            yield from (check for pair in combinations(years, 2) if (check := compare(*pair)) is not None)

    def of_others(self, signatures: Sequence[Signature]) -> Iterator[CrossCheck]:
        """The copies between these and reports of other organs, some of them twice."""
        few = {
            key: holders
            for key, holders in self._holders({key for one in signatures for key in _keys(one)}).items()
            if _is_few(len({one.organ_id for one in holders}))
        }
        for one in signatures:
            shared: dict[str, set[str | int]] = {}
            others: dict[str, Signature] = {}
            for key in _keys(one):
                for other in few.get(key, ()):
                    if other.organ_id != one.organ_id:
                        others[other.id] = other
                        shared.setdefault(other.id, set()).add(key)
            for key, other in others.items():
                check = compare(one, other, frozenset(shared[key]))
                if check is not None:
                    yield check

    def _holders(self, keys: Iterable[str | int]) -> dict[str | int, list[Signature]]:
        """Figures or band -> the signatures that have it, of these."""
        wanted = set(keys)
        found = {one["_id"]: one for one in by_keys(self._signatures, "figures", (k for k in wanted if type(k) is str))}
        found |= {one["_id"]: one for one in by_keys(self._signatures, "bands", (k for k in wanted if type(k) is int))}
        holders: dict[str | int, list[Signature]] = {}
        for one in map(_signature, found.values()):
            for key in wanted.intersection(_keys(one)):
                holders.setdefault(key, []).append(one)
        return holders


def _sharers(signatures: Iterable[Signature]) -> Sharers:
    found: Sharers = {}
    for one in signatures:
        for key in _keys(one):
            found.setdefault(key, set()).add(one.organ_id)
    return found


def _is_few(organs: int) -> bool:
    return organs <= MOST_ORGANS


def _keys(one: Signature) -> Iterator[str | int]:
    if one.figures is not None:
        yield one.figures
    yield from one.bands


def compare(one: Signature, other: Signature, shared: frozenset[str | int] | None = None) -> CrossCheck | None:
    """The check of two reports that are copies; None where they are not. Left and right: the share in common, of 1.

    `shared`: of reports of two organs, the figures and groups of sentences that both have and few others; only those say
    anything. None: all do, as between the years of one organ.
    """
    first, second = sorted((one, other), key=lambda signed: (signed.year, signed.id))
    own = one.organ_id == other.organ_id
    if own and one.year == other.year:
        return None  # its own report and the consolidated one
    items = []
    if one.figures is not None and one.figures == other.figures and (shared is None or one.figures in shared):
        items.append(Item("figures", Status.FAIL, 1, 1))
    share = _share(one.sentences, other.sentences)
    if share >= (OWN_YEARS if own else OTHERS) and (shared is None or any(type(key) is int for key in shared)):
        items.append(Item("text", Status.FAIL, round(share, 3), OWN_YEARS if own else OTHERS))
    if not items:
        return None
    return CrossCheck(
        COPIES,
        Level.SOFT,
        Status.FAIL,
        second.organ_id,
        second.year,
        (first.id, second.id),
        tuple(items),
        OF_YEARS if own else OF_ORGANS,
    )


def _share(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    both = {*one, *other}
    return len({*one} & {*other}) / len(both) if one and other else 0.0


def _signature(held: Doc) -> Signature:
    # One that was made by earlier rules says no region: its reports are all looked at again (`RULES`).
    return Signature(
        held["_id"],
        held["organ_id"],
        held["year"],
        held.get("region_code"),
        held["figures"],
        tuple(held["sentences"]),
    )
