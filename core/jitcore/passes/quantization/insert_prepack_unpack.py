"""Lets layers with quantized weights read them by way of the packed parameters that quantized operators take.

%d = aten::dequantize(%w)                %p = quantized::linear_prepack(%w, %b)
%1 = aten::linear(%x, %d, %b)      ->    %u, %c = quantized::linear_unpack(%p)
                                         %d = aten::dequantize(%u)
                                         %1 = aten::linear(%x, %d, %c)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, replace_pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph

_CONVOLUTION: Final = "%stride, %padding, %dilation, %groups"
_TRANSPOSED: Final = "%stride, %padding, %output_padding, %groups, %dilation"
_TRANSPOSED_PACKED: Final = "%stride, %padding, %output_padding, %dilation, %groups"
_LAYERS: Final = (
    ("linear", "Linear", "", ""),
    ("conv1d", "Conv2d", _CONVOLUTION, _CONVOLUTION),
    ("conv2d", "Conv2d", _CONVOLUTION, _CONVOLUTION),
    ("conv3d", "Conv3d", _CONVOLUTION, _CONVOLUTION),
    ("conv_transpose1d", "Conv2d", _TRANSPOSED, _TRANSPOSED_PACKED),
    ("conv_transpose2d", "Conv2d", _TRANSPOSED, _TRANSPOSED_PACKED),
)
"""Operator, class of its packed parameters, what it takes behind the bias, and what packing takes there."""


class InsertPrepackUnpack(Pass):
    """Pack quantized weights, and unpack them, where a layer reads them dequantized.

    linear(x, dequantize(w), b)    ->    linear(x, dequantize(u), c), u, c = unpack(prepack(w, b))

    Packing can then be done ahead, and what follows it be fused into a quantized operator. For linear layers
    and convolutions, those that are transposed of up to two dimensions. As
    torch/csrc/jit/passes/quantization/finalize.cpp.
    """

    name: ClassVar[str] = "insert-prepack-unpack"
    counterpart: ClassVar[str] = "_jit_pass_insert_prepack_unpack"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite one kind of layer after the other, in all blocks."""
        changed = False
        for pattern, replacement in _patterns():
            changed |= replace_pattern(graph, pattern, replacement, pack_weight)
        return changed


@rule
def pack_weight(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """linear(x, dequantize(w), b) -> linear(x, dequantize(u), c), u, c = unpack(prepack(w, b))"""
    with pack_weight.step(
        graph,
        lambda: f"{match.anchor.kind} reads the quantized %{match['w'].name}, which can be packed for it",
        match.nodes.values(),
    ):
        edit()


@cache
def _patterns() -> list[tuple[Pattern, Replacement]]:
    return [_pattern(*layer) for layer in _LAYERS]


def _pattern(name: str, packed: str, taken: str, packing: str) -> tuple[Pattern, Replacement]:
    inputs = f"%x, %w, %b, {taken}" if taken else "%x, %w, %b"
    behind = f", {taken}" if taken else ""
    packed_from = f"%w, %b, {packing}" if packing else "%w, %b"
    kind = f"__torch__.torch.classes.quantized.{packed}PackedParamsBase"
    return (
        Pattern(
            f"graph({inputs}):\n  %d = aten::dequantize(%w)\n  %r = aten::{name}(%x, %d, %b{behind})\n"
            "  return (%r)\n"
        ),
        Replacement(
            f"graph({inputs}):\n  %p : {kind} = quantized::{name}_prepack({packed_from})\n"
            f"  %u : Tensor, %c : Tensor? = quantized::{name}_unpack(%p)\n"
            f"  %d : Tensor = aten::dequantize(%u)\n  %r = aten::{name}(%x, %d, %c{behind})\n  return (%r)\n"
        ),
    )
