"""Whether a name that a sentence bears is the report's own organ."""

from __future__ import annotations

import pytest

from parsers.prose.subjects import _is_own


@pytest.mark.parametrize(
    ("said", "name", "is_own"),
    [
        ("市城管局", "滨河市城市管理局", True),
        ("城管局", "滨河市城市管理局", True),
        ("滨河市城市管理局", "滨河市城市管理局(汇总)", True),
        ("省城管局", "滨河市城市管理局", False),
        ("市公安局", "滨河市城市管理局", False),
        ("市政府", "滨河市人民政府", True),
        ("市政府", "滨河市人民政府办公室", False),
        ("市府办", "滨河市人民政府办公室", True),
        ("市公安局", "(汇总)", False),
    ],
)
def test_short_forms_at_the_same_level(said: str, name: str, is_own: bool) -> None:
    assert _is_own(said, name) is is_own
