"""Values of a run from what a golden file holds, of which nothing is believed."""

from __future__ import annotations

import math
import sys
from typing import Any, Final, cast

import torch

from jitcore.diagnose.golden.element_kinds import ELEMENTS
from jitcore.diagnose.paired_runs.reduced_tensor import SAMPLE, ReducedTensor

_LARGEST: Final = 1 << 62


class ValueDecoder:
    """Decodes values whose tensors lie in `data`."""

    def __init__(self, data: memoryview) -> None:
        self._data = data

    def decode(self, encoded: Any) -> Any:
        """The value. Raises `ValueError`, `TypeError` or `LookupError` for what no encoder writes."""
        if encoded is None or isinstance(encoded, bool):
            return encoded
        ((kind, told),) = encoded.items()
        if kind == "int":
            return int(told)
        if kind == "float":
            return float.fromhex(told)
        if kind == "complex":
            real, imaginary = told
            return complex(float.fromhex(real), float.fromhex(imaginary))
        if kind == "text":
            if not isinstance(told, str):
                raise ValueError("a text is none")
            return told
        if kind == "device":
            return _device(told)
        if kind in ("list", "tuple"):
            items = [self.decode(item) for item in told]
            return items if kind == "list" else tuple(items)
        if kind == "dict":
            return {self.decode(key): self.decode(item) for key, item in told}
        if kind == "tensor":
            dtype, shape, at = told
            sizes = _shape(shape)
            return self._elements(dtype, math.prod(sizes), at).reshape(sizes)
        if kind == "reduced":
            dtype, shape, digest, at = told
            sizes = _shape(shape)
            count = math.prod(sizes)
            sampled = min(SAMPLE, count)
            return ReducedTensor.of_parts(
                ELEMENTS[dtype], sizes, bytes.fromhex(digest), self._elements(dtype, sampled, at)
            )
        raise ValueError("a value is of no known kind")

    def _elements(self, kind: str, count: int, at: Any) -> torch.Tensor:
        dtype = ELEMENTS[kind]
        size = count * dtype.itemsize
        if type(at) is not int or at < 0 or at + size > len(self._data):
            raise ValueError("a tensor lies outside of the file")
        if not size:
            return torch.empty(0, dtype=dtype)
        # A copy: the map of the file is not written to, and goes with it.
        flat = torch.frombuffer(bytearray(self._data[at : at + size]), dtype=torch.uint8)
        if sys.byteorder == "big":
            width = dtype.itemsize // 2 if dtype.is_complex else dtype.itemsize
            flat = flat.reshape(-1, width).flip(1).reshape(-1).contiguous()
        if dtype == torch.bool:
            return flat != 0
        return flat.view(dtype)


def _shape(told: Any) -> torch.Size:
    sizes = [size for size in cast("list[Any]", told) if type(size) is int and 0 <= size <= _LARGEST]
    if len(sizes) != len(told) or math.prod(max(size, 1) for size in sizes) > _LARGEST:
        raise ValueError("a shape is none")
    return torch.Size(sizes)


def _device(told: Any) -> torch.device:
    if not isinstance(told, str):
        raise ValueError("a device is none")
    try:
        return torch.device(told)
    except RuntimeError as error:
        raise ValueError("a device is none") from error
