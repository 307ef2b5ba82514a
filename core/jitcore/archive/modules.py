"""Parameters and buffers of a loaded module, by the classes that declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive.tensors import LazyTensor
from jitcore.types import TENSOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir.objects import ScriptObject


def named_parameters(root: ScriptObject) -> Iterator[tuple[str, LazyTensor]]:
    """Every parameter below `root` with its dotted path; one that is shared, once for each path."""
    for path, module in root.named_modules():
        for name, attribute in module.type.attributes.items():
            value = module.attributes.get(name)
            if attribute.is_parameter and isinstance(value, LazyTensor):
                yield f"{path}.{name}" if path else name, value


def named_buffers(root: ScriptObject) -> Iterator[tuple[str, LazyTensor]]:
    """Every buffer below `root` with its dotted path; one that is shared, once for each path.

    Archives of before PyTorch 1.5 do not say which tensors are buffers: these have none.
    """
    for path, module in root.named_modules():
        for name, attribute in module.type.attributes.items():
            value = module.attributes.get(name)
            if attribute.is_buffer and attribute.type is TENSOR and isinstance(value, LazyTensor):
                yield f"{path}.{name}" if path else name, value
