"""`--where`: conditions on figures, in a small language that can say nothing else.

    requests.received_new.total>100 and reconsideration.upheld = 0

A path, a comparison, a number; several joined by `and`. Nothing of it reaches the database as an operator: paths are
matched against their shape, numbers are numbers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from storage.base import Doc
from storage.errors import StorageError

BLOCKS = (
    "proactive",
    "requests",
    "reconsideration",
    "litigation_direct",
    "litigation_after_reconsideration",
    "statistics",
)
"""The blocks below `figures` (contract section 3)."""

_OPERATORS = {"=": "$eq", "==": "$eq", "!=": "$ne", ">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}
_CONDITION = re.compile(
    r"\s*(?P<path>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\s*(?P<operator>==|!=|>=|<=|=|>|<)\s*(?P<number>[+-]?\d+(?:\.\d+)?)\s*",
    re.ASCII,
)
_AND = re.compile(r"(?:and|&&)(?=\s)", re.ASCII | re.IGNORECASE)
DEEPEST = 8


class BadFilter(StorageError, ValueError):
    """A filter that cannot be understood; the text says what is allowed."""


@dataclass(frozen=True)
class Condition:
    path: str
    """Below `figures`: `requests.received_new.total`."""
    operator: str
    number: int | float

    def to_filter(self) -> Doc:
        """Only numbers are compared: a blank is neither 0 nor different from 0, it is unknown."""
        test: Doc = {_OPERATORS[self.operator]: self.number}
        if self.operator == "!=":
            test["$type"] = "number"
        return {f"figures.{self.path}": test}


def parse_where(text: str) -> tuple[Condition, ...]:
    """The conditions of a text; none for an empty one. Full-width signs are understood. Raises BadFilter."""
    rest = unicodedata.normalize("NFKC", text)
    if not rest.strip():
        return ()
    conditions = []
    while True:
        found = _CONDITION.match(rest)
        if found is None:
            raise BadFilter(_hint(rest.strip() or text))
        conditions.append(_condition(found))
        rest = rest[found.end() :]
        if not rest:
            return tuple(conditions)
        joint = _AND.match(rest)
        if joint is None:
            raise BadFilter(_hint(rest))
        rest = rest[joint.end() :]


def where_filter(text: str) -> Doc:
    """The conditions as one filter. Two on the same figure stand side by side under `$and`."""
    parts = [condition.to_filter() for condition in parse_where(text)]
    return {} if not parts else parts[0] if len(parts) == 1 else {"$and": parts}


def _condition(found: re.Match[str]) -> Condition:
    path = found["path"].removeprefix("figures.")
    block, _, rest = path.partition(".")
    if block not in BLOCKS or not rest or path.count(".") >= DEEPEST:
        raise BadFilter(f"--where: {path!r} is no figure; it begins with one of {', '.join(BLOCKS)}, then a dot")
    number = found["number"]
    value = float(number) if "." in number else int(number)
    if abs(value) >= 2**53:
        raise BadFilter(f"--where: {number} is larger than any figure")
    return Condition(path, found["operator"], value)


def _hint(rest: str) -> str:
    return (
        f"--where: cannot read {rest[:60]!r}; write a figure, one of = != > >= < <= and a number, "
        "several joined by `and`: requests.received_new.total>100 and reconsideration.upheld=0"
    )
