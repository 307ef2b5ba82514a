"""Chooses how what is shown becomes a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from PySide6.QtCore import QRectF

from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.canvas.exports.dot import dot_text
from jitviewer.ui.canvas.exports.json_text import json_text
from jitviewer.ui.canvas.exports.png_size import too_small
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.theme import Theme

RIM = 24.0
"""Pixels around the graph."""

KINDS = {
    "svg": "Vector graphic",
    "png": "Picture",
    "pdf": "PDF page",
    "dot": "Graphviz",
    "json": "JSON",
}
"""What there is, by the suffix of the file."""


@dataclass(frozen=True)
class Shown:
    """What stands on a canvas: the picture, measured times, observed types, what is highlighted, and whether
    types stand beside the edges. `title` goes into the file where the format has a place for it."""

    picture: Picture
    theme: Theme
    title: str = ""
    times: Mapping[int, NodeTime] = field(default_factory=dict[int, NodeTime])
    observed: Mapping[str, str] = field(default_factory=dict[str, str])
    highlighted: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    shows_types: bool = True

    @property
    def area(self) -> QRectF:
        """What a picture of it shows, in pixels of the canvas at zoom 1: the graph and a rim."""
        return self.picture.bounds.adjusted(-RIM, -RIM, RIM, RIM)


def remark(shown: Shown, kind: str) -> str:
    """What has to be said of a file of this kind, "" for nothing."""
    return too_small(shown.area) if kind == "png" else ""


def kind_of(path: str) -> str:
    """The kind that the suffix of a file asks for, "" for none of ours."""
    suffix = PurePath(path).suffix.lower().removeprefix(".")
    return suffix if suffix in KINDS else ""


def export_bytes(shown: Shown, kind: str) -> bytes:
    """The contents of the file. Pictures need an application object of Qt."""
    if kind == "dot":
        return dot_text(shown.picture, shown.observed, shown.title).encode()
    if kind == "json":
        return json_text(shown.picture, shown.observed, shown.times, shown.title).encode()
    # Only a picture needs the painters.
    from jitviewer.ui.canvas.exports.drawing import drawn_bytes

    return drawn_bytes(shown, kind)
