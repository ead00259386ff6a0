"""A night in words: Markdown for a mail or a file, plain data for a webhook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from crawler.fleet.order import Visited
from crawler.result import many, sentence
from storage.shape.records import Alarm, Health

REPORTS_NAMED = PORTALS_NAMED = 50
WELL = (Health.FRESH, Health.LATE, Health.UNKNOWN)


@dataclass(frozen=True)
class Summary:
    """What one nightly run or backfill did."""

    run_id: str
    kind: str
    began: datetime
    seconds: float
    archive: str
    """Where it is kept, without a password."""
    portals: int
    """That were due."""
    counts: Mapping[str, int]
    health: Mapping[str, int]
    """Of the visited portals."""
    alarms: tuple[Alarm, ...]
    reports: Mapping[str, str]
    """Report id -> new or changed."""
    ended: Mapping[str, str] = field(default_factory=dict)
    """Portals whose visit did not end by itself -> how."""
    unwell: Mapping[str, str] = field(default_factory=dict)
    """Visited portals that are neither fresh nor late -> their state and what it was seen by."""

    def document(self) -> dict[str, object]:
        """As JSON can say it: the beginning is a text like `2026-01-20T14:10:00+00:00`."""
        return {**asdict(self), "began": self.began.isoformat()}

    def sentence(self) -> str:
        return f"{many(self.counts.get('portals', 0), 'portal')}, {sentence(self.counts)}"

    def _headline(self) -> str:
        """The subject of the mail: whoever reads no further must not believe that all is well."""
        if self.alarms:
            return many(len(self.alarms), "alarm")
        return f"no alarm, {many(len(self.unwell), 'portal')} not well" if self.unwell else "all well"

    def markdown(self) -> str:
        lines = [
            f"# {self.kind} {self.began:%Y-%m-%d %H:%M} UTC: {self._headline()}",
            "",
            f"{self.sentence()}; {self.counts.get('requests', 0)} requests in {self.seconds:.0f} s. "
            f"Run `{self.run_id}` in {self.archive}.",
        ]
        if self.alarms:
            lines += ["", "## Alarms", ""]
            for alarm in self.alarms:
                named = f" ({', '.join(alarm.portals)})" if alarm.portals else ""
                lines.append(f"* **{alarm.monitor}**: {alarm.message}{named}")
        if self.health:
            lines += ["", "## Portals", "", "| state | number |", "|---|---:|"]
            lines += [f"| {state} | {number} |" for state, number in self.health.items()]
        for told in (self.unwell, self.ended):
            if told:
                lines += ["", *(f"* {portal}: {how}" for portal, how in sorted(told.items())[:PORTALS_NAMED])]
            if len(told) > PORTALS_NAMED:
                lines.append(f"* … and {len(told) - PORTALS_NAMED} more: nianbao portals list --health failing")
        if self.reports:
            lines += ["", "## Reports", ""]
            lines += [f"* {state}: `{key}`" for key, state in list(self.reports.items())[:REPORTS_NAMED]]
            if len(self.reports) > REPORTS_NAMED:
                lines.append(f"* … and {len(self.reports) - REPORTS_NAMED} more")
        return "\n".join(lines) + "\n"


def summarise(
    run_id: str,
    kind: str,
    began: datetime,
    seconds: float,
    archive: str,
    portals: int,
    counts: Mapping[str, int],
    visited: Sequence[Visited],
    alarms: Sequence[Alarm] = (),
) -> Summary:
    states = Counter(one.health for one in visited)
    reports = {key: state for one in visited for key, state in one.reports.items() if state in ("new", "changed")}
    return Summary(
        run_id=run_id,
        kind=kind,
        began=began,
        seconds=seconds,
        archive=archive,
        portals=portals,
        counts=dict(counts),
        health={str(state): states[state] for state in Health if states[state]},
        alarms=tuple(alarms),
        reports=dict(sorted(reports.items())),
        ended={one.portal: f"{one.ended}: {one.message}" for one in visited if one.message},
        unwell={one.portal: f"{one.health}: {one.detail}".rstrip(": ") for one in visited if one.health not in WELL},
    )
