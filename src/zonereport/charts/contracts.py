"""Technology contract turnover: the zone's part of its city, the rest derived from the printed share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zonereport.charts.chart import Chart, Omitted
from zonereport.charts.sheet import Sheet
from zonereport.charts.words import dates, quantity, sources_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zonereport.charts.drawing import Drawing
    from zonereport.charts.style import Style
    from zonereport.language import Language
    from zonereport.measures import Facts

HEIGHT = 25.0


@dataclass(frozen=True, slots=True)
class Split:
    """Draws one bar of two parts: what is published solid, what is derived hatched."""

    share: float
    """The zone's part, from 0 to 1."""
    zone: tuple[str, str]
    rest: tuple[str, str]

    def __call__(self, style: Style) -> Drawing:
        """Return the chart as it is drawn in a style."""
        sheet = Sheet(style, HEIGHT)
        colours = style.theme.colours
        top, thickness = 9.0, 9.0
        cut = sheet.width * self.share
        sheet.rectangle(0, top, cut, thickness, colours.accent)
        sheet.hatched(cut, top, sheet.width - cut, thickness, colours.second)
        for x, align, colour, (value, note) in (
            (0, "left", colours.accent, self.zone),
            (sheet.width, "right", colours.second, self.rest),
        ):
            sheet.text(x, top - 2, value, align=align, bold=True, colour=colour)
            sheet.text(x, top + thickness + 4, note, align=align, colour=colours.muted)
        return sheet.drawing()


def plan(facts: Facts, language: Language, headline: Sequence[str]) -> Chart | Omitted:
    """Return the divided bar; omitted unless turnover, share and the rest they imply are known."""
    turnover = facts.known("technology-contract-turnover")
    share = facts.known("technology-contract-turnover-share-of-city")
    rest = facts.known("contract-turnover-rest-of-city")
    if not (turnover and share and rest):
        return Omitted("the contract turnover or its share of the city is not published")
    if quantity(share).qualifier not in ("exact", "about"):
        return Omitted("the share of the city is known by a bound only")
    host = language.pick(facts.zone.host) if facts.zone.host else language.text("charts.contracts.host")
    flags = [*language.flags(turnover), *language.flags(share)]
    zone_value = language.remarked(language.value(turnover), language.remarks(turnover))
    share_value = language.value(share)
    rest_value = language.remarked(language.value(rest), language.flags(rest))
    return Chart(
        id="contracts",
        title=language.remarked(language.text("charts.contracts.title", share=share_value, host=host), flags),
        subtitle=language.text(
            "charts.contracts.subtitle",
            unit=language.currency(turnover.unit),
            when=dates([turnover], language),
            host=host,
        ),
        source=sources_line([turnover, share], language),
        alt=language.text(
            "charts.contracts.alt",
            zone=zone_value,
            share=language.remarked(share_value, language.flags(share)),
            host=host,
            rest=rest_value,
        ),
        header=(language.text("charts.contracts.part"), language.text("tables.value")),
        rows=(
            (language.pick(facts.zone.short_name), zone_value),
            (language.name(rest), rest_value),
        ),
        figures=(turnover.id, share.id, rest.id),
        height=HEIGHT,
        draw=Split(
            float(quantity(share).number) / 100,
            (
                language.text("charts.contracts.zone", value=language.value(turnover)),
                language.remarked(share_value, flags),
            ),
            (
                language.text("charts.contracts.rest", value=language.value(rest), host=host),
                language.remarked(language.text("charts.contracts.derived"), language.flags(rest)),
            ),
        ),
    )
