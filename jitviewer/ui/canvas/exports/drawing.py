"""The canvas as SVG, PNG or PDF, painted by the painters of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from jitviewer.plain_text import plain_line
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.brushes import Brushes
from jitviewer.ui.canvas.edge_labels import EdgeLabelLayer
from jitviewer.ui.canvas.exports.png_size import png_scale
from jitviewer.ui.canvas.highlight_layer import HighlightLayer
from jitviewer.ui.canvas.layers import BoxLayer, ContainerLayer, EdgeLayer, Layer, TimeLayer

if TYPE_CHECKING:
    from jitviewer.ui.canvas.exports.files import Shown

PDF_LONGEST = 14_400.0
"""Points of a side of a PDF page, by the standard."""

_SCREEN_DPI = 96


def drawn_bytes(shown: Shown, kind: str) -> bytes:
    """The contents of an SVG, PNG or PDF file."""
    return {"svg": _svg, "png": _png, "pdf": _pdf}[kind](shown)


def _svg(shown: Shown) -> bytes:
    area = shown.area
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_SCREEN_DPI)
    generator.setSize(QSize(round(area.width()), round(area.height())))
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setTitle(plain_line(shown.title))
    _paint(QPainter(generator), shown, area, 1.0)
    buffer.close()
    return bytes(data.data())


def _png(shown: Shown) -> bytes:
    area = shown.area
    scale = png_scale(area)
    image = QImage(
        max(1, round(area.width() * scale)), max(1, round(area.height() * scale)), QImage.Format.Format_RGB32
    )
    # The area ends within a pixel, of which painting would fill a part only.
    image.fill(shown.theme.color("canvas"))
    _paint(QPainter(image), shown, area, scale)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know only `str` and `bytes` here
    buffer.close()
    return bytes(data.data())


def _pdf(shown: Shown) -> bytes:
    area = shown.area
    # A pixel of the screen is three quarters of a point.
    scale = min(72 / _SCREEN_DPI, PDF_LONGEST / max(area.width(), area.height()))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(plain_line(shown.title))
    writer.setCreator("jitviewer")
    writer.setResolution(72)
    size = QSizeF(area.width() * scale, area.height() * scale)
    match = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "canvas", match))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    _paint(QPainter(writer), shown, area, scale)
    buffer.close()
    return bytes(data.data())


def _paint(painter: QPainter, shown: Shown, area: QRectF, scale: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(-area.topLeft())
    painter.fillRect(area, shown.theme.color("canvas"))
    # In a vector graphic everything can be read, however small the page is.
    for layer in _layers(shown):
        layer.paint_exposed(painter, area, max(1.0, scale))
    painter.end()


def _layers(shown: Shown) -> list[Layer]:
    boxes = BoxPainter(shown.picture, Brushes(shown.theme))
    lit = HighlightLayer(boxes, 0.0)
    lit.set_highlighted(*shown.highlighted)
    layers: list[Layer] = [ContainerLayer(boxes, 0.0), EdgeLayer(boxes, 0.0), BoxLayer(boxes, 0.0)]
    if shown.shows_types:
        layers.append(EdgeLabelLayer(boxes, 0.0, shown.observed))
    return [*layers, TimeLayer(boxes, 0.0), lit]
