"""What the canvas shows as a file: a picture, or a text that other programs read."""

from jitviewer.ui.canvas.exports.files import KINDS, Shown, export_bytes, kind_of, remark

__all__ = ["KINDS", "Shown", "export_bytes", "kind_of", "remark"]
