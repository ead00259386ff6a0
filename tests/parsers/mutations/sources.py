"""Damage to the rendered source: text that is cut, lost, doubled. For carriers that are text (pages and dumps).

What is left of a figure's row may be read as it stood; nothing else may be read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

SourceMutation = Callable[[str, random.Random], str | None]


def truncate(source: str, rng: random.Random) -> str | None:
    """The file ends too early; not in the middle of a figure, of which nobody could see that it was longer."""
    at = _between_figures(source, rng.randint(len(source) // 4, len(source) - 1))
    return source[:at]


def drop_chunk(source: str, rng: random.Random) -> str | None:
    """A stretch of the file is lost, from a few characters to a fifth of it."""
    begin = _between_figures(source, rng.randint(len(source) // 10, len(source) - 2))
    longest = rng.choice((40, 400, len(source) // 5))
    end = _between_figures(source, min(len(source), begin + rng.randint(5, max(6, longest))))
    if begin and end < len(source) and source[begin - 1].isdigit() and source[end].isdigit():
        return source[:begin] + "\n" + source[end:]
    return source[:begin] + source[end:]


def drop_lines(source: str, rng: random.Random) -> str | None:
    lines = source.split("\n")
    at = rng.randrange(len(lines))
    count = rng.choice((1, 1, 2, 5, 20))
    return "\n".join(lines[:at] + lines[at + count :])


_FIGURE = re.compile(r"(?<=>)\d+(?=</td>)")
_MARKS = (
    "{figure}<sup>1</sup>", "{figure}①", "<s>5</s>{figure}", '{figure}<span style="text-decoration:line-through">0</span>',
    '<span style="display:none">7</span>{figure}', '{figure}<i hidden>0</i>', "{figure}<br>3", "<p>{figure}</p><p>3</p>",
    "{figure}&nbsp;0", "3\u3000{figure}", '</td><td style="display:none">7</td><td>{figure}',
)  # fmt: skip


def mark_a_figure(source: str, rng: random.Random) -> str | None:
    """A footnote behind a figure, a digit struck out or hidden beside it, a second number below it."""
    figures = list(_FIGURE.finditer(source))
    if not figures:
        return None
    figure = rng.choice(figures)
    return source[: figure.start()] + rng.choice(_MARKS).format(figure=figure[0]) + source[figure.end() :]


def _between_figures(source: str, at: int) -> int:
    while 0 < at < len(source) and source[at - 1].isdigit() and (source[at].isdigit() or source[at] in ".,"):
        at += 1
    return at
