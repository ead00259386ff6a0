"""Why a report is here or is not, in words, and what can be done about it (docs/coverage.md has the rules)."""

from __future__ import annotations

from collections.abc import Mapping

from nianbao.web.words import Pair

WHY: Mapping[str, Pair] = {
    "found": Pair("已归档。", "It is in the archive."),
    "late": Pair("已归档；公布于法定期限之后。", "It is in the archive; it was published after the statutory day."),
    "early": Pair(
        "已归档；公布时该年度尚未结束，不可能涵盖全年。",
        "It is in the archive; it was published before the year was over, so it cannot cover all of it.",
    ),
    "not_published": Pair(
        "法定期限过后，其门户的年报列表已读到底：有更早年度的报告，没有这一份，当次访问也没有未解决的问题。",
        "After the statutory day the lists of its portal were read to their ends: they have reports of earlier years and "
        "not this one, and no problem of that visit is open.",
    ),
    "blocked": Pair(
        "其门户拒绝访问。本档案不绕过拒绝，只如实记录。",
        "Its portal refuses. A refusal is recorded and never got round.",
    ),
    "unreachable": Pair("上次访问时其门户没有应答。", "Its portal gave no answer at the last visit."),
    "not_found": Pair(
        "找过，没有找到；但还不能断言未公布：可能被一个未解决的问题遮住，或该门户没有更早的报告可作对照，或已迁移、改版。",
        "It was looked for and not found. That is not to say it was not published: an open problem may hide it, the portal "
        "may have no earlier report to compare with, or it has moved or changed its pages.",
    ),
    "unknown": Pair("还没有查过。", "Nobody has looked yet."),
    "not_due": Pair("法定期限还没有到。", "The statutory day has not come yet."),
}
"""State of a cell -> why."""
_DUE_JANUARY = Pair(
    "《政府信息公开条例》第四十九条：政府部门每年1月31日前。", "Regulation art. 49: departments until 31 January."
)
_DUE_MARCH = Pair(
    "《政府信息公开条例》第四十九条：县级以上地方政府每年3月31日前。",
    "Regulation art. 49: governments until 31 March.",
)
_DUE_OLD = Pair("2007年条例第三十一条：每年3月31日前。", "Regulation of 2007, art. 31: everybody until 31 March.")


def statute(year: int, due_on: str) -> Pair:
    """Where the day comes from. `due_on`: 2021-03-31."""
    if year < 2019:
        return _DUE_OLD
    return _DUE_JANUARY if due_on.endswith("-01-31") else _DUE_MARCH


def what_to_do(state: str, year: int, portals: list[str]) -> str | None:
    """The command that would find out; None where there is nothing to do, or no portal is known."""
    if state in ("unknown", "not_found", "unreachable") and portals:
        return f"nianbao backfill --years {year} {portals[0]}"
    if state == "blocked" and portals:
        return f"nianbao portals show {portals[0]}"
    return None
