"""What the archive has of many addresses is asked for together, and each answer is given once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from crawler.latest import AT_ONCE, MOST, Latest
from storage.archive import CaptureRecord


class Archive:
    """Knows every address but those that end in `0`, and writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    async def ask(self, urls: Sequence[str]) -> Mapping[str, CaptureRecord]:
        self.asked.append(urls)
        return {url: cast(CaptureRecord, f"capture of {url}") for url in urls if not url.endswith("0")}


def run(addresses: Sequence[str], expected: Sequence[str] = ()) -> tuple[list[Any], Archive, Latest]:
    archive = Archive()
    latest = Latest(archive.ask)
    for one in expected:
        latest.expect(one)

    async def get() -> list[Any]:
        return [await latest.get(one) for one in addresses]

    return asyncio.run(get()), archive, latest


def test_a_list_of_lines_is_one_question() -> None:
    lines = [f"x.gov.cn/{n}" for n in range(AT_ONCE)]
    answers, archive, _ = run(lines, expected=lines)
    assert answers == [None if line.endswith("0") else f"capture of {line}" for line in lines]
    assert archive.asked == [lines]


def test_what_nobody_announced_is_asked_by_itself() -> None:
    answers, archive, _ = run(["x.gov.cn/robots.txt"])
    assert answers == ["capture of x.gov.cn/robots.txt"]
    assert archive.asked == [["x.gov.cn/robots.txt"]]


def test_who_asks_twice_is_told_what_is_there_now() -> None:
    answers, archive, _ = run(["x.gov.cn/1", "x.gov.cn/1"], expected=["x.gov.cn/1"])
    assert answers == ["capture of x.gov.cn/1"] * 2
    assert len(archive.asked) == 2


def test_what_is_never_asked_for_does_not_fill_the_memory() -> None:
    lines = [f"x.gov.cn/{n}" for n in range(3 * MOST)]
    wanted = [f"y.gov.cn/{n}" for n in range(40)]
    answers, _, latest = run(wanted, expected=lines)
    assert len([one for one in answers if one]) == 36
    assert len(latest._held) <= MOST + AT_ONCE
