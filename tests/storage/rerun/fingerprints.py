"""The plain way to say what is out of date: every report's fingerprint worked out anew. Slow, and beyond doubt."""

from __future__ import annotations

from parsers.fingerprint import fingerprint
from parsers.made_of import UNIT, unit
from parsers.template import load_templates
from storage.base import Db
from storage.rerun.profiles import Profiles


def out_of_date(db: Db, profiles: Profiles) -> set[str]:
    """Ids of reports whose stored fingerprint is not what it would be today for exactly what they went through."""
    templates = {template.id: template for template in load_templates()}
    found = set()
    for report in db["reports"].find({}):
        source, derived = report["source"], report["derived"]
        used = [a["raw_sha256"] for a in source["attachments"] if a["role"] == "report" and a["raw_sha256"]]
        raw = [source["raw_sha256"], *(used if "attachment_only" in report["flags"] else [])]
        names = [part.partition("@")[0] for part in derived["template_version"].split("+")]
        portal = profiles.context(source["portal"], source["fetched_at"])
        assert portal is not None
        asked = [part for part in derived["made_of"] if part.startswith(UNIT)]
        units = [unit(part.removeprefix(UNIT).partition("#")[0]) for part in asked]
        today = fingerprint(raw, [templates[name] for name in names], portal.profile_version, units)
        if today != derived["fingerprint"]:
            found.add(report["_id"])
    return found
