"""Chinese characters: folding for comparison, traditional to simplified, mainland wording, numerals.

OpenCC's `t2s` converts characters; it does not touch vocabulary, so that 檔案局 stays 档案局 (`tw2sp` would make
文件局 of it). Wording of Taiwan mirrors is put back by `mainland`, a short guarded list (parts.md section 6).
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from opencc import OpenCC

_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_ODD = re.compile(
    r"[^\x21-\x7e\u00b7\u2014\u2018\u2019\u201c\u201d\u3001-\u3003\u3005-\u3020\u3400-\u4dbf\u4e00-\u9fff\ufdd0]"
)
"""Everything but what folding leaves as it is: printing ASCII, Chinese characters and most of their punctuation."""
_ALONE = (
    (0x00, 0x7F), (0xA0, 0xBF), (0x2000, 0x206F), (0x2150, 0x218F), (0x2460, 0x24FF), (0x3000, 0x3029),
    (0x3030, 0x303F), (0x3200, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFDD0, 0xFDD0), (0xFF01, 0xFF5E),
)  # fmt: skip
"""Characters that neither combine with their neighbours nor change into such: ASCII, Chinese, punctuation, numbers."""
_LINE_END = "\ufdd0"
"""No character, and so none that folding drops or joins to another."""
_HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_HAN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN_RANGES) + "]+")
_GLANCES = (200, 2000)
"""So many characters of a text show nearly always that it is Chinese."""
_NO_LETTERS = bytes(sorted(set(range(256)) - set(string.ascii_letters.encode())))
_BESIDES = "—·•\u00a0\u2002"
"""Frequent in reports and not in GB 2312."""

# Characters that simplified texts use rightly and that t2s would still change: 乾县, 瞭望, 藉田, 文徵明, 於家镇.
_SIMPLIFIED_TOO = frozenset("乾瞭藉徵於甯")
# And characters that t2s changes only inside some words: 答覆, 沈默, 毛坏, 海哩, 衹得, 甦醒.
_IN_WORDS = "覆沈坏哩衹甦"


@cache
def _converter(name: str) -> OpenCC:
    """One converter a process: making one reads its dictionaries from disk."""
    return OpenCC(name)


def fold(text: str) -> str:
    """NFKC without any white space or invisible character: for comparing, never for keeping."""
    # Few of its characters change, and each for itself: that many replacements are faster than NFKC twice.
    folded, at = text, 0
    while odd := _ODD.search(folded, at):
        character, at = odd[0], odd.start()
        if not _stands_alone(character):
            break
        plain = _folded_alone(character)
        if plain == character:
            at += 1
        else:
            folded = folded.replace(character, plain)
    else:
        return folded
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    # What was apart may now combine.
    return unicodedata.normalize("NFKC", seen)


@lru_cache(maxsize=65536)
def _stands_alone(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _ALONE) and not any(
        unicodedata.combining(part) for part in unicodedata.normalize("NFKC", character)
    )


@lru_cache(maxsize=65536)
def _folded_alone(character: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", unicodedata.normalize("NFKC", character)))


def fold_lines(text: str) -> list[str]:
    """`fold` of every line, in one go: a report has hundreds."""
    if _LINE_END in text:
        return [fold(line) for line in text.split("\n")]
    return fold(text.replace("\n", _LINE_END)).split(_LINE_END)


def simplify(text: str) -> str:
    """Traditional characters to simplified ones; vocabulary and everything else as it stands.

    A text that is simplified already comes back unchanged, names such as 乾县 included: nearly all that a report
    asks about are, and need no converter.
    """
    if not _changing().search(text):
        return text
    converted: str = _converter("t2s").convert(text)
    if converted == text or len(converted) != len(text):
        return converted
    changed = {old for old, new in zip(text, converted, strict=True) if old != new}
    return text if changed <= _SIMPLIFIED_TOO else converted


@lru_cache(maxsize=8192)
def _script(character: str) -> int:
    """+1 for a character that only traditional texts use, -1 for one that only simplified texts use, else 0."""
    if _converter("t2s").convert(character) != character:
        return 0 if character in _SIMPLIFIED_TOO else 1
    return -1 if _converter("s2t").convert(character) != character else 0


def language(text: str) -> str:
    """`zh-Hans` or `zh-Hant` by what the characters are; `en` or `und` where hardly any are Chinese."""
    if _is_plainly_simplified(text):
        return "zh-Hans"
    counts = Counter(text)
    han = {character: count for character, count in counts.items() if _HAN.match(character)}
    latin = _latin_letters(text)
    if not han:
        return "en" if latin else "und"
    if sum(han.values()) * 10 < latin:
        return "en"
    balance = sum(_script(character) * count for character, count in han.items())
    return "zh-Hant" if balance > 0 else "zh-Hans"


def _is_plainly_simplified(text: str) -> bool:
    """Chinese, and not one character of it that only traditional texts use? So it is nearly always, and soon seen."""
    if _has_traditional(text):
        return False
    letters = _latin_letters(text)
    for glance in _GLANCES:
        enough = sum(map(len, _HAN.findall(text, 0, glance))) * 10
        if enough > letters or enough > len(text):
            return True
    return False


def _has_traditional(text: str) -> bool:
    """Is there a character that only traditional texts use? Of those the set of GB 2312 has a handful, and its codec looks
    through a text in half a pattern's time."""
    plain = text
    for character in _BESIDES:
        if character in plain:  # Sooner seen than taken out where it is not.
            plain = plain.replace(character, "")
    try:
        plain.encode("gb2312")
    except UnicodeEncodeError:
        return bool(_traditional().search(text))
    return any(map(plain.__contains__, _traditional_in_gb2312()))


def _latin_letters(text: str) -> int:
    return len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))


@cache
def _traditional_in_gb2312() -> str:
    return _changed_alone().encode("gb2312", "ignore").decode("gb2312")


@cache
def _changed_alone() -> str:
    """The characters for which `_script` is 1, all of them converted at once."""
    every = "".join(f"{chr(code)}\n" for first, last in _HAN_RANGES for code in range(first, last + 1))
    pairs = zip(every.split(), _converter("t2s").convert(every).split(), strict=True)
    return "".join(a for a, b in pairs if a != b and a not in _SIMPLIFIED_TOO)


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{_changed_alone()}]")


@cache
def _changing() -> re.Pattern[str]:
    """A text without any of these stays as it is under `simplify`; rare characters beyond U+FFFF are not looked at."""
    return re.compile(f"[{_changed_alone()}{_IN_WORDS}\U00010000-\U0010ffff]")


# Wording of Taiwan in an encyclopaedia mirror of a mainland report, with what must not follow or come before.
# 档案 is 文件 there, but archives are archives: 档案局, 图书馆档案, 人事档案.
_WORDING: tuple[tuple[str, str, str], ...] = (
    ("联络我们", "联络我们", "联系我们"),
    ("入口网站", "入口网站", "门户网站"),
    ("最佳化", "最佳化", "优化"),
    ("视窗", "视窗", "窗口"),
    ("程式", "程式", "程序"),
    ("设定", "设定", "设置"),
    ("简讯", "简讯", "短信"),
    ("民众", "民众", "群众"),
    ("套用", "套用", "应用"),
    ("线上", "线上(?!线下|和线下|与线下|、线下)(?<!在线上)", "在线"),
    ("资讯", "资讯", "信息"),
    ("网路", "网路", "网络"),
    ("释出", "释出", "发布"),
    (
        "档案",
        "(?<!图书馆)(?<!人事)(?<!诚信)(?<!电子)(?<!信用)(?<!健康)(?<!执法)(?<!实物)"
        "档案(?!局|馆|室|资料|管理|工作|法|柜|袋|盒|员|科|处|部门|信息|事业|移交|归档|整理|数字化|规范)",
        "文件",
    ),
)
_WORDING_PATTERNS = tuple((word, re.compile(pattern), new) for word, pattern, new in _WORDING)


_SUBJECT = re.compile("(?<=政府)资讯|(?<=政务)资讯|资讯(?=公开)")


def subject(text: str) -> str:
    """政府资讯公开 -> 政府信息公开, in a title: nothing else of it is touched, names of organs least of all."""
    return _SUBJECT.sub("信息", text)


def mainland(text: str, only: frozenset[str] | None = None) -> tuple[str, tuple[tuple[str, str, int], ...]]:
    """Put the vocabulary of a Taiwan mirror back into mainland wording.

    `text` is simplified already. Returns the text and what was replaced, as (from, to, how often). Only for
    pages found to be traditional: 民众 or 套用 may be genuine elsewhere. `only`: these words and no others.
    """
    replaced = []
    for word, pattern, new in _WORDING_PATTERNS:
        if only is not None and word not in only:
            continue
        text, count = pattern.subn(new, text)
        if count:
            replaced.append((word, new, count))
    return text, tuple(replaced)


_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "Ｏ": 0, "О": 0, "◯": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_SCALES = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_NUMERALS = frozenset((*_DIGITS, *_UNITS, *_SCALES))
_SCALED = re.compile(r"([+-]?\d+(?:\.\d+)?)([十百千万萬亿億]*)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def number(text: str) -> int | float | None:
    """A numeral of a sentence as a number: 三, 一百二十三, 二〇一五, 14,358, 2.3万, 1.2亿. None where it is none.

    Sums are exact: 2.3万 is the integer 23000.
    """
    folded = _GROUPED.sub("", fold(text))
    if match := _SCALED.fullmatch(folded):
        try:
            value = Decimal(match[1])
        except InvalidOperation:
            return None
        for scale in match[2]:
            value *= _UNITS.get(scale) or _SCALES[scale]
        return int(value) if value == value.to_integral_value() else float(value)
    return _chinese_number(folded)


def _chinese_number(text: str) -> int | None:
    if not text or text[0] in _SCALES or any(c not in _NUMERALS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            unit = _UNITS[character]
            # 十五 has no digit before the ten; 廿 and 卅 carry their own.
            section += unit if character in "廿卅" else unit * (1 if digit is None else digit)
            digit = None
        else:
            section += digit or 0
            # 一亿零三万: the 万 counts what came since the 亿; 一万亿: the 亿 counts everything.
            scale = _SCALES[character]
            total = (total + section) * scale if scale > 10_000 else total + section * scale
            section, digit = 0, None
    return total + section + (digit or 0)
