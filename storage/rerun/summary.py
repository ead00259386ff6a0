"""What a rerun did, or would do: counts by template and portal, the checks that move, the first changes in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from storage.rerun.delta import Delta
from storage.rerun.guard import Verdict, judge
from storage.rerun.outcome import Outcome
from storage.rerun.spool import Spool


@dataclass(frozen=True)
class Group:
    """All readings of one template on one portal. `template` None: nothing that could be read as a report."""

    template: str | None
    portal: str | None
    to_do: int
    unchanged: int
    changed: int
    """Of these `new` had no report before."""
    new: int
    fields: int
    figures: int
    mended: int
    broken: int
    failed: int
    rejected: int
    missing_raw: int
    overtaken: int


@dataclass(frozen=True)
class Change:
    """One reading that is not as before."""

    report_id: str | None
    capture_id: str
    url: str
    template: str | None
    portal: str | None
    outcome: str
    message: str
    delta: Delta


@dataclass(frozen=True)
class Summary:
    """The whole rerun."""

    to_do: int
    outcomes: dict[str, int]
    groups: tuple[Group, ...]
    verdict: Verdict
    changes: tuple[Change, ...]
    """The first of those that read differently, then the first that could not be read."""
    run_id: str | None = None
    dry_run: bool = False
    resumed: bool = False
    """It went on with what an interrupted one had read."""
    stopped: bool = False
    """The guard stopped it before anything was written."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Of each phase by the clock, and `parsing`: of processors, what the parser took in all workers together."""


_CHANGED = f"outcome in ('{Outcome.WOULD_APPLY}', '{Outcome.APPLIED}')"
_OTHERS = f"outcome in ('{Outcome.REJECTED}', '{Outcome.FAILED}', '{Outcome.MISSING_RAW}')"
_GROUPS = f"""
    select template, portal, count(*), sum(outcome = '{Outcome.UNCHANGED}'), sum({_CHANGED}),
        sum({_CHANGED} and report_id is null), sum(fields * ({_CHANGED})), sum(figures * ({_CHANGED})),
        sum(mended * ({_CHANGED})), sum(broken * ({_CHANGED})), sum(outcome = '{Outcome.FAILED}'),
        sum(outcome = '{Outcome.REJECTED}'), sum(outcome = '{Outcome.MISSING_RAW}'),
        sum(outcome = '{Outcome.OVERTAKEN}')
    from readings group by template, portal order by template is null, template, portal
"""
_CHANGES = """
    select coalesce(new_id, report_id), capture_id, url, template, portal, outcome, message, delta from readings
    where {} order by broken > 0 desc, figures > 0 desc, fields > 0 desc, coalesce(new_id, report_id), capture_id limit ?
"""


def outcomes(spool: Spool) -> dict[str, int]:
    """Outcome -> how many; those that do not occur are left out."""
    found = spool.ask("select outcome, count(*) from readings where outcome is not null group by outcome order by 1")
    return {str(outcome): int(str(number)) for outcome, number in found}


def verdict(spool: Spool) -> Verdict:
    """Of everything that is changed, read row by row."""
    return judge(_deltas(spool))


def _deltas(spool: Spool) -> Iterator[tuple[str, Delta]]:
    query = (
        f"select coalesce(report_id, new_id), delta from readings where {_CHANGED} and mended + broken > 0"
        " order by coalesce(report_id, new_id), capture_id"
    )
    for report_id, delta in spool.ask(query):
        yield str(report_id), Delta.from_json(str(delta))


def groups(spool: Spool) -> tuple[Group, ...]:
    return tuple(_group(values) for values in spool.ask(_GROUPS))


def changes(spool: Spool, number: int) -> tuple[Change, ...]:
    """The first `number` readings that changed, broken sums first, and as many that could not be read."""
    found = [*spool.ask(_CHANGES.format(_CHANGED), number), *spool.ask(_CHANGES.format(_OTHERS), number)]
    return tuple(_change(values) for values in found)


def _group(values: tuple[object, ...]) -> Group:
    template, portal, *counts = values
    return Group(_text(template), _text(portal), *(int(str(count)) for count in counts))


def _change(values: tuple[object, ...]) -> Change:
    report_id, capture_id, url, template, portal, outcome, message, delta = values
    return Change(
        report_id=_text(report_id),
        capture_id=str(capture_id),
        url=str(url),
        template=_text(template),
        portal=_text(portal),
        outcome=str(outcome),
        message=str(message),
        delta=Delta() if delta is None else Delta.from_json(str(delta)),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
