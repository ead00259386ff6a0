"""Views over the catalogue for the questions that are asked most: one row a report (of refusals, one a reason), rates
worked out, null where a part is null.

A view is read like a collection: `db.grant_rate.find({report_year: 2020})`. MongoDB answers that from the catalogue's
index; the embedded server works the view out for every report first, so that programs there put the view's stages
behind a condition of their own: `db.catalogue.aggregate([{$match: …}, *stages("grant_rate")])`.

A blank is never 0 here either: a sum with a blank part is null, and so is a rate over nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.base import digest

Expression = str | int | None | Mapping[str, Any]
ON = "catalogue"

_HEAD = {
    "organ": {"id": "$organ.id", "name": "$organ.name", "level": "$organ.level", "province": "$organ.province"},
    "report_year": 1,
    "scope": 1,
    "template": "$template.id",
}
_ROWS = "figures.requests"
_RESULTS = f"{_ROWS}.results"
APPLICANTS = (
    "natural_person",
    "business_enterprise",
    "research_institution",
    "public_welfare_org",
    "legal_service_org",
    "other_org",
)
REASONS = {
    "state_secret": "属于国家秘密",
    "prohibited_by_law": "其他法律行政法规禁止公开",
    "three_securities_one_stability": "危及“三安全一稳定”",
    "third_party_rights": "保护第三方合法权益",
    "internal_affairs": "属于三类内部事务信息",
    "process_information": "属于四类过程性信息",
    "enforcement_files": "属于行政执法案卷",
    "administrative_query": "属于行政查询事项",
}
"""The eight rows of 不予公开 in table three (domain.md 1.3)."""


@dataclass(frozen=True)
class View:
    name: str
    title: str
    pipeline: tuple[Mapping[str, Any], ...]


def _total(row: str) -> str:
    return f"${row}.total"


def _ratio(part: Expression, whole: Expression) -> Expression:
    """Null over nothing, and where either is null."""
    return {"$cond": [{"$gt": [whole, 0]}, {"$divide": [part, whole]}, None]}


def _per_hundred(part: Expression, whole: Expression) -> Expression:
    return _ratio({"$multiply": [part, 100]}, whole)


_RECEIVED: Expression = {
    "$ifNull": [_total(f"{_ROWS}.received_new"), "$figures.statistics.requests.received.total", None]
}
"""Comparable through all forms (domain.md 6.4)."""
_PROCESSED = _total(f"{_RESULTS}.total")
_HANDLED: Expression = {"$add": [_total(f"{_ROWS}.received_new"), _total(f"{_ROWS}.carried_over")]}
_LITIGATION: Expression = {
    "$add": ["$figures.litigation_direct.total", "$figures.litigation_after_reconsideration.total"]
}
_DECIDED: Expression = {"$subtract": ["$figures.reconsideration.total", "$figures.reconsideration.pending"]}


def _published_by(month_and_day: str) -> Expression:
    """Whether it was published by that day of the year after; null where no day is known."""
    until = {"$concat": [{"$toString": {"$add": ["$report_year", 1]}}, f"-{month_and_day}"]}
    return {"$cond": [{"$gt": ["$page.published_on", None]}, {"$lte": ["$page.published_on", until]}, None]}


def _reason(name: str, label: str) -> Expression:
    """One row of 不予公开, and its share of all that was answered."""
    count = _total(f"{_RESULTS}.denied.{name}")
    return {"name": name, "label": label, "count": count, "share": _ratio(count, _PROCESSED)}


def _view(name: str, title: str, fields: Mapping[str, Any], *more: Mapping[str, Any]) -> View:
    return View(name, title, ({"$project": {**_HEAD, **fields}}, *more))


VIEWS: tuple[View, ...] = (
    _view(
        "requests_by_organ_year",
        "各机关各年度收到和处理的申请",
        {
            "received": _RECEIVED,
            "carried_over": _total(f"{_ROWS}.carried_over"),
            "processed": _PROCESSED,
            "carried_forward": _total(f"{_ROWS}.carried_forward"),
            "received_from": {one: f"${_ROWS}.received_new.{one}" for one in APPLICANTS},
            "trust": "$trust.requests",
        },
    ),
    _view(
        "grant_rate",
        "公开率：予以公开与部分公开占办理总计",
        {
            "granted": _total(f"{_RESULTS}.granted"),
            "partially_granted": _total(f"{_RESULTS}.partially_granted"),
            "processed": _PROCESSED,
            "rate": _ratio(
                {"$add": [_total(f"{_RESULTS}.granted"), _total(f"{_RESULTS}.partially_granted")]}, _PROCESSED
            ),
            "trust": "$trust.requests",
        },
    ),
    _view(
        "refusal_reasons",
        "不予公开的八种理由，每种一行",
        {
            "reason": [_reason(one, label) for one, label in REASONS.items()],
            "processed": _PROCESSED,
            "trust": "$trust.requests",
        },
        {"$unwind": "$reason"},  # last, and nothing worked out behind it: eight times as many rows, half the time
    ),
    _view(
        "litigation_rate",
        "每百件申请的行政复议和行政诉讼，及纠正率",
        {
            "received": _RECEIVED,
            "reconsiderations": "$figures.reconsideration.total",
            "lawsuits": _LITIGATION,
            "reconsiderations_per_100": _per_hundred("$figures.reconsideration.total", _RECEIVED),
            "lawsuits_per_100": _per_hundred(_LITIGATION, _RECEIVED),
            "corrected_on_reconsideration": _ratio("$figures.reconsideration.corrected", _DECIDED),
        },
    ),
    _view(
        "backlog",
        "积压：结转下年度占应办总数",
        {
            "to_handle": _HANDLED,
            "carried_forward": _total(f"{_ROWS}.carried_forward"),
            "rate": _ratio(_total(f"{_ROWS}.carried_forward"), _HANDLED),
            "trust": "$trust.requests",
        },
    ),
    _view(
        "timeliness",
        "及时性：公布日期与1月31日、3月31日",
        {
            "published_on": "$page.published_on",
            "by_31_january": _published_by("01-31"),
            "by_31_march": _published_by("03-31"),
        },
    ),
)


def stages(name: str) -> list[Mapping[str, Any]]:
    """The stages of the view of that name, to stand behind a `$match` of one's own. Raises KeyError."""
    return list({view.name: view.pipeline for view in VIEWS}[name])


def views_fingerprint(views: Sequence[View] = VIEWS) -> str:
    return digest([{"name": view.name, "pipeline": list(view.pipeline)} for view in views])
