"""Any Chinese phrase is found where it stands, and nowhere else."""

from __future__ import annotations

import random
import re
import sqlite3

import pytest

from parsers.chinese import simplify
from storage.fulltext.segment import BadWords, expression, folded, phrases, tokens
from storage.fulltext.snippets import snippets

TEXT = "一、总体情况\n2020年，我局收到依申请 公开信息３件；依申请公开、村务公开。ABC公司、abc2公司"


def holds(text: str, asked: str) -> bool:
    """What FTS5 says."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (body, content='', tokenize='ascii')")
        connection.execute("INSERT INTO words (rowid, body) VALUES (1, ?)", [" ".join(tokens(text))])
        found = connection.execute("SELECT 1 FROM words WHERE words MATCH ?", [expression(phrases(asked))]).fetchone()
    connection.close()
    return found is not None


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ("依申请公开", True),
        ("依申请公开信息", True),  # over the blank that a page's layout left
        ("信息3件", True),  # full width
        ("公", True),
        ("况", True),  # the last character before a break
        ("2020年", True),
        ("收到2020", False),
        ("情况2020年", True),  # marks and breaks do not count
        ("公开、村务", True),
        ("公开村务", False),  # but they part
        ("村务公開", True),  # traditional
        ("公开 村务", True),
        ("公开 财务", False),
        ("公开 -财务", True),
        ("公开 -村务", False),
        ("“依申请 公开”", True),
        ("abc公司", True),
        ("ab", False),  # words are whole
        ("02", False),
        ("公开 OR 财务", False),
        ('NEAR("公开" "村务")', False),
    ],
)
def test_what_is_found(asked: str, is_there: bool) -> None:
    assert holds(TEXT, asked) is is_there


def test_against_a_plain_search() -> None:
    """Phrases cut out of a text, and the same with one character changed."""
    dice = random.Random(1)
    alphabet = "政府信息公开年报申请2a，"
    for _ in range(300):
        text = "".join(dice.choice(alphabet) for _ in range(60))
        start = dice.randrange(55)
        asked = text[start : start + dice.randint(1, 6)]
        if dice.random() < 0.5:
            asked = asked[:-1] + dice.choice(alphabet)
        runs = re.findall(r"[a-z0-9]+|[^a-z0-9，]+", asked)
        if not runs:
            continue
        # Words are whole: a run of letters and digits may not go on outside the phrase; marks part, and are any marks.
        pattern = re.sub("，+", "，+", asked.strip("，"))
        pattern = r"(?<![a-z0-9])" * runs[0].isascii() + pattern + r"(?![a-z0-9])" * runs[-1].isascii()
        assert holds(text, asked) is (re.search(pattern, text) is not None), (text, asked)


@pytest.mark.parametrize("asked", ["", "。、", '""', "-公开", "*", "-"])
def test_a_search_without_a_word_is_refused(asked: str) -> None:
    with pytest.raises(BadWords, match="no word"):
        phrases(asked)


@pytest.mark.parametrize(
    "asked", ["依申请公开", "信息3件", "公", "2020年", "公开、村务", "abc", "情况2020", "村务 信息"]
)
def test_every_hit_is_marked_in_the_snippet(asked: str) -> None:
    found = snippets(TEXT, phrases(asked))

    assert found
    for snippet in found:
        marked = [piece for piece, is_hit in snippet.pieces() if is_hit]
        assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text
        for piece in marked:
            flat = re.sub(r"\W", "", folded(piece))
            assert any(flat == re.sub(r"\W", "", folded(phrase.words)) for phrase in phrases(asked))


def test_a_snippet_is_short_and_on_one_line() -> None:
    text = "。".join("甲乙丙丁" * 50 for _ in range(20)) + "村务" + "戊己庚辛" * 100 + "\n村务"

    first, second = snippets(text, phrases("村务"))

    assert len(first.text) < 100
    assert first.text.startswith("…") and first.text.endswith("…")
    assert second.text == "…村务"
    assert simplify("村務") == "村务"
