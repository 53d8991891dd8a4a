"""Earlier years side by side on a sheet that is only looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from zonereport.zone.model import Missing
from zonereport.zone.workbook.layout import LANGUAGES, QUALIFIERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from zonereport.zone.model import Figure, Indicator, Zone


def draw_earlier(sheet: Worksheet, zones: Sequence[Zone], formats: Mapping[str, Format], place: int) -> None:
    """Write a row an indicator that any of the zones has a figure of, and two columns a zone."""
    zones = sorted(zones, key=lambda zone: zone.edition.snapshot.end)
    found: dict[str, Indicator] = {}
    for zone in zones:
        found |= {id: figure.indicator for id, figure in zone.figures.items()}
    headings = [("Indicator", "指标编号", 30), ("Name", "名称", 32), ("Unit", "单位", 12)]
    for zone in zones:
        year = str(zone.edition.snapshot)
        headings += [(year, year, 18), (f"{year}: what of it", f"{year}：说明", 26)]
    for column, (*said, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, said[place], formats["still"])
    for row, (id, indicator) in enumerate(found.items(), 1):
        label = indicator.label.get(LANGUAGES[place]) or next(iter(indicator.label.values()))
        for column, text in enumerate((id, label, indicator.unit)):
            sheet.write_string(row, column, text, formats["info"])
        for index, zone in enumerate(zones):
            if figure := zone.figures.get(id):
                _draw_figure(sheet, row, 3 + 2 * index, figure, formats, place)
    sheet.freeze_panes(1, 2)


def _draw_figure(
    sheet: Worksheet, row: int, column: int, figure: Figure, formats: Mapping[str, Format], place: int
) -> None:
    value = figure.value
    if isinstance(value, Missing):
        sheet.write_string(row, column, QUALIFIERS[value.value][place], formats["info"])
    elif value.is_exact:
        sheet.write_number(row, column, float(value.number), formats["info"])
    else:
        words = QUALIFIERS[value.qualifier][place]
        numbers = [value.number] if value.qualifier != "range" else [value.low.value, value.high.value]
        text = " – ".join(f"{number:,f}" for number in numbers if number != Decimal("Infinity"))
        sheet.write_string(row, column, f"{words} {text}", formats["info"])
    money = figure.unit if figure.unit != figure.indicator.unit else ""
    when = str(figure.when) if figure.when else ""
    label = next(iter(figure.label.values())) if figure.label else ""
    said = "; ".join(part for part in (money, when, *sorted(figure.status), label) if part)
    sheet.write_string(row, column + 1, said, formats["small"])
