"""Browser contexts, each used for so many pages and then closed: what pages leave behind in a browser goes with it.

scrapy-playwright makes a context the first time that a request names it, and drops it when it is closed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

PAGES = 200
"""Of one context (portals.md section 5)."""
LIKE = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "ignore_https_errors": True,
    # A service worker would fetch past the rule about what the page may ask for.
    "service_workers": "block",
}
"""How every one of them is made."""


class Contexts:
    """Says which context the next page is shown in."""

    def __init__(self, pages: int | None = None) -> None:
        self._pages = PAGES if pages is None else pages
        self._taken = 0
        self._under_way: Counter[str] = Counter()

    @property
    def current(self) -> str:
        return f"pages-{self._taken // self._pages}"

    def take(self) -> dict[str, object]:
        """The meta of a request that is about to go out."""
        name = self.current
        self._taken += 1
        self._under_way[name] += 1
        return {"playwright_context": name, "playwright_context_kwargs": LIKE}

    async def give_back(self, name: str, handler: Any) -> None:
        """Its page is shown, or failed. The last page of a context that is used up takes it along."""
        self._under_way[name] -= 1
        if self._under_way[name] <= 0:
            del self._under_way[name]
            held = handler.context_wrappers.get(name)
            if name != self.current and held is not None:
                await held.context.close()
