"""Text -> tokens: overlapping pairs of Chinese characters, and words and numbers as they are.

`政府信息2020年` -> `政府 府信 信息 息 2020 年`: each run of characters ends with its last one alone, so that every
character begins a token. A phrase is found where its tokens stand side by side, which is exactly where its characters
do. Punctuation separates and is not kept: `公开、申请` and `公开。申请` read alike, `公开申请` is another phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.chinese import simplify
from storage.where import BadFilter

VERSION = 1
"""Raise it when the tokens of a text change: every index is then made anew."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, with the sign of repetition and the round zero of 二〇二〇年."""
_RUN = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+")
_GAP = re.compile(rf"(?<=[{HAN}])[ \t]+(?=[{HAN}])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
_ASKED = re.compile(r'(?P<not>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')


class BadWords(BadFilter):
    """A search that holds no word."""


@dataclass(frozen=True)
class Phrase:
    """What must stand (or, `is_unwanted`, must not stand) in the text side by side."""

    words: str
    """As asked, in simplified characters."""
    is_unwanted: bool = False


def folded(text: str) -> str:
    """NFKC in small letters; a blank between two Chinese characters is a page's layout and no boundary."""
    return _GAP.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).lower()))


def tokens(text: str) -> list[str]:
    """The tokens of a stored text, in order."""
    found: list[str] = []
    for match in _RUN.finditer(folded(text)):
        run = match[0]
        if match["han"]:
            found += [run[at : at + 2] for at in range(len(run))]
        else:
            found.append(run)
    return found


def phrases(text: str) -> tuple[Phrase, ...]:
    """What a person asks: phrases apart by blanks, "with blanks" in quotation marks, -without this one.

    Raises BadWords where nothing that could be found is left.
    """
    asked = simplify(re.sub("[“”「」『』＂]", '"', text).replace("　", " "))
    found = []
    for match in _ASKED.finditer(asked):
        words = match["quoted"] if match["plain"] is None else match["plain"]
        if tokens(words):
            found.append(Phrase(words, match["not"] is not None))
    if all(phrase.is_unwanted for phrase in found):
        raise BadWords(f"--text: {text.strip()[:40]!r} holds no word to look for")
    return tuple(found)


def expression(asked: Sequence[Phrase]) -> str:
    """The phrases in FTS5's language. Everything is quoted: nothing of it is taken as an operator."""
    wanted = " AND ".join(_quoted(phrase.words) for phrase in asked if not phrase.is_unwanted)
    unwanted = " OR ".join(_quoted(phrase.words) for phrase in asked if phrase.is_unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _quoted(words: str) -> str:
    """`信息公开` -> `"信息 息公 公开"`, `2020年` -> `"2020 年" *`: a last character alone begins any pair."""
    found = tokens(words)
    is_pair = len(found) > 1 and len(found[-2]) == 2 and found[-2][1] == found[-1] and _is_han(found[-2])
    if is_pair:
        found.pop()
    ends_alone = not is_pair and _is_han(found[-1])
    return '"' + " ".join(found) + '"' + (" *" if ends_alone else "")


def _is_han(token: str) -> bool:
    return re.fullmatch(f"[{HAN}]+", token) is not None
