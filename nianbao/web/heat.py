"""The cells of the coverage tables as HTML: thousands on a page, so made here and not by the template engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from nianbao.ui.labels import SIGNS
from nianbao.web import words
from nianbao.web.country import STEPS, percent
from nianbao.web.expected import UNKNOWN, Count
from nianbao.web.words import shown

Cell = tuple[int, str | None, str | None]
"""Year, state (None where nothing is expected), id of the report that is here."""
_LONGEST = 40


def organ_cells(organ_id: str, name: str, cells: Iterable[Cell], language: str, here: int | None = None) -> Markup:
    """One organ's years: a sign each, its words beside it for who listens, a link to the report or to the evidence."""
    told = {state: escape(words.of("coverage", state).said(language)) for state in SIGNS}
    nothing = escape("无需公布" if language == "zh" else "not expected")
    who = escape(shown(name if len(name) <= _LONGEST else name[:_LONGEST] + "…"))
    found = []
    for year, state, report in cells:
        if state is None:
            found.append(f'<td class="cov-none"><span class="unseen">{nothing}</span></td>')
            continue
        link = quote(f"/reports/{report}" if report else f"/coverage/{organ_id}/{year}")
        mark = " shown" if year == here else ""
        found.append(
            f'<td class="cov-{state}{mark}"><a href="{escape(link)}" title="{year} {told[state]}" '
            f'aria-label="{who} {year}: {told[state]}">{SIGNS[state]}</a></td>'
        )
    return Markup("".join(found))


def province_cells(
    province: str, counts: Mapping[int, Count], parameters: Mapping[str, object], language: str
) -> Markup:
    """One province's years: the share that is here, of what is expected; each leads to the organs behind it."""
    unlooked = escape(words.of("coverage", UNKNOWN).said(language))
    not_due = escape(words.of("coverage", "not_due").said(language))
    nothing = escape("无" if language == "zh" else "none")
    where = escape(shown(words.of("province", province).said(language)))
    kept = {name: value for name, value in parameters.items() if value not in (None, "")}
    found = []
    for year, count in counts.items():
        if not count.states:
            found.append(f'<td class="cov-none"><span class="unseen">{nothing}</span></td>')
            continue
        if not count.expected:
            found.append(f'<td class="cov-not_due"><span class="unseen">{not_due}</span>{SIGNS["not_due"]}</td>')
            continue
        link = f"/coverage?{urlencode({**kept, 'province': province, 'from': year, 'to': year})}"
        is_unlooked = count.states[UNKNOWN] == count.expected
        text = SIGNS[UNKNOWN] if is_unlooked else percent(count.share) if count.here else "0"
        label = f"{where} {year}: {count.here} / {count.expected}" + (f", {unlooked}" if is_unlooked else "")
        shade = ceil((count.share or 0.0) * STEPS)
        found.append(
            f'<td class="q{shade}"><a href="{escape(link)}" title="{label}" aria-label="{label}">{escape(text)}</a></td>'
        )
    return Markup("".join(found))
