"""Put a drawing onto a ReportLab canvas: vectors, and text in the document's own fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zonereport.charts.drawing import Shape, channels, shortest
from zonereport.fonts import register_in_reportlab

if TYPE_CHECKING:
    from zonereport.charts.drawing import Drawing, Label, Steps
    from zonereport.fonts import FontSet

OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
PAINT = {(True, True): "B", (True, False): "f", (False, True): "S"}
"""PDF operator by (fill, stroke)."""
DECIMALS = 3


def draw(drawing: Drawing, canvas: Any, fonts: FontSet) -> None:
    """Put the drawing with its lower left corner at the canvas's origin; the canvas is left as it was.

    Raises RenderError for a character that the fonts were not made for.
    """
    register_in_reportlab(fonts)
    for mark in drawing.marks:
        canvas.saveState()
        if isinstance(mark, Shape):
            _paint(mark, canvas, drawing.height)
        else:
            _write(mark, canvas, fonts, drawing.height)
        canvas.restoreState()


def _paint(shape: Shape, canvas: Any, height: float) -> None:
    if shape.fill:
        canvas.setFillColorRGB(*_rgb(shape.fill))
        if shape.alpha != 1:
            canvas.setFillAlpha(round(shape.alpha, 3))
    if shape.stroke:
        canvas.setStrokeColorRGB(*_rgb(shape.stroke))
        canvas.setLineWidth(shape.width)
        if shape.dashes:
            canvas.setDash(list(shape.dashes))
    canvas.addLiteral(f"{_operators(shape.steps, height)} {PAINT[bool(shape.fill), bool(shape.stroke)]}")


def _write(label: Label, canvas: Any, fonts: FontSet, height: float) -> None:
    """Write a line of text as one text object."""
    canvas.setFillColorRGB(*_rgb(label.colour))
    line = canvas.beginText(label.x, height - label.y)
    for face, text in fonts.split(label.text, bold=label.bold, italic=label.italic):
        line.setFont(face.name, label.size)
        line.textOut(text)
    canvas.drawText(line)


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(channel / 255 for channel in channels(colour))


def _operators(steps: Steps, height: float) -> str:
    """Return the operators that build the path; y grows upwards on a page."""
    words: list[str] = []
    for step, values in steps:
        for x, y in zip(values[::2], values[1::2], strict=True):
            words += [shortest(x, DECIMALS), shortest(height - y, DECIMALS)]
        words.append(OPERATORS[step])
    return " ".join(words)
