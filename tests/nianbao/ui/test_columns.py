"""What has no room beside each other stands below each other, whole."""

from __future__ import annotations

from rich.cells import cell_len

from nianbao.ui.columns import in_parts, packed


def test_columns_go_side_by_side_as_far_as_there_is_room() -> None:
    # Two of four and what is between: 2 * (3 + 4) = 14.
    assert list(in_parts([4, 4, 4], 14)) == [[0, 1], [2]]
    assert list(in_parts([4, 4, 4], 13)) == [[0], [1], [2]]
    assert list(in_parts([4, 4, 4], 21)) == [[0, 1, 2]]
    assert list(in_parts([99, 1], 10)) == [[0], [1]], "one at least, whatever its width"


def test_no_piece_of_a_legend_is_broken() -> None:
    pieces = ["● found 已归档", "✗ not published 未公布", "· not due 未到期"]

    lines = list(packed(pieces, 40))

    assert lines == ["● found 已归档  ✗ not published 未公布", "· not due 未到期"]
    assert cell_len(lines[0]) == 38
    assert list(packed(pieces, 38)) == lines
    assert list(packed(pieces, 37)) == pieces
    assert list(packed([], 10)) == []
