"""Which calls of torch tell Python something of a tensor, and what kind of thing that is."""

from __future__ import annotations

from typing import Any, Final

import torch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing.black_box.decision import Kind

_TENSOR: Any = torch.Tensor

VALUE_READS: Final[dict[Any, str]] = {
    _TENSOR.__bool__: "bool",
    _TENSOR.__int__: "int",
    _TENSOR.__float__: "float",
    _TENSOR.__complex__: "complex",
    _TENSOR.__index__: "index",
    _TENSOR.item: "item",
    _TENSOR.tolist: "tolist",
    _TENSOR.numpy: "numpy",
    _TENSOR.__array__: "numpy",
    _TENSOR.is_nonzero: "bool",
    _TENSOR.equal: "comparison",
    _TENSOR.allclose: "comparison",
    torch.is_nonzero: "bool",
    torch.equal: "comparison",
    torch.allclose: "comparison",
}
"""Calls that give values."""

RANK_READS: Final[dict[Any, str]] = {
    _TENSOR.dim: "dim",
    _TENSOR.ndimension: "dim",
    _TENSOR.ndim.__get__: "dim",
    _TENSOR.stride: "stride",
    _TENSOR.is_contiguous: "stride",
    _TENSOR.storage_offset: "stride",
    torch.numel: "numel",
}
"""Calls that tell of the shape what is a number in a trace too."""

_COUNTING = ("split", "unbind", "unsafe_split")
COUNT_READS: Final[dict[Any, str]] = {
    getattr(home, name): "parts"
    for name in _COUNTING
    for home in (_TENSOR, TORCH._C._VariableFunctions, torch)
}
"""Calls that give as many tensors as a dimension is long, or as fit into it."""

SIZE_READS: Final[dict[Any, str]] = {
    _TENSOR.size: "size",
    _TENSOR.shape.__get__: "shape",
    _TENSOR.numel: "numel",
    _TENSOR.nelement: "numel",
    _TENSOR.__len__: "len",
}
"""Calls that give numbers of Python only outside of a trace."""

TYPE_READS: Final[dict[Any, str]] = {
    _TENSOR.device.__get__: "device",
    _TENSOR.is_cuda.__get__: "device",
    _TENSOR.is_cpu.__get__: "device",
    _TENSOR.is_mps.__get__: "device",
    _TENSOR.get_device: "device",
    _TENSOR.dtype.__get__: "dtype",
    _TENSOR.is_floating_point: "dtype",
    _TENSOR.is_complex: "dtype",
    torch.is_floating_point: "dtype",
    torch.is_complex: "dtype",
    torch.finfo: "dtype",
}
"""Calls that tell where and of which type a tensor is."""

MODE_READS: Final[dict[Any, str]] = {
    _TENSOR.requires_grad.__get__: "requires_grad",
    _TENSOR.is_leaf.__get__: "is_leaf",
    _TENSOR.grad_fn.__get__: "grad_fn",
    _TENSOR.is_inference: "is_inference",
}
"""Calls that tell whether gradients are followed."""

ALIAS_READS: Final[dict[Any, str]] = {
    _TENSOR.data.__get__: "data",
    _TENSOR.data_ptr: "data_ptr",
    _TENSOR.untyped_storage: "storage",
    _TENSOR.storage: "storage",
}
"""Calls that give another way to the memory, of which a graph knows nothing."""

KINDS: Final[dict[Any, tuple[str, Kind]]] = {
    **{call: (what, "constant") for call, what in VALUE_READS.items()},
    **{call: (what, "shape") for call, what in RANK_READS.items()},
    **{call: (what, "shape") for call, what in COUNT_READS.items()},
    **{call: (what, "device-or-dtype") for call, what in TYPE_READS.items()},
    **{call: (what, "mode") for call, what in MODE_READS.items()},
    **{call: (what, "aliasing") for call, what in ALIAS_READS.items()},
}
"""What is read, and the cause that it belongs to, of calls that are reads in a trace."""

EAGER_KINDS: Final[dict[Any, tuple[str, Kind]]] = {
    **KINDS,
    **{call: (what, "shape") for call, what in SIZE_READS.items()},
}
"""The same without a trace."""

MAKERS: Final = frozenset(("tensor", "as_tensor", "asarray", "from_numpy", "new_tensor"))
"""What makes tensors of values of Python."""

TRANSPARENT: Final = (torch.Tensor.__len__.__code__.co_filename, TORCH.functional.__file__)
"""Files of torch in whose frames a person's file itself reads: methods of tensors that are written in
Python."""
