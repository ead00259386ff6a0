"""The registry: `config/portals/*.yaml` -> frozen values.

A portal is added, moved or corrected there and never in code. A file holds one portal, or one province with a portal
an entry. A wrong file raises TemplateError with its name and line.
"""

from crawler.registry.files import known_ids, load_portal, load_portals, read_portal
from crawler.registry.hosts import portal_for
from crawler.registry.portal import (
    BASES,
    COLUMN_KINDS,
    LEVELS,
    PORTAL_ID,
    Case,
    Column,
    Portal,
    Profile,
    portal_of,
)

__all__ = [
    "BASES",
    "COLUMN_KINDS",
    "LEVELS",
    "PORTAL_ID",
    "Case",
    "Column",
    "Portal",
    "Profile",
    "known_ids",
    "load_portal",
    "load_portals",
    "portal_for",
    "portal_of",
    "read_portal",
]
