"""What a parser is given: bytes, and what is known about where they were found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class PortalContext:
    """What a portal's record in `config/portals/` lends to the pages found on it.

    A page says 市林业局 and means the one of the portal's own city: `organ` and the region make it whole.
    """

    id: str
    organ: str | None = None
    level: str | None = None
    region_code: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    body: tuple[str, ...] = ()
    """CSS selectors of the report's body, tried before the general ones."""
    profile_version: int = 0


@dataclass(frozen=True)
class Attachment:
    """A file linked from a page, with its bytes when it was fetched."""

    url: str
    name: str
    """The link's text, or the file's name."""
    content: bytes = b""
    media_type: str | None = None

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Source:
    """One page or file as it was found. The same Source always gives the same Report."""

    content: bytes
    url: str | None = None
    media_type: str | None = None
    """As the server declared it (`text/html; charset=gb2312`); never believed without a look at the bytes."""
    title: str | None = None
    """The title that the list page showed; often cut off."""
    organ: str | None = None
    published: date | None = None
    portal: PortalContext | None = None
    attachments: tuple[Attachment, ...] = field(default=())

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
