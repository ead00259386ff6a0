"""Which of several links to a column gives it its name and depth, and whether one of them vouches for it.

The best of them counts, not the one that was read first: what is found must not hang on which link came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.tasks import Role, Task
from crawler.urls import canonical_url


@dataclass(frozen=True, order=True)
class Led:
    """A link to a list; the smallest is the best: nearest the front page, named, in the fewest words."""

    depth: int
    is_nameless: bool
    length: int
    name: str


class Leads:
    """The best link to each address. Every link is noted, whether it is followed or its address was asked before."""

    def __init__(self) -> None:
        self._best: dict[str, Led] = {}
        self._expected: set[str] = set()
        self._unproven: set[str] = set()

    def note(self, url: str, task: Task) -> None:
        """Links that lead to a list's first page; others are passed over."""
        if task.role not in (Role.MENU, Role.COLUMN) or task.number != 1 or task.ask is not None or task.rendered:
            return
        # A column that a menu leads to is one that a crawl may begin at, however deep the menu lies.
        depth = 0 if task.role is Role.MENU else task.depth
        led = Led(depth, not task.name, len(task.name), task.name)
        key = canonical_url(url)
        self._best[key] = min(led, self._best.get(key, led))
        if task.expected:
            self._expected.add(key)

    def expects(self, url: str) -> bool:
        """Whether any link to this page says that it is a column, on whatever page it stands."""
        return canonical_url(url) in self._expected

    def unproven(self, url: str) -> None:
        """The page was read, and neither it nor any link so far shows that it is a column."""
        if not self.expects(url):
            self._unproven.add(canonical_url(url))

    def is_news(self, url: str, task: Task) -> bool:
        """Whether this link vouches for a page that was read before without proof: then it is worth reading again. Once."""
        key = canonical_url(url)
        if not task.expected or key not in self._unproven:
            return False
        self._unproven.discard(key)
        return True

    def best(self, urls: Iterable[str]) -> Led | None:
        """Of all links to these addresses, which redirects have shown to be one page."""
        return min((led for url in urls if (led := self._best.get(canonical_url(url)))), default=None)
