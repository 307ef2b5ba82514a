"""Texts of the values that only exist in a run: tensors, devices, objects of C++ classes."""

from __future__ import annotations

import torch

from jitcore.ops.kernels.formatting import foreign_text, value_text
from jitcore.printing.tensor_text import tensor_listing

__all__ = ["value_text"]


@foreign_text.register
def _(value: torch.Tensor) -> str:
    return sparse_text(value) if value.layout == torch.sparse_coo else tensor_listing(value)


@foreign_text.register
def _(value: torch.device) -> str:
    return str(value)


@foreign_text.register
def _(value: torch.ScriptObject) -> str:
    return f"<{value._type()} object at {id(value):#x}>"  # pyright: ignore[reportPrivateUsage]


def sparse_text(tensor: torch.Tensor) -> str:
    """A sparse tensor by its indices and values."""
    dense_type = tensor_listing(tensor.detach().to_dense()).rpartition("[ ")[2].partition("{")[0]
    indices, values = tensor.detach().coalesce().indices(), tensor.detach().coalesce().values()
    return (
        f"[ Sparse{dense_type}{{}}\nindices:\n{tensor_listing(indices)}\nvalues:\n{tensor_listing(values)}\n"
        f"size:\n{value_text(list(tensor.shape))}\n]"
    )
