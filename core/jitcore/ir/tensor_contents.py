"""What tensors of archives hold, as numbers by which many of one shape are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zlib import crc32

from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Hashable

    import numpy

_MOST_READ: Final = 1 << 31
_MOST_COPIED: Final = 1 << 26
_PIECE: Final = 1 << 20


class TensorContents:
    """Checksums of tensors, as many as may be read: views of a small file can hold any number of bytes."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = _MOST_READ

    def of(self, value: object) -> Hashable:
        """Something that equal constants share. Past the bound it is a new object: they stay as many."""
        if isinstance(value, list | tuple):
            return tuple([self.of(item) for item in value])
        if isinstance(value, dict):
            return tuple([self.of(item) for item in value.values()])
        to_numpy = getattr(value, "to_numpy", None)
        if to_numpy is None:
            return None
        if self._left <= 0:
            return object()
        try:
            array = to_numpy()
        except JitError:
            return None
        self._left -= array.nbytes
        is_plain = array.flags.c_contiguous
        if self._left < 0 or (array.nbytes > _MOST_COPIED and not is_plain):
            return object()
        return _checksum(array.reshape(-1))


def _checksum(flat: numpy.ndarray) -> int:
    found = 0
    for start in range(0, len(flat), _PIECE):
        # Added to zero, minus zero becomes zero, which it equals.
        found = crc32((flat[start : start + _PIECE] + 0).data, found)
    return found
