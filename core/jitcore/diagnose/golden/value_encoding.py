"""Values of a run as JSON, whose tensors are pieces of a record of bytes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.diagnose.golden.element_kinds import ELEMENTS
from jitcore.diagnose.paired_runs.comparing_values import MOST_PARTS
from jitcore.diagnose.paired_runs.reduced_tensor import ReducedTensor

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE: Final = 1 << 22
"""Elements that are written at a time."""


class UnsavedValueError(Exception):
    """A value that a golden file does not hold; `str()` says what it is, "" for an object of the program."""


class ValueEncoder:
    """Encodes values; `write` takes bytes of tensors and gives the offset at which they lie.

    Tensors are written whole until `room` bytes are used up, then as a digest and a sample of their elements.
    Attributes: `reduced`, how many tensors that were.
    """

    def __init__(self, write: Callable[[bytes | memoryview], int], room: int) -> None:
        self.reduced = 0
        self._write = write
        self._room = room

    def encode(self, value: Any) -> object:
        """What stands for a value in JSON. Raises `UnsavedValueError`."""
        parts = [MOST_PARTS]
        _refuse_unsaved(value, parts, set())
        return self._encode(value, [MOST_PARTS])

    def _encode(self, value: Any, parts: list[int]) -> object:
        parts[0] -= 1
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return {"int": str(value)}
        if isinstance(value, float):
            return {"float": value.hex()}
        if isinstance(value, complex):
            return {"complex": [value.real.hex(), value.imag.hex()]}
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        if isinstance(value, (list, tuple)):
            items = cast("list[Any]", value)
            # Of what is longer no more is compared than its length.
            told = [self._encode(item, parts) if parts[0] > 0 else None for item in items]
            return {"list" if isinstance(value, list) else "tuple": told}
        if isinstance(value, dict):
            entries = cast("dict[Any, Any]", value).items()
            return {
                "dict": [
                    [self._encode(key, [1]), self._encode(item, parts) if parts[0] > 0 else None]
                    for key, item in entries
                ]
            }
        return self._encode_tensor(cast("torch.Tensor", value))

    def _encode_tensor(self, tensor: torch.Tensor) -> object:
        tensor = tensor.detach().resolve_conj().resolve_neg()
        kind, shape = str(tensor.dtype).removeprefix("torch."), [*tensor.shape]
        size = tensor.numel() * tensor.element_size()
        if size <= self._room:
            self._room -= size
            return {"tensor": [kind, shape, self._write_elements(tensor)]}
        self.reduced += 1
        kept = ReducedTensor(tensor)
        return {"reduced": [kind, shape, kept.digest.hex(), self._write_elements(kept.sample)]}

    def _write_elements(self, tensor: torch.Tensor) -> int:
        flat = tensor.reshape(-1)
        at = self._write(b"")
        for start in range(0, flat.numel(), _PIECE):
            piece = flat[start : start + _PIECE].contiguous().cpu().view(torch.uint8).numpy()
            if sys.byteorder == "big":
                width = flat.element_size() // 2 if flat.is_complex() else flat.element_size()
                piece = piece.reshape(-1, width)[:, ::-1].copy()
            self._write(piece.data.cast("B"))
        return at


def _refuse_unsaved(value: Any, parts: list[int], around: set[int]) -> None:
    parts[0] -= 1
    if parts[0] < 0 or value is None or isinstance(value, (bool, int, float, complex, str, torch.device)):
        return
    if isinstance(value, torch.Tensor):
        what = _what_a_tensor_is(value)
        if what:
            raise UnsavedValueError(what)
        return
    if not isinstance(value, (list, tuple, dict)):
        raise UnsavedValueError("")
    if id(cast("object", value)) in around:
        raise UnsavedValueError("containers that contain themselves")
    inner = {*around, id(cast("object", value))}
    if isinstance(value, dict):
        for key, item in cast("dict[Any, Any]", value).items():
            _refuse_unsaved(key, [1], inner)
            _refuse_unsaved(item, parts, inner)
        return
    for item in cast("list[Any]", value)[: max(parts[0], 0)]:
        _refuse_unsaved(item, parts, inner)


def _what_a_tensor_is(tensor: torch.Tensor) -> str:
    """What a tensor is whose elements are not saved, "" for one that is."""
    if tensor.is_nested:
        return "nested tensors"
    if tensor.is_quantized:
        return "quantized tensors"
    if tensor.layout != torch.strided:
        return "sparse and mkldnn tensors"
    if tensor.is_meta:
        return "tensors without elements"
    if str(tensor.dtype).removeprefix("torch.") not in ELEMENTS:
        return f"tensors of {str(tensor.dtype).removeprefix('torch.')}"
    return ""
