"""`torch.cuda`, some of whose functions are operators of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.frontend.sugared.builtin import BuiltinFunction
from jitcore.frontend.sugared.calls import ClassValue
from jitcore.ops import custom_classes
from jitcore.scripting.sugared.modules import PythonModule
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.frontend.sugared.base import SugaredValue
    from jitcore.source import SourceRange

_OPERATORS = {
    "current_stream": "cuda::current_stream", "default_stream": "cuda::default_stream",
    "current_device": "cuda::_current_device", "set_device": "cuda::_set_device",
    "device_index": "cuda::device_index", "device_count": "cuda::device_count",
    "set_stream": "cuda::set_stream", "synchronize": "cuda::synchronize",
}  # fmt: skip


class CudaModule(PythonModule):
    """The module `torch.cuda`."""

    __slots__ = ()

    def attribute(self, at: SourceRange, lowering: Lowering, name: str) -> SugaredValue:
        if name in _OPERATORS:
            return BuiltinFunction(_OPERATORS[name])
        if name in ("Stream", "Event"):
            kind = custom_classes.complete_class(f"__torch__.torch.classes.cuda.{name}")
            assert isinstance(kind, ClassType)
            return ClassValue(kind)
        return super().attribute(at, lowering, name)
