"""A system that nobody has described: everything that can be read without knowing it (portals.md 2.12)."""

from crawler.vendors.vendor import Vendor


class Generic(Vendor):
    """The list stands in the page, its next page is a link or a known script call."""

    name = "generic"
