"""Reads pictures as tensors. Qt decodes them here, in the process that a hostile file may end."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import torch

from jitcore.archive import OpenedFile
from jitcore.archive.opened_file import place_of
from jitcore.exec.errors import ExecutionError
from jitcore.exec.values import dtype_named
from jitviewer.plain_files import read_plain, reason_of
from jitviewer.protocol.input_spec import TensorSpec

_CHANNELS = (1, 3, 4)
MOST_PIXELS = 1 << 28
MOST_BYTES = 1 << 30

_JPEG = (b"jpeg", b"\xff\xd8\xff", 0)
_FORMATS: dict[str, tuple[bytes, tuple[bytes, ...] | bytes, int]] = {
    ".png": (b"png", b"\x89PNG\r\n\x1a\n", 0),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".bmp": (b"bmp", b"BM", 0),
    ".gif": (b"gif", (b"GIF87a", b"GIF89a"), 0),
    ".webp": (b"webp", b"WEBP", 8),
}
"""By ending: Qt's name of the format, and the bytes that such a file has at a place. None of these formats
refers to other files; SVG and PDF do."""


def read_picture(path: str | OpenedFile, form: TensorSpec | None) -> torch.Tensor:
    """The picture as `[1, channels, height, width]`, or scaled to the last three dimensions of `form`.

    Pixels go from 0 to 1, or over the range of `form`; they are not normalized in any other way. With
    four channels the last is opacity; one channel is the brightness. Raises `ExecutionError`.
    """
    try:
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
        from PySide6.QtGui import QImage, QImageReader
    except ImportError as error:
        raise ExecutionError(f"{path} cannot be decoded: Qt is not usable here ({error})") from error
    content, kind = _content(path)
    held = QByteArray(content)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # One decoder, that of the name: Qt would try others by what is in the file, and some open further files.
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    # For formats that tell their size only while they are decoded.
    QImageReader.setAllocationLimit(4 * MOST_PIXELS >> 20)
    with _without_remarks():
        stored: QSize = reader.size()
    if stored.isValid() and stored.width() * stored.height() > MOST_PIXELS:
        raise ExecutionError(f"{path} has more than {MOST_PIXELS:,} pixels")
    with _without_remarks():
        image: QImage = reader.read()
    if image.isNull():
        raise ExecutionError(f"{path} cannot be read as a picture: {reader.errorString()}")
    channels = 4 if image.hasAlphaChannel() else 1 if image.isGrayscale() else 3
    if form is not None:
        channels = _check_form(path, form)
        height, width = form.shape[-2:]
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(width, height), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    formats = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
    image = image.convertToFormat(formats.get(channels, QImage.Format.Format_RGBA8888))
    # Lines of an image are padded to whole words.
    lines = torch.frombuffer(bytearray(image.constBits()), dtype=torch.uint8)
    lines = lines.reshape(image.height(), image.bytesPerLine())[:, : image.width() * channels]
    pixels = lines.reshape(image.height(), image.width(), channels).permute(2, 0, 1)
    if form is None:
        return (pixels.to(torch.float32) / 255).unsqueeze(0).contiguous()
    return _in_form(pixels, form)


@contextmanager
def _without_remarks() -> Generator[None]:
    """Keep what decoders print by themselves off standard error: what there is to say is said in a sentence.

    libpng prints its errors past Qt, so the descriptor itself leads nowhere meanwhile.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _content(path: str | OpenedFile) -> tuple[bytes, bytes]:
    """The bytes of a picture, and the name of the format that its name and its first bytes both say."""
    kind = Path(str(path)).suffix.lower()
    name, first, at = _FORMATS[kind]
    try:
        content = read_plain(place_of(path), MOST_BYTES)
    except OSError as error:
        raise ExecutionError(f"{path} cannot be read as a picture: {reason_of(error)}") from error
    if not content[at:].startswith(first):
        raise ExecutionError(f"{path} cannot be read as a picture: it is no {kind[1:].upper()} file")
    return content, name


def _check_form(path: str | OpenedFile, form: TensorSpec) -> int:
    """The number of channels that are wanted."""
    shape = form.shape
    channels = shape[-3] if len(shape) > 2 else 1
    if len(shape) < 2 or channels not in _CHANNELS or any(size != 1 for size in shape[:-3]) or 0 in shape:
        raise ExecutionError(
            f"{path} cannot become a tensor of shape {list(shape)}: write [height,width], "
            "[channels,height,width] or [1,channels,height,width] with 1, 3 or 4 channels"
        )
    return channels


def _in_form(pixels: torch.Tensor, form: TensorSpec) -> torch.Tensor:
    dtype = dtype_named(form.dtype)
    if form.low is None or form.high is None:
        scaled = pixels.to(torch.float32) / 255 if dtype.is_floating_point else pixels
    else:
        scaled = pixels.to(torch.float64) / 255 * (form.high - form.low) + form.low
    return scaled.to(dtype).reshape(form.shape).contiguous()
