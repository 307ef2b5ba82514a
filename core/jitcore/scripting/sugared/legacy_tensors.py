"""`torch.FloatTensor(...)` and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.frontend import building
from jitcore.frontend.annotations import TENSORS_OF_A_DTYPE
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.ops.matching import NamedValue
from jitcore.types import INT

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite

_BY_CLASS: dict[Any, int] = {getattr(torch, name): number for name, number in TENSORS_OF_A_DTYPE.items()}
_REFUSED = (
    "Legacy Tensor Constructor only takes sizes, or data, and a device in TorchScript (use torch.tensor or "
    "torch.empty): "
)


def legacy_dtype(obj: object) -> int | None:
    """The dtype of the tensors that a legacy class makes; None for everything else."""
    return _BY_CLASS.get(obj) if isinstance(obj, type) else None


class LegacyTensorConstructor(SugaredValue):
    """Makes tensors of one dtype, from sizes or from a list."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: int) -> None:
        self.dtype = dtype

    @property
    def kind(self) -> str:
        return "LegacyTypedConstructor"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        values = [argument.to_value(graph) for argument in site.arguments]
        for keyword in site.keywords:
            if keyword.name != "device" or len(site.keywords) > 1:
                raise at.error(f"{_REFUSED}got keyword argument {keyword.name}")
        dtype = NamedValue(lowering.constant(self.dtype, INT), "dtype")
        if values and all(value.type is INT for value in values):
            sizes = building.make_list(graph, INT, values)
            return lowering.simple(lowering.builtin(None, "aten::empty", [NamedValue(sizes)], (dtype,)))
        if not values:
            values = [building.make_list(graph, INT, ())]
        if len(values) > 1:
            raise at.error(f"{_REFUSED}got several positional arguments that were not all integers")
        return lowering.simple(lowering.builtin(None, "aten::tensor", [NamedValue(values[0])], (dtype,)))
