"""A file mapped copy-on-write, so that tensors look into it and nothing that writes reaches the disk."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import numpy
import torch

from jitcore.archive import open_to_read

if TYPE_CHECKING:
    import os

ALIGNMENT = 64
"""Bytes to which torch's own allocator aligns; kernels may sum in another order on other addresses."""


_PAGES_AROUND = 1 << 16
"""Bytes that Linux maps around one that is read (`fault_around_bytes`)."""


class PrivateMap:
    """A copy-on-write map of `file`, and the tensors of bytes in it.

    Pages are shared with the page cache until written to. The map lives as long as its tensors.
    """

    def __init__(self, file: str | os.PathLike[str]) -> None:
        with open_to_read(file) as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)

    def window(self, view: memoryview) -> torch.Tensor | None:
        """The bytes of `view` as uint8; None unless that is an aligned window of another map of the file."""
        whole = view.obj
        if not isinstance(whole, mmap.mmap) or len(whole) != len(self._map) or not view.nbytes:
            return None
        offset = _address(view) - _address(memoryview(whole))
        end = offset + view.nbytes
        # Another map of equal length may be of another file, or of this one before it was replaced.
        probe = slice(offset, min(end, offset + mmap.PAGESIZE))
        if offset % ALIGNMENT or end > len(self._map) or self._map[probe] != whole[probe]:
            return None
        _let_go(whole, probe)
        return torch.frombuffer(self._map, dtype=torch.uint8, count=view.nbytes, offset=offset)


def _let_go(whole: mmap.mmap, touched: slice) -> None:
    """Give back the pages of a map that reading these bytes brought in: the tensor reads its own map."""
    first = touched.start - touched.start % _PAGES_AROUND
    length = min(touched.stop + _PAGES_AROUND, len(whole)) - first
    if hasattr(mmap, "MADV_DONTNEED"):
        whole.madvise(mmap.MADV_DONTNEED, first, length)


def _address(view: memoryview) -> int:
    return int(numpy.frombuffer(view, numpy.uint8).__array_interface__["data"][0])
