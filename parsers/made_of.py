"""What a report was made from, part by part: by these words a rerun finds what is out of date without parsing it.

`fingerprint` says it in one word and cannot be taken apart. Each of these stands for itself: a report is out of date
as soon as one of its parts is not what it would be today, and an index over them finds all such reports.

    parser:1
    template:e2021_v30@1#4f0c…     one for each template that it went through
    profile:sample@1               the portal's page profile
    unit:南山市林业局#9c01…         what config/units says about a name that it was asked for, known or not
    ocr:3.10.0                     what its pictures were read with, `ocr:none` where that was not installed
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from parsers.identity.units import load_units
from parsers.source import PortalContext
from parsers.template import Template
from parsers.version import PARSER_VERSION

UNKNOWN = "unknown"
"""Of what was read before these words were kept."""
UNIT = "unit:"
"""Words with this beginning are many, one or two for each organ."""
FAILED = "failed"
"""Of a capture whose last parse failed."""
UNREAD = "unread"
"""Of a capture that should have been parsed and was not: the crawl was killed in between."""


def of_report(
    templates: Iterable[Template],
    portal: PortalContext | None,
    units: Iterable[str] = (),
    recognition: str | None = None,
) -> tuple[str, ...]:
    """The parts of a report that went through these templates, whose organ was looked up under names with these answers
    (words of `unit`), and whose pixels, where they matter, were read with `recognition`."""
    pixels = (f"ocr:{recognition}",) if recognition else ()
    words = (parser(), *map(template, templates), *_profile_of(portal), *units, *pixels)
    return tuple(dict.fromkeys(words))


def of_verdict(templates: Iterable[Template], portal: PortalContext | None) -> tuple[str, ...]:
    """The parts of "this is no report": any template may have said otherwise, so all of them count, as one part."""
    return (parser(), all_templates(templates), *_profile_of(portal))


def parser() -> str:
    return f"parser:{PARSER_VERSION}"


def template(one: Template) -> str:
    return f"template:{one.id}@{one.version}#{one.digest}"


def all_templates(templates: Iterable[Template]) -> str:
    return "templates:" + hashlib.sha256("\n".join(map(template, templates)).encode()).hexdigest()[:12]


def profile(portal_id: str, version: int) -> str:
    return f"profile:{portal_id}@{version}"


def unit(name: str) -> str:
    """Changes with the rows that have this name: one that is added, taken out or edited."""
    return f"{UNIT}{name}#{load_units().answer(name)}"


def unit_of_today(word: str) -> str:
    """What `unit` says today of the name in a word of earlier."""
    return unit(word.removeprefix(UNIT).rpartition("#")[0])


def _profile_of(portal: PortalContext | None) -> tuple[str, ...]:
    return () if portal is None else (profile(portal.id, portal.profile_version),)
