"""Code blocks of a Markdown page, and whether an output is the one that the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block. `language` and `word` are its info string: ```` ```sh test ````."""

    language: str
    word: str
    body: str
    line: int
    output: str | None = None
    """The `text` block right behind it: what running it prints."""


def blocks(page: Path) -> list[Block]:
    """The page's blocks in order; a `text` block that follows a tested one belongs to it."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _FENCE.finditer(text):
        language, _, word = match["info"].partition(" ")
        follows = found and found[-1].word in ("test", "query") and not text[end : match.start()].strip()
        if language == "text" and follows and found[-1].output is None:
            last = found[-1]
            found[-1] = Block(last.language, last.word, last.body, last.line, match["body"])
        else:
            found.append(Block(language, word.strip(), match["body"], text.count("\n", 0, match.start()) + 1))
        end = match.end()
    return found


def shows(expected: str, actual: str) -> bool:
    """Is `actual` what the page shows? `…` stands for anything within a line, alone on a line for any lines."""
    parts = []
    for line in expected.splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(part) for part in line.rstrip().split("…")) + r"[ ]*\n")
    return re.fullmatch("".join(parts), actual if actual.endswith("\n") else actual + "\n") is not None
