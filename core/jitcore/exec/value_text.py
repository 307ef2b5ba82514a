"""Values as a running TorchScript program writes them with `print`, `str` and `format`."""

from __future__ import annotations

from typing import Any, cast

import torch

from jitcore.ir import EnumValue, ScriptObject
from jitcore.printing.tensor_text import tensor_listing


def value_text(value: Any) -> str:
    """The text of any value; strings are not quoted, tensors take as many lines as they need."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, complex):
        return f"{_part(value.real)}{'' if value.imag < 0 else '+'}{_part(value.imag)}j"
    if isinstance(value, torch.Tensor):
        return sparse_text(value) if value.layout == torch.sparse_coo else tensor_listing(value)
    if isinstance(value, list):
        return f"[{', '.join(value_text(item) for item in cast(list[object], value))}]"
    if isinstance(value, tuple):
        items = cast(tuple[object, ...], value)
        return f"({', '.join(value_text(item) for item in items)}{',' if len(items) == 1 else ''})"
    if isinstance(value, dict):
        pairs = cast(dict[object, object], value).items()
        return f"{{{', '.join(f'{value_text(key)}: {value_text(item)}' for key, item in pairs)}}}"
    if isinstance(value, EnumValue):
        return f"Enum<{value.type.name}.{value.name}>"
    if isinstance(value, ScriptObject):
        return f"<{value.type.qualified_name} object at {id(value):#x}>"
    return str(value)


def float_text(value: float) -> str:
    """A float with as many digits as read back exactly; a whole number ends in a dot."""
    if value == value and abs(value) < 2.0**63 and value == int(value):
        return f"{int(value)}."
    return _part(value)


def sparse_text(tensor: torch.Tensor) -> str:
    """A sparse tensor by its indices and values."""
    name = tensor_listing(tensor.detach().to_dense()).rpartition("[ ")[2].partition("{")[0]
    name = name.replace("CPU", "SparseCPU").replace("CUDA", "SparseCUDA")
    indices, values = tensor._indices(), tensor._values()
    return (
        f"[ {name}{{}}\nindices:\n{tensor_listing(indices)}\nvalues:\n{tensor_listing(values)}\n"
        f"size:\n{value_text(list(tensor.shape))}\n]"
    )


def _part(value: float) -> str:
    return f"{value:.17g}"
