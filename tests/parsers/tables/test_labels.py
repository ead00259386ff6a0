"""Folding for matching: what becomes of each character, and where each character came from."""

from __future__ import annotations

import pytest

from parsers.tables.labels import fold, fold_with_origin


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("（一）予 以公开", "(一)予以公开"),
        ("㈠予以公开洪泽区=|<三", "(一)予以公开洪泽区=|<三"),
        ("⑽ 其他处理", "(10)其他处理"),
    ],
)
def test_every_folded_character_knows_where_it_came_from(raw: str, folded: str) -> None:
    found = fold_with_origin(raw)
    assert found.text == fold(raw) == folded
    places = [found.origin[index] for index in range(len(found.text) + 1)]
    assert places == sorted(places) and places[-1] == len(raw)
    assert all(
        fold(raw[place]) and character in fold(raw[place]) for place, character in zip(places, found.text, strict=False)
    )
