"""What is kept of a tensor for which there is no room: enough to tell whether another one is the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import torch

from jitcore.exec.distinct_elements import distinct_elements

SAMPLE: Final = 4_096
"""Elements that are kept."""

_PIECE: Final = 1 << 22


class ReducedTensor:
    """Kind and shape of a tensor, a digest of all elements, and a sample of them at even distances."""

    __slots__ = ("digest", "dtype", "sample", "shape")

    def __init__(self, tensor: torch.Tensor) -> None:
        self.dtype = tensor.dtype
        self.shape = tensor.shape
        self.digest = digest_of(tensor)
        self.sample = sample_of(tensor)

    @classmethod
    def of_parts(
        cls, dtype: torch.dtype, shape: torch.Size, digest: bytes, sample: torch.Tensor
    ) -> ReducedTensor:
        """What was kept of a tensor by another process."""
        kept = cls.__new__(cls)
        kept.dtype, kept.shape, kept.digest, kept.sample = dtype, shape, digest, sample
        return kept


def digest_of(tensor: torch.Tensor) -> bytes:
    """A digest of the elements of a strided tensor, in the order of reading."""
    hashed = blake2b(digest_size=16)
    distinct = distinct_elements(tensor)
    flat = (tensor if distinct is None else distinct).reshape(-1)
    for start in range(0, flat.numel(), _PIECE):
        piece = flat[start : start + _PIECE].contiguous().cpu()
        hashed.update(piece.view(torch.uint8).numpy().data)
    return hashed.digest()


def sample_of(tensor: torch.Tensor) -> torch.Tensor:
    """Elements at even distances, in memory of their own. A view may have more elements than any memory."""
    count = tensor.numel()
    if tensor.dim() == 0 or count == 0:
        return tensor.reshape(-1).clone().cpu()
    step = max(1, count // SAMPLE)
    places = torch.arange(min(SAMPLE, count), device=tensor.device) * step
    return tensor[torch.unravel_index(places, tensor.shape)].cpu()
