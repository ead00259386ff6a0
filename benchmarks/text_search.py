"""`python -m benchmarks.text_search --reports 20000`: how fast words are found, what the index weighs, on this machine.

Invented reports of some 5,000 characters, made of the sentences and labels that this repository holds, straight into an
index: the database takes no part. Every second sentence has other numbers, many have foreign words put in, so that the
pairs of characters are as many as in real reports.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from pathlib import Path

from parsers.template import config_directory
from storage.base import batches
from storage.fulltext import Sort, file, search
from storage.fulltext.file import Entry, IndexFile
from storage.query import Filters

QUESTIONS = (
    Filters(text="政府信息公开"),
    Filters(text="政府信息公开", province="云南"),
    Filters(text="依申请公开"),
    Filters(text="行政复议 不予公开"),
    Filters(text="公"),
    Filters(text="第77县"),
    Filters(text="没有这样的话"),
    Filters(text="行政处罚 -行政强制", years=(2019, 2020)),
    Filters(),
    Filters(where="requests.row3.total>500"),
    Filters(where="requests.row3.total=0"),
)
ROUNDS = 11
LENGTH = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    number = parser.parse_args().reports
    with tempfile.TemporaryDirectory() as folder:
        index = IndexFile(Path(folder, "text", "bench.sqlite"))
        tell(f"{number:,} reports indexed", f"{build(index, number):.1f} s")
        size = sum(one.stat().st_size for one in index.path.parent.iterdir())
        tell("on disk", f"{size / 1e6:.0f} MB")
        for filters in QUESTIONS:
            ask(index, filters)


def build(index: IndexFile, number: int) -> float:
    """Seconds in the index alone."""
    dice = random.Random(1)
    sentences = known_sentences()
    words = re.findall(r"[\u4e00-\u9fff]{2,4}", "".join(sentences))
    spent = 0.0
    for some in batches(range(number), 100):
        rows = [(entry(n, dice), text(dice, sentences, words), figures(dice)) for n in some]
        start = time.perf_counter()
        with index.writing() as connection:
            file.write(connection, rows)
        spent += time.perf_counter() - start
    with index.writing() as connection:
        file.put(connection, {"complete": "yes"})
    return spent


def known_sentences() -> list[str]:
    """What stands in the sample portal's pages and in the templates."""
    pages = Path(__file__).parents[1].joinpath("nianbao", "sample", "pages").rglob("*.html")
    texts = [page.read_text(encoding="utf-8") for page in [*pages, *sorted(config_directory().rglob("*.yaml"))]]
    found = re.findall(r"[\u4e00-\u9fff0-9，、；：《》〔〕（）]{8,}", "\n".join(texts))
    return [f"{one}。" for one in sorted(set(found))]


def text(dice: random.Random, sentences: list[str], words: list[str]) -> str:
    parts: list[str] = []
    length = 0
    while length < LENGTH:
        sentence = re.sub(r"\d+", lambda _: str(dice.randrange(5000)), dice.choice(sentences))
        at = dice.randrange(len(sentence))
        parts.append(sentence[:at] + dice.choice(words) + dice.choice(words) + sentence[at:])
        length += len(parts[-1])
    return "\n".join(parts)


def figures(dice: random.Random) -> dict[str, int]:
    """As many as the form of 2021 has; most of them zero, as they are."""
    columns = ("natural_person", "business", "research", "welfare", "legal", "other", "total")
    paths = (f"requests.row{row}.{column}" for row in range(28) for column in columns)
    return {path: dice.randrange(1000) if dice.random() < 0.2 else 0 for path in paths}


def entry(number: int, dice: random.Random) -> Entry:
    name = f"第{number}县人民政府"
    return Entry(
        id=f"{number}/2020/own",
        writes=1,
        content_sha256="",
        year=2014 + number % 10,
        scope="own",
        organ_id=str(number),
        organ=name,
        level="county",
        province=dice.choice(("云南省", "河北省", "贵州省")),
        template="e2019_v60",
        portal=None,
        trust="verified",
        failed=0,
        flags=0,
        requests=float(dice.randrange(500)),
        published=None,
        title=f"{name}政府信息公开工作年度报告",
    )


def ask(index: IndexFile, filters: Filters) -> None:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        page = search.search(index, filters, Sort.RANK, 20, None)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    name = " ".join(filter(None, (filters.text or filters.where or "everything", filters.province)))
    tell(f"{name}: {page.total:,} found", f"median {times[ROUNDS // 2]:.0f} ms, slowest {times[-1]:.0f} ms")


def tell(what: str, figure: str) -> None:
    print(f"{what:44} {figure}")


if __name__ == "__main__":
    main()
