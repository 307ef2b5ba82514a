"""Computes on quantized tensors what was computed between a conversion from them and one back.

%d : Tensor = aten::dequantize(%q)
%1 : Tensor = aten::hardswish(%d)                              %2 = quantized::hardswish(%q, %s, %z)
%2 : Tensor = aten::quantize_per_tensor(%1, %s, %z, %t)  ->
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.passes.algebra.patterns import Match, replace_pattern
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.options import PassOption
from jitcore.passes.quantization.fused_patterns import dynamic_patterns, static_patterns
from jitcore.passes.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Graph

    Step = Callable[[Graph, Match, Callable[[], None]], None]


class QuantFusion(Pass):
    """Let quantized operators do what conversions from quantized tensors and back stand around.

    quantize_per_tensor(hardswish(dequantize(%q)), %s, %z, %dtype)    ->    quantized::hardswish(%q, %s, %z)

    Layers are taken with the unpacking of their weights, which `insert-prepack-unpack` puts there. What
    stands between the conversions may have no other reader. `dynamic` looks for layers that quantize what
    they are given while they run, for those that are given real numbers, and for nothing else. As QuantFusion
    of torch/csrc/jit/passes/quantization/finalize.cpp.
    """

    name: ClassVar[str] = "quant-fusion"
    counterpart: ClassVar[str] = "_jit_pass_quant_fusion"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("dynamic", False, "layers that quantize their inputs while they run"),
    )
    assumes: ClassVar[str] = "rounding within the scale of the results does not matter"

    def __init__(self, dynamic: bool = False) -> None:
        self._patterns = dynamic_patterns if dynamic else static_patterns

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Replace the patterns one after the other, in all blocks."""
        changed = False
        for kind, pairs in self._patterns():
            for pattern, replacement in pairs:
                changed |= replace_pattern(graph, pattern, replacement, _STEPS[kind])
        return changed


@rule
def compute_quantized_layer(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """quantize(conv2d(dequantize(q), dequantize(w), ...)), w = unpack(p) -> quantized::conv2d(q, p, ...)"""
    with compute_quantized_layer.step(
        graph,
        lambda: (
            f"input and weights of %{match['r'].name} are quantized, and so is the result: "
            "a quantized layer reads the packed weights"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def compute_quantized(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """quantize(hardswish(dequantize(q)), s, z, dtype) -> quantized::hardswish(q, s, z)"""
    with compute_quantized.step(
        graph,
        lambda: (
            f"%{match['a'].name} is converted for %{match['r'].name} alone, which is quantized in turn: "
            "a quantized operator does all of it"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def keep_scale(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """quantize(mean(dequantize(q), dim), q_scale(q), q_zero_point(q), dtype(q)) -> mean(q, dim)"""
    with keep_scale.step(
        graph,
        lambda: (
            f"%{match['r'].name} is quantized as %{match['a'].name} is, and {match['r'].node.kind} keeps that"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def compute_in_fixed_scale(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """quantize(sigmoid(dequantize(q)), 1/256, 0, quint8) -> sigmoid(q)"""
    with compute_in_fixed_scale.step(
        graph,
        lambda: f"{match['r'].node.kind} of quantized tensors gives this scale and zero point in any case",
        match.nodes.values(),
    ):
        edit()


@rule
def compute_between_bounds(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """quantize(clamp(dequantize(q), item(dequantize(quantize(low))), ...)) -> clamp(q, low, ...)"""
    with compute_between_bounds.step(
        graph,
        lambda: (
            f"%{match['low'].name} and %{match['high'].name} were quantized as %{match['a'].name} was, "
            f"which {match['r'].node.kind} does with its bounds"
        ),
        match.nodes.values(),
    ):
        edit()


@rule
def cut_off_quantized(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """relu(quantized::add_scalar(q, n)) -> quantized::add_scalar_relu(q, n)"""
    with cut_off_quantized.step(
        graph,
        lambda: f"%{match['c'].name} is read by {match.anchor.kind} alone, so one operator does both",
        match.nodes.values(),
    ):
        edit()


@rule
def quantize_while_running(graph: Graph, match: Match, edit: Callable[[], None]) -> None:
    """linear(a, dequantize(w), b), w, b = unpack(p) -> quantized::linear_dynamic(a, p, reduce_range)"""
    with quantize_while_running.step(
        graph,
        lambda: (
            f"%{match['r'].name} is a layer with packed weights, which quantizes %{match['a'].name} itself"
        ),
        match.nodes.values(),
    ):
        edit()


_STEPS: Final[dict[str, Step]] = {
    "layer": compute_quantized_layer,
    "operator": compute_quantized,
    "same-scale": keep_scale,
    "fixed-scale": compute_in_fixed_scale,
    "bounds": compute_between_bounds,
    "relu": cut_off_quantized,
    "dynamic": quantize_while_running,
}
