"""A number of a workbook by its format, as Excel shows it: 0.19 as 19%, 1407000 as 1,407, a nought as a dash.

ECMA-376 part 1, section 18.8.31. Dates are calamine's and xlrd's; powers of ten are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 12: "# ?/?", 13: "# ??/??",
    41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"', 44: '#,##0.00;-#,##0.00;"-"',
}  # fmt: skip
"""The formats that a workbook names by their number alone, as far as they change what is seen."""
_TOKEN = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
_OTHER = re.compile(r"[ymdhsebg@/]", re.IGNORECASE)
"""Letters of dates, powers of ten, texts, and of General."""
_FRACTION = re.compile(r"[#?0 ]*[#?0]+ ?/ ?([#?0]+|\d+)\s*")
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
_HOLDS = {"<=": le, ">=": ge, "<>": ne, "=": eq, "<": lt, ">": gt}
_HARMLESS = re.compile(
    r"\$[^\]]*|black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|黑色|蓝色|绿色|红色", re.IGNORECASE
)
_CURRENCY = "¥￥ "
_MOST_DECIMALS = 15
_LONGEST = 200


@dataclass(slots=True)
class _Section:
    """One part of a format: what it makes of a number, and of which."""

    signs: list[tuple[str, bool]] = field(default_factory=list)
    """(character or text, is it to be taken literally?)"""
    condition: tuple[str, Decimal] | None = None
    is_known: bool = True


def shown(value: float, code: str) -> str | None:
    """`value` by the format `code`; None where the format says nothing, or something that is not known here."""
    if len(code) > _LONGEST or not abs(value) < 1e15:
        return None
    number = Decimal(repr(value))
    if fraction := _FRACTION.fullmatch(code):
        return None if number == number.to_integral_value() else _fraction(number, fraction[1])
    sections = _sections(code)
    section = _chosen(sections, number) if sections else None
    if section is None or not section.is_known:
        return None
    sign = "-" if number < 0 and (section is sections[0] or section.condition) else ""
    try:
        text = _written(abs(number), section.signs)
    except InvalidOperation:
        return None
    text = text.strip(_CURRENCY)
    return sign + text if any(map(str.isdigit, text)) and text.strip("0.,") else text


def _fraction(number: Decimal, below: str) -> str:
    """1.5 as 1 1/2, by as many digits as the format has places below the stroke."""
    most = int(below) if below.isdecimal() and below.strip("0") else 10 ** len(below) - 1
    whole, rest = divmod(abs(number), 1)
    sign, before = "-" if number < 0 else "", f"{whole} " if whole else ""
    return f"{sign}{before}{Fraction(rest).limit_denominator(max(most, 1))}"


def _chosen(sections: list[_Section], number: Decimal) -> _Section | None:
    """The part that a number is shown by: the first whose condition holds, else by its sign."""
    if any(section.condition for section in sections):
        return next(
            (one for one in sections if not one.condition or _HOLDS[one.condition[0]](number, one.condition[1])), None
        )
    place = 0 if number > 0 or len(sections) < 2 else 1 if number < 0 else 2
    return sections[place] if place < len(sections) else sections[0]


def _sections(code: str) -> list[_Section]:
    """The parts for positive and negative numbers and for noughts, or those with conditions; none where one of them is
    bound to something else."""
    sections = [_Section()]
    for match in _TOKEN.finditer(code):
        quoted, escaped, bracket, plain = match.groups()
        if bracket is not None:
            if condition := _CONDITION.fullmatch(bracket):
                sections[-1].condition = (condition[1], Decimal(condition[2]))
            elif not _HARMLESS.fullmatch(bracket):
                return []
        elif quoted is not None or escaped is not None:
            sections[-1].signs.append((quoted if quoted is not None else escaped, True))
        elif plain == ";":
            if len(sections) == 3:
                break  # The fourth is for texts.
            sections.append(_Section())
        elif plain is not None:
            sections[-1].is_known &= not _OTHER.fullmatch(plain)
            sections[-1].signs.append((plain, plain not in "0#?.,%"))
    return sections


def _written(number: Decimal, section: list[tuple[str, bool]]) -> str:
    places = [n for n, (sign, literal) in enumerate(section) if not literal and sign in "0#?"]
    if not places:
        return "".join(sign for sign, literal in section if literal or sign == "%").strip()
    point = next((n for n, (sign, literal) in enumerate(section) if not literal and sign == "."), len(section))
    whole, after = [n for n in places if n < point], [n for n in places if n > point]
    commas = [n for n, (sign, literal) in enumerate(section) if not literal and sign == ","]
    last = whole[-1] if whole else -1
    scaling = [n for n in commas if n > (after[-1] if after else last) or last < n < point]
    percents = sum(not literal and sign == "%" for sign, literal in section)
    number = number.scaleb(2 * percents - 3 * len(scaling))
    number = number.quantize(Decimal(1).scaleb(-min(len(after), _MOST_DECIMALS)), ROUND_HALF_UP)
    digits, _, decimals = f"{number:f}".partition(".")
    shown = _filled(section, whole, "" if digits == "0" else digits, len(commas) > len(scaling))
    shown |= _decimals(section, after, decimals)
    parts = []
    for n, (sign, literal) in enumerate(section):
        if literal or sign == "%":
            parts.append(sign)
        elif n == point:
            parts.append("." if any(shown[place] for place in after) else "")
        else:
            parts.append(shown.get(n, ""))
    written = "".join(parts).strip()
    # 0!.0, and 0!.0000 show 14070 as 1.4: a point that is only painted, where 万 is meant.
    painted = any(
        whole and whole[0] < n < whole[-1] for n, (sign, literal) in enumerate(section) if literal and sign == "."
    )
    return f"{written}万" if painted and not written.endswith("万") else written


def _filled(section: list[tuple[str, bool]], whole: list[int], digits: str, grouped: bool) -> dict[int, str]:
    """Place -> its digits, from the right; the first place takes what is left."""
    found: dict[int, str] = {}
    rest, written = digits, 0
    for place in reversed(whole):
        digit, rest = rest[-1:] or ("0" if section[place][0] == "0" else ""), rest[:-1]
        comma = "," if grouped and digit and written and written % 3 == 0 else ""
        found[place] = f"{digit}{comma}"
        written += bool(digit)
    if whole:
        for digit in reversed(rest):
            comma = "," if grouped and written % 3 == 0 else ""
            found[whole[0]] = f"{digit}{comma}{found[whole[0]]}"
            written += 1
    return found


def _decimals(section: list[tuple[str, bool]], after: list[int], decimals: str) -> dict[int, str]:
    """Place -> its digit; noughts at the end only where the format wants them."""
    found = dict(zip(after, decimals.ljust(len(after), "0"), strict=False))
    for place in reversed(after):
        if found[place] != "0" or section[place][0] == "0":
            break
        found[place] = ""
    return found
