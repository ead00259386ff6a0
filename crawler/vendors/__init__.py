"""The systems that portals are built with, one file each: recognise, list, page on, read a detail page."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.pages.markup import Markup
from crawler.vendors.empirecms import EmpireCms
from crawler.vendors.epoint import Epoint
from crawler.vendors.generic import Generic
from crawler.vendors.gkmlpt import Gkmlpt
from crawler.vendors.gongkai_hex import GongkaiHex
from crawler.vendors.hanweb import Hanweb
from crawler.vendors.hanweb_jpaas import HanwebJpaas
from crawler.vendors.hebei_uuid import HebeiUuid
from crawler.vendors.lonsun import Lonsun
from crawler.vendors.mohurd import Mohurd
from crawler.vendors.nfcms import Nfcms
from crawler.vendors.nfra import Nfra
from crawler.vendors.openness import Openness
from crawler.vendors.siteserver import SiteServer
from crawler.vendors.trs import Trs
from crawler.vendors.ucap import Ucap
from crawler.vendors.vendor import WORDS, Ask, Lead, Rows, Vendor
from crawler.vendors.vsb import Vsb

__all__ = [
    "VENDORS",
    "Ask",
    "Lead",
    "Rows",
    "Sign",
    "Vendor",
    "entry",
    "leads",
    "named",
    "recognise",
    "searches",
    "shell",
]

GENERIC = Generic()
VENDORS: tuple[Vendor, ...] = (
    # What holds scripts and endpoints of its own comes before what is known by the shape of its addresses.
    Nfra(),
    Mohurd(),
    HanwebJpaas(),
    Gkmlpt(),
    Epoint(),
    Hanweb(),
    Lonsun(),
    Openness(),
    SiteServer(),
    Vsb(),
    Ucap(),
    GongkaiHex(),
    HebeiUuid(),
    EmpireCms(),
    Trs(),
    Nfcms(),
    GENERIC,
)
_BY_NAME = {vendor.name: vendor for vendor in VENDORS}


@dataclass(frozen=True)
class Sign:
    """A vendor and what it was known by."""

    vendor: Vendor
    why: str


def recognise(markup: Markup) -> Sign:
    """The vendor of this one page: a portal may hold two generations, so that each column is looked at by itself."""
    for vendor in VENDORS:
        why = vendor.recognise(markup)
        if why:
            return Sign(vendor, why)
    return Sign(GENERIC, "nothing of the page is known")


def entry(url: str) -> tuple[Vendor, Ask] | None:
    """The vendor of an interface that was named in the stead of a page, and what to ask there; None for a page."""
    return next(((vendor, ask) for vendor in VENDORS if (ask := vendor.entry(url)) is not None), None)


def leads(markup: Markup) -> tuple[Lead, ...]:
    """年报 columns that any vendor's rules give for this page: a portal links to another system's pages as well."""
    return tuple(lead for vendor in VENDORS for lead in vendor.leads(markup))


def shell(markup: Markup) -> Ask | None:
    """What to ask for the text of a detail page, where any vendor's rules say that it is a shell without it."""
    return next((ask for vendor in VENDORS if (ask := vendor.shell(markup)) is not None), None)


def searches(markup: Markup, words: str = WORDS) -> tuple[tuple[Vendor, Ask], ...]:
    """The searches of this page that a script asks, each with the vendor who reads the answer."""
    return tuple((vendor, ask) for vendor in VENDORS if (ask := vendor.search(markup, words)) is not None)


def named(name: str) -> Vendor:
    """The vendor of this name. Raises KeyError for one that does not exist."""
    return _BY_NAME[name]
