"""Full text search over Chinese: an index of its own beside the database, on SQLite's FTS5.

MongoDB's text index does not segment Chinese, the embedded server has none, and a long multikey index hangs it
(embedded.md 1.5). So the words are kept in a file under NIANBAO_HOME: text cut into overlapping pairs of characters,
so that every Chinese phrase is found exactly, ranked by bm25. The file also holds what lists are narrowed and sorted
by. It follows the database, is never the only copy of anything, and is made anew from the archive at will.

    index = TextIndex(db, settings.home)
    index.catch_up()
    page = index.search(Filters(text="依申请公开", province="河北"), limit=20)
"""

from __future__ import annotations

from storage.fulltext.file import IndexDamaged
from storage.fulltext.index import Status, TextIndex, answered
from storage.fulltext.search import Facet, Hit, Page, Sort
from storage.fulltext.segment import BadWords
from storage.fulltext.snippets import Snippet

__all__ = ["BadWords", "Facet", "Hit", "IndexDamaged", "Page", "Snippet", "Sort", "Status", "TextIndex", "answered"]
