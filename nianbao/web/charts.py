"""What a chart shows, as plain data: static/charts.js draws it, and the table beside it says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nianbao.ui.labels import SIGNS
from nianbao.web import words
from nianbao.web.expected import MISSING, UNKNOWN
from nianbao.web.series import Break, Chain, Series

GROUPS: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
    ("requests", "申请", "Requests", ("requests_received", "requests_processed", "requests_carried_forward")),
    ("outcomes", "办理结果", "Outcomes", ("granted", "partially_granted", "denied", "not_held")),
    ("disputes", "复议与诉讼", "Reconsideration and litigation", ("reconsideration", "litigation")),
    (
        "documents",
        "规范性文件",
        "Normative documents",
        ("normative_documents_issued", "normative_documents_repealed", "normative_documents_in_force"),
    ),
    ("decisions", "行政决定", "Decisions", ("licensing_decisions", "penalty_decisions", "coercion_decisions")),
)
"""Which measures stand on one chart of an organ's page: (id, Chinese, English, measures)."""


def organ_charts(
    found: Sequence[Series],
    breaks: Sequence[Break],
    chains: Sequence[Chain],
    language: str,
    states: Mapping[int, str] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """One chart a group that has numbers, every year from the first to the last on its axis.

    `states`: what is known of each year; one whose report is not here is a gap that says why, to the last that is due.
    """
    by_key = {series.measure.key: series for series in found}
    years = sorted({point.year for series in found for point in series.points})
    if not years:
        return []
    missing = {year: state for year, state in states.items() if state in MISSING and year > years[0]}
    axis = list(range(years[0], max([years[-1], *missing]) + 1))
    gaps = [_gap(year, missing.get(year, UNKNOWN), language) for year in axis if year not in years]
    charts = []
    for key, zh, en, measures in GROUPS:
        there = [by_key[name] for name in measures if name in by_key]
        if not there:
            continue
        failed = [chain for chain in chains if set(chain.measures) & set(measures)]
        charts.append(
            {
                "id": key,
                "zh": zh,
                "en": en,
                "x": [str(year) for year in axis],
                "series": [_measured(series, axis, failed, language) for series in there],
                "breaks": _marks(breaks, language),
                "gaps": gaps,
                "unit": there[0].measure.unit,
            }
        )
    return charts


def _gap(year: int, state: str, language: str) -> dict[str, str]:
    """A year without a report: its sign below the axis, its words in the table."""
    return {"x": str(year), "sign": SIGNS[state], "label": words.of("coverage", state).said(language)}


def _marks(breaks: Sequence[Break], language: str) -> list[dict[str, str]]:
    """One line a year, with all that broke there."""
    found: dict[str, list[str]] = {}
    for one in breaks:
        found.setdefault(str(one.year), []).append(one.words.said(language))
    return [{"x": year, "label": "\n".join(words)} for year, words in found.items()]


def _measured(series: Series, axis: Sequence[int], failed: Sequence[Chain], language: str) -> dict[str, Any]:
    measure = series.measure
    points = {point.year: point for point in series.points}
    doubtful = [str(year) for year, point in points.items() if point.quality == "doubtful" and point.value is not None]
    return line(
        measure.zh if language == "zh" else measure.en,
        [points[year].value if year in points else None for year in axis],
        doubtful=doubtful,
        failed=[str(chain.after) for chain in failed if measure.key in chain.measures],
    )


def line(
    name: str,
    data: Sequence[int | float | None],
    *,
    kind: str = "line",
    axis: int = 0,
    doubtful: Sequence[str] = (),
    failed: Sequence[str] = (),
) -> dict[str, Any]:
    """One series; `doubtful` and `failed` are places on the axis that get a mark."""
    return {"name": name, "data": list(data), "kind": kind, "axis": axis, "doubtful": doubtful, "failed": failed}


def compared(
    names: Mapping[str, str], found: Mapping[str, Series], forms: Sequence[Break], unit: str, language: str
) -> dict[str, Any]:
    """One measure of several organs, each by its id. `forms`: the years from which one of them has another form.

    A year of which an organ has no number is no point of its line, and nothing is drawn across.
    """
    years = sorted({point.year for one in found.values() for point in one.points})
    axis = list(range(years[0], years[-1] + 1)) if years else []
    return {
        "id": "compare",
        "x": [str(year) for year in axis],
        "series": [{**_measured(one, axis, (), language), "name": names[key]} for key, one in found.items()],
        "breaks": _marks(forms, language),
        "gaps": [],
        "unit": unit,
    }
