"""The small language of `--where`: what it understands, and that nothing else gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.where import BadFilter, Condition, parse_where, where_filter


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("", []),
        ("  ", []),
        ("requests.received_new.total>100", [("requests.received_new.total", ">", 100)]),
        ("figures.requests.received_new.total >= 1", [("requests.received_new.total", ">=", 1)]),
        ("requests.a.total＞＝１０", [("requests.a.total", ">=", 10)]),
        ("proactive.fees.amount_wan_yuan=12.5", [("proactive.fees.amount_wan_yuan", "=", 12.5)]),
        ("proactive.x.items_change<-3", [("proactive.x.items_change", "<", -3)]),
        (
            "requests.a.b!=0 and reconsideration.upheld<=2 AND litigation_direct.total==1",
            [("requests.a.b", "!=", 0), ("reconsideration.upheld", "<=", 2), ("litigation_direct.total", "==", 1)],
        ),
    ],
)
def test_what_is_understood(text: str, conditions: list[tuple[str, str, float]]) -> None:
    assert parse_where(text) == tuple(Condition(*one) for one in conditions)


@pytest.mark.parametrize(
    "text",
    [
        "requests.total",
        "requests.total >",
        "requests.total > many",
        "requests.total > 1 or requests.total < 5",
        "requests.total > 1 and",
        "and requests.total > 1",
        "requests > 1",
        "organ.name = 1",
        "$where.x = 1",
        "requests.$gt = 1",
        "requests..total = 1",
        "requests.total = 1; drop",
        "requests.total = {'$gt': 1}",
        "requests.total = 1e400",
        "requests.total = 99999999999999999999",
        "requests." + "a." * 20 + "b = 1",
    ],
)
def test_what_is_not_understood(text: str) -> None:
    with pytest.raises(BadFilter, match="--where"):
        parse_where(text)


def test_a_blank_is_not_different_from_a_number() -> None:
    assert where_filter("requests.a.b != 3") == {"figures.requests.a.b": {"$ne": 3, "$type": "number"}}
    assert where_filter("requests.a.b>1 and requests.a.b<3") == {
        "$and": [{"figures.requests.a.b": {"$gt": 1}}, {"figures.requests.a.b": {"$lt": 3}}]
    }


@given(st.text(max_size=60))
def test_nothing_but_conditions_ever_comes_out(text: str) -> None:
    try:
        found = where_filter(text)
    except BadFilter:
        return
    parts = found.get("$and", [found] if found else [])
    for part in parts:
        ((path, test),) = part.items()
        assert path.startswith("figures.") and "$" not in path
        assert set(test) <= {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$type"}
