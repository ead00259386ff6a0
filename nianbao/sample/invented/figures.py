"""The figures of an invented organ, year after year: sums that hold, stocks and chains that follow from each other."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from nianbao.sample.forms import APPLICANTS, OUTCOMES
from nianbao.sample.invented import town
from nianbao.sample.invented.town import Organ

Figures = dict[str, int | float | None]
PEOPLE = APPLICANTS[:-1]
_SHARES = (0.74, 0.12, 0.01, 0.01, 0.09, 0.03)
RESULTS = {
    "denied.state_secret": 0.2,
    "denied.prohibited_by_law": 0.6,
    "denied.three_securities_one_stability": 0.3,
    "denied.third_party_rights": 1.6,
    "denied.internal_affairs": 1.1,
    "denied.process_information": 1.5,
    "denied.enforcement_files": 1.8,
    "denied.administrative_query": 1.2,
    "unable.not_held": 6.0,
    "unable.needs_creation": 1.4,
    "unable.unclear_after_correction": 0.8,
    "not_processed.petition_complaint": 2.2,
    "not_processed.repeat": 1.0,
    "not_processed.public_publication": 0.1,
    "not_processed.excessive_repeated": 0.3,
    "not_processed.confirm_or_reissue": 0.2,
}
"""Row of 办理结果 -> its weight beside those that are granted."""
OTHER_2021 = ("other.no_correction_overdue", "other.fee_unpaid_overdue", "other.other")
_STOCK = 24
_STATISTICS_DENIED = ("state_secret", "trade_secret", "personal_privacy", "security_stability", "not_government_info",
                      "other_statutory")  # fmt: skip


def of_organ(organ: Organ) -> dict[int, Figures]:
    """Year -> path of a figure -> its value, of every year in which the organ published."""
    found: dict[int, Figures] = {}
    forward = dict.fromkeys(PEOPLE, 0)
    stock = _STOCK
    for year in town.YEARS:
        dice = random.Random(f"{organ.key}/{year}")
        received = round(organ.requests * organ.growth ** (year - town.FIRST) * dice.uniform(0.9, 1.1))
        if year < 2019:
            figures, stock = _statistics(organ, received, stock, dice)
        else:
            figures = _requests(organ, year, received, forward, dice)
            figures |= _disputes(received, dice)
            table, stock = _proactive(organ, year, stock, dice)
            figures |= table
            forward = {one: int(figures[f"requests.carried_forward.{one}"] or 0) for one in PEOPLE}
        if (organ.key, year) in town.COPIED:
            figures = dict(found[year - 1])
        found[year] = figures
    return {year: _damaged(organ, year, one) for year, one in found.items() if (organ.key, year) not in town.MISSING}


def of_town(parts: Mapping[str, Mapping[int, Figures]], year: int) -> Figures:
    """The town's report over all its organs: their sums, and in one year less than that."""
    found: Figures = {}
    for years in parts.values():
        for path, value in years.get(year, {}).items():
            found[path] = round((found.get(path) or 0) + (value or 0), 2)
    less = town.WHOLE_LESS.get(year, 0)
    for path in ("received_new", "results.granted", "results.total"):
        for column in ("natural_person", "total"):
            found[f"requests.{path}.{column}"] = (found[f"requests.{path}.{column}"] or 0) - less
    return found


def split(number: int, weights: Sequence[float], dice: random.Random) -> list[int]:
    """`number` things over places of these weights."""
    found = [0] * len(weights)
    for place in dice.choices(range(len(weights)), weights, k=number):
        found[place] += 1
    return found


def _requests(organ: Organ, year: int, received: int, before: Mapping[str, int], dice: random.Random) -> Figures:
    other = OTHER_2021 if year >= 2021 else ("other",)
    rows = {"granted": organ.grants * 30, "partially_granted": organ.grants * 6, **RESULTS, **dict.fromkeys(other, 0.9)}
    figures: Figures = {}

    def put(row: str, values: Sequence[int]) -> None:
        figures.update({f"requests.{row}.{one}": value for one, value in zip(PEOPLE, values, strict=True)})
        figures[f"requests.{row}.total"] = sum(values)

    new = split(received, _SHARES, dice)
    over = [before[one] for one in PEOPLE]
    over[0] += town.BROKEN_CHAIN.get((organ.key, year), 0)
    forward = [round((a + b) * dice.uniform(0.02, 0.14)) for a, b in zip(new, over, strict=True)]
    handled = [a + b - c for a, b, c in zip(new, over, forward, strict=True)]
    put("received_new", new)
    put("carried_over", over)
    columns = [split(number, list(rows.values()), dice) for number in handled]
    for place, row in enumerate(rows):
        put(f"results.{row}", [column[place] for column in columns])
    put("results.total", handled)
    put("carried_forward", forward)
    return figures


def _disputes(received: int, dice: random.Random) -> Figures:
    figures: Figures = {}
    for block, share in (
        ("reconsideration", 0.05),
        ("litigation_direct", 0.02),
        ("litigation_after_reconsideration", 0.015),
    ):
        number = sum(dice.random() < share for _ in range(received))
        outcomes = split(number, (6, 1.4, 1.2, 0.9), dice)
        figures |= {f"{block}.{one}": value for one, value in zip(OUTCOMES, (*outcomes, number), strict=True)}
    return figures  # fmt: skip


def _proactive(organ: Organ, year: int, stock: int, dice: random.Random) -> tuple[Figures, int]:
    made, gone = dice.randint(0, 6), dice.randint(0, 4)
    penalties = round(organ.decisions * dice.uniform(0.85, 1.2))
    licences, coercion = dice.randint(90, 900), penalties // 40 + 60
    now = stock + made - gone
    fees = round(dice.uniform(0, 900), 2)
    if year < 2021:
        decided = {
            "administrative_licensing": licences,
            "other_external_services": dice.randint(60, 300),
            "administrative_penalty": penalties,
            "administrative_coercion": coercion,
        }
        found: Figures = {
            **{f"proactive.rules.{key}": 0 for key in ("made_new", "disclosed_new", "disclosed_total")},
            "proactive.normative_documents.made_new": made,
            "proactive.normative_documents.disclosed_new": made,
            "proactive.normative_documents.disclosed_total": now,
            "proactive.administrative_fees.items_prev_year": 3,
            "proactive.administrative_fees.items_change": 0,
            "proactive.centralized_procurement.projects": dice.randint(3, 40),
            "proactive.centralized_procurement.amount_wan_yuan": fees,
        }
        for key, decisions in decided.items():
            number, change = _items(organ, key, year)
            found |= {
                f"proactive.{key}.items_prev_year": number,
                f"proactive.{key}.items_change": change,
                f"proactive.{key}.decisions": decisions,
            }
        return found, now
    now -= town.LOST_STOCK.get((organ.key, year), 0)
    return {
        **{f"proactive.rules.{key}": 0 for key in ("issued", "repealed", "in_force")},
        "proactive.normative_documents.issued": made,
        "proactive.normative_documents.repealed": gone,
        "proactive.normative_documents.in_force": now,
        "proactive.administrative_licensing.decisions": licences,
        "proactive.administrative_penalty.decisions": penalties,
        "proactive.administrative_coercion.decisions": coercion,
        "proactive.administrative_fees.amount_wan_yuan": fees,
    }, now


def _items(organ: Organ, key: str, year: int) -> tuple[int, int]:
    """Items of the year before, and their change: what 2020 begins with is what 2019 ended with."""
    dice = random.Random(f"{organ.key}/{key}")
    number, first, second = dice.randint(8, 50), dice.randint(-3, 5), dice.randint(-3, 5)
    return (number, first) if year == 2019 else (number + first, second)


def _statistics(organ: Organ, received: int, stock: int, dice: random.Random) -> tuple[Figures, int]:
    """The 58 figures of the form of 2014 (domain.md 1.2), and the normative documents in force after them."""
    weights = (organ.grants * 18, organ.grants * 20, organ.grants * 6, 5, 4, 6, 1.5, 4)
    already, granted, partly, denied, elsewhere, missing, correct, other = split(received, weights, dice)
    reasons = split(denied, (0.5, 1, 1.5, 0.6, 2, 1.2), dice)
    channels = split(received, (2, 0.3, 6, 2), dice)
    on_time = sum(dice.random() < 0.93 for _ in range(received))
    issued = dice.randint(0, 6)
    sites, weibo, wechat, elsewhere_told = (
        dice.randint(*span) for span in ((300, 2400), (20, 700), (60, 900), (0, 200))
    )
    cases = {
        name: sum(dice.random() < share for _ in range(received))
        for name, share in (("reconsideration", 0.05), ("litigation", 0.03))
    }
    full, part = dice.randint(0, 3), dice.randint(1, 6)
    found: Figures = {
        "proactive.info_count": sites + dice.randint(0, weibo + wechat),
        "proactive.normative_docs_disclosed": issued, "proactive.normative_docs_issued": issued,
        "proactive.by_channel.gazette": 0, "proactive.by_channel.website": sites, "proactive.by_channel.weibo": weibo,
        "proactive.by_channel.wechat": wechat, "proactive.by_channel.other": elsewhere_told,
        "response.hot_topics": dice.randint(0, 9), "response.press_conferences": dice.randint(1, 6),
        "response.press_conferences_by_principal": 1, "response.online_interviews": dice.randint(1, 8),
        "response.online_interviews_by_principal": 1, "response.policy_interpretations": dice.randint(5, 70),
        "response.weibo_wechat_responses": dice.randint(0, 40), "response.other_responses": dice.randint(0, 5),
        "requests.received.total": received,
        **{f"requests.received.{key}": value for key, value in zip(("in_person", "fax", "online", "letter"), channels, strict=True)},
        "requests.completed.total": received, "requests.completed.on_time": on_time,
        "requests.completed.extended": received - on_time,
        "requests.replied.total": received, "requests.replied.already_disclosed": already,
        "requests.replied.granted": granted, "requests.replied.partially_granted": partly,
        "requests.replied.denied.total": denied,
        **{f"requests.replied.denied.{key}": value for key, value in zip(_STATISTICS_DENIED, reasons, strict=True)},
        "requests.replied.not_this_organ": elsewhere, "requests.replied.not_exist": missing,
        "requests.replied.correction_required": correct, "requests.replied.other_route": other,
    }  # fmt: skip
    for name, key in (("reconsideration", "upheld"), ("litigation", "upheld_or_rejected")):
        kept, corrected, rest = split(cases[name], (6, 1, 1), dice)
        found |= {
            f"{name}.total": cases[name],
            f"{name}.{key}": kept,
            f"{name}.corrected": corrected,
            f"{name}.other": rest,
        }
    found |= {
        "complaints.total": dice.randint(0, 2), "fees.request_fees_wan_yuan": round(dice.uniform(0, 0.4), 2),
        "organization.dedicated_units": 1, "organization.reading_points": dice.randint(1, 5),
        "organization.staff.total": full + part, "organization.staff.full_time": full, "organization.staff.part_time": part,
        "organization.special_funds_wan_yuan": float(dice.randint(0, 20)), "training.meetings": dice.randint(1, 5),
        "training.classes": dice.randint(0, 4), "training.trainees": dice.randint(0, 220),
    }  # fmt: skip
    return {f"statistics.{path}": value for path, value in found.items()}, stock + issued


def _damaged(organ: Organ, year: int, figures: Figures) -> Figures:
    """What went wrong when the report was typed."""
    found = dict(figures)
    if (path := town.MISTYPED.get((organ.key, year))) is not None:
        found[path] = (found[path] or 0) + 1
    if (organ.key, year) in town.LEFT_BLANK:
        rows = {path.rpartition(".")[0] for path in found if path.startswith("requests.results.")}
        empty = {row for row in rows if not found[f"{row}.total"]}
        found |= {path: None for path in found if path.rpartition(".")[0] in empty}
    return found
