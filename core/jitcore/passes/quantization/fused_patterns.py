"""What stands between a conversion to real numbers and one back, and the operator that needs neither.

In the order in which libtorch looks for it (torch/csrc/jit/passes/quantization/quantization_patterns.h).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.passes.algebra.patterns import Match, Pattern, Replacement, is_one
from jitcore.passes.constants import constant_of, is_tensor
from jitcore.types import NUMBER, is_subtype

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Pair = tuple[Pattern, Replacement]

_TO_QUANTIZED: Final = "  %q = aten::quantize_per_tensor(%r, %scale, %zero, %dtype)\n  return (%q)\n"
_PARAMETERS: Final = "%scale, %zero, %dtype"


class FusedPatterns(NamedTuple):
    """Patterns that are fused for one reason; `kind` is the name of that reason's rule."""

    kind: str
    pairs: list[Pair]


@cache
def static_patterns() -> list[FusedPatterns]:
    """Those where the parameters of quantization are known before a run."""
    return [
        FusedPatterns("layer", list(_layers())),
        FusedPatterns("operator", [*_sums_with_relu("add")]),
        FusedPatterns("same-scale", list(_with_number("add"))),
        FusedPatterns("relu", list(_number_and_relu("add"))),
        FusedPatterns("operator", [*_sums("add"), *_observed(_BEFORE_PRODUCTS)]),
        FusedPatterns("same-scale", list(_with_number("mul"))),
        FusedPatterns("relu", list(_number_and_relu("mul"))),
        FusedPatterns("operator", [*_sums_with_relu("mul"), *_sums("mul"), *_observed(_BEHIND_PRODUCTS)]),
        FusedPatterns("same-scale", [_same_scale(name, count) for name, count in _SAME_SCALE]),
        FusedPatterns("bounds", [_bounded(name) for name in ("clamp", "hardtanh", "hardtanh_")]),
        FusedPatterns("same-scale", [_same_scale(name, 1) for name in ("leaky_relu", "leaky_relu_")]),
        FusedPatterns("fixed-scale", [_fixed_scale(*one) for one in _FIXED_SCALE]),
    ]


@cache
def dynamic_patterns() -> list[FusedPatterns]:
    """Those of layers that quantize what they are given while they run."""
    unpacked = "  %w : Tensor, %b : Tensor? = quantized::linear_unpack(%p)\n  %v = aten::dequantize(%w)\n"
    return [
        FusedPatterns("dynamic", [
            (
                Pattern(
                    "graph(%p, %a, %reduce, %dtype):\n"
                    "  %scale : float, %zero : int = aten::_choose_qparams_per_tensor(%a, %reduce)\n"
                    "  %q = aten::quantize_per_tensor(%a, %scale, %zero, %dtype)\n"
                    f"  %d = aten::dequantize(%q)\n{unpacked}  %r = aten::linear(%d, %v, %b)\n  return (%r)\n"
                ),
                Replacement(
                    "graph(%p, %a, %reduce, %dtype):\n"
                    "  %r = quantized::linear_dynamic(%a, %p, %reduce)\n  return (%r)\n"
                ),
            ),
            (
                Pattern(
                    "graph(%p, %a):\n  %w : Tensor, %b : Tensor? = quantized::linear_unpack_fp16(%p)\n"
                    "  %r = aten::linear(%a, %w, %b)\n  return (%r)\n"
                ),
                Replacement(
                    "graph(%p, %a):\n  %r = quantized::linear_dynamic_fp16(%a, %p)\n  return (%r)\n"
                ),
            ),
            (
                Pattern(f"graph(%p, %a):\n{unpacked}  %r = aten::linear(%a, %v, %b)\n  return (%r)\n"),
                Replacement(
                    "graph(%p, %a):\n  %reduce : bool = prim::Constant[value=1]()\n"
                    "  %r = quantized::linear_dynamic(%a, %p, %reduce)\n  return (%r)\n"
                ),
            ),
        ]),
    ]  # fmt: skip


# --- layers with packed weights ------------------------------------------------------------------------


def _layers() -> Iterator[Pair]:
    for name in ("conv1d", "conv2d", "conv3d"):
        for relu in ("", "relu", "relu_"):
            yield _layer(name, 4, relu)
    yield _layer("conv_transpose1d", 5, "")
    yield _layer("conv_transpose2d", 5, "")
    for relu in ("", "relu", "relu_"):
        yield _layer("linear", 0, relu)


def _layer(name: str, count: int, relu: str) -> Pair:
    inputs = f"graph(%a, %p, {_PARAMETERS}{_arguments(count)}):\n"
    result = "c" if relu else "r"
    fused = f"{name}_relu" if relu else name
    return (
        Pattern(
            f"{inputs}  %d = aten::dequantize(%a)\n"
            f"  %w : Tensor, %b : Tensor? = quantized::{name}_unpack(%p)\n"
            f"  %v = aten::dequantize(%w)\n  %{result} = aten::{name}(%d, %v, %b{_arguments(count)})\n"
            + (f"  %r = aten::{relu}(%c)\n" if relu else "")
            + _TO_QUANTIZED
        ),
        Replacement(f"{inputs}  %q = quantized::{fused}(%a, %p, %scale, %zero)\n  return (%q)\n"),
    )


# --- sums and products ---------------------------------------------------------------------------------


def _sums_with_relu(name: str) -> Iterator[Pair]:
    for operator in (name, f"{name}_"):
        for relu in ("relu", "relu_"):
            yield _sum(name, operator, relu)


def _sums(name: str) -> Iterator[Pair]:
    for operator in (name, f"{name}_"):
        yield _sum(name, operator, "")


def _sum(name: str, operator: str, relu: str) -> Pair:
    alpha = ", %alpha" if name == "add" else ""
    inputs = f"graph(%a, %b{alpha}, {_PARAMETERS}):\n"
    result = "c" if relu else "r"
    fused = f"{name}_relu" if relu else name
    return (
        Pattern(
            f"{inputs}  %d = aten::dequantize(%a)\n  %e = aten::dequantize(%b)\n"
            f"  %{result} = aten::{operator}(%d, %e{alpha})\n"
            + (f"  %r = aten::{relu}(%c)\n" if relu else "")
            + _TO_QUANTIZED,
            *([is_one("alpha")] if alpha else []),
        ),
        Replacement(f"{inputs}  %q = quantized::{fused}(%a, %b, %scale, %zero)\n  return (%q)\n"),
    )


def _with_number(name: str) -> Iterator[Pair]:
    alpha = ", %alpha" if name == "add" else ""
    conditions = [*([is_one("alpha")] if alpha else []), _is_number("n")]
    yield _same_scale(name, f", %n{alpha}", f"quantized::{name}_scalar(%a, %n)", conditions)
    yield _same_scale(f"{name}_", f", %n{alpha}", f"quantized::{name}_scalar_out(%a, %n, %a)", conditions)


def _is_number(name: str) -> Callable[[Match], bool]:
    def holds(match: Match) -> bool:
        value = match[name]
        constant = constant_of(value)
        return is_subtype(value.type, NUMBER) or (
            is_tensor(constant) and getattr(constant, "shape", None) is not None and not len(constant.shape)  # type: ignore[attr-defined]
        )

    return holds


def _number_and_relu(name: str) -> Iterator[Pair]:
    for kind, behind in ((f"{name}_scalar", ""), (f"{name}_scalar_out", ", %a")):
        fused = kind.replace("scalar", "scalar_relu")
        for relu in ("relu", "relu_"):
            yield (
                Pattern(
                    f"graph(%a, %n):\n  %c = quantized::{kind}(%a, %n{behind})\n  %r = aten::{relu}(%c)\n"
                    "  return (%r)\n"
                ),
                Replacement(f"graph(%a, %n):\n  %r = quantized::{fused}(%a, %n{behind})\n  return (%r)\n"),
            )


# --- operators whose results are quantized otherwise than what they are given ------------------------------

_BEFORE_PRODUCTS: Final = (
    ("cat", "", 1, "%x0, {out}"),
    ("batch_norm", "", 8, "%x0, %x1, %x2, %x3, %x6, {out}"),
    ("batch_norm", "relu", 8, "%x0, %x1, %x2, %x3, %x6, {out}"),
    ("batch_norm", "relu_", 8, "%x0, %x1, %x2, %x3, %x6, {out}"),
)
_BEHIND_PRODUCTS: Final = (
    ("hardswish", "", 0, "{out}"),
    ("hardswish_", "", 0, "{out}"),
    ("layer_norm", "", 5, "%x0, %x1, %x2, %x3, {out}"),
    ("group_norm", "", 5, "%x0, %x1, %x2, %x3, {out}"),
    ("instance_norm", "", 8, "%x0, %x1, %x6, {out}"),
    ("elu", "", 3, "{out}, %x0, %x1, %x2"),
    ("elu_", "", 3, "{out}, %x0, %x1, %x2"),
)
"""Operator, activation behind it, how many more arguments it has, and which the quantized one takes."""


def _observed(rows: Sequence[tuple[str, str, int, str]]) -> Iterator[Pair]:
    for name, relu, count, taken in rows:
        inputs = f"graph(%a{_arguments(count)}, {_PARAMETERS}):\n"
        result = "c" if relu else "r"
        fused = name.removesuffix("_") + ("_relu" if relu else "")
        yield (
            Pattern(
                f"{inputs}  %d = aten::dequantize(%a)\n  %{result} = aten::{name}(%d{_arguments(count)})\n"
                + (f"  %r = aten::{relu}(%c)\n" if relu else "")
                + _TO_QUANTIZED
            ),
            Replacement(
                f"{inputs}  %q = quantized::{fused}(%a, {taken.format(out='%scale, %zero')})\n  return (%q)\n"
            ),
        )


# --- operators that compute on quantized tensors themselves -------------------------------------------------

_SAME_SCALE: Final = (
    ("avg_pool1d", 5), ("avg_pool2d", 6), ("avg_pool3d", 6), ("adaptive_avg_pool1d", 1),
    ("adaptive_avg_pool2d", 1), ("adaptive_avg_pool3d", 1), ("mean", 1), ("mean", 3),
    ("upsample_nearest1d", 2), ("upsample_nearest2d", 3), ("upsample_nearest3d", 4), ("upsample_linear1d", 3),
    ("upsample_bilinear2d", 4), ("upsample_trilinear3d", 5), ("upsample_nearest2d", 2),
    ("upsample_nearest3d", 2), ("upsample_bilinear2d", 3), ("upsample_trilinear3d", 3),
)  # fmt: skip
"""Operators whose results are quantized as what they are given, and how many more arguments they have."""

_FIXED_SCALE: Final = (
    ("hardsigmoid", 1 / 256, 0), ("hardsigmoid_", 1 / 256, 0), ("sigmoid", 1 / 256, 0),
    ("sigmoid_", 1 / 256, 0), ("tanh", 1 / 128, 128), ("tanh_", 1 / 128, 128),
)  # fmt: skip
_QUINT8: Final = 13
_FLOAT: Final = 6


def _same_scale(
    name: str,
    more: int | str,
    fused: str = "",
    conditions: Sequence[Callable[[Match], bool]] = (),
) -> Pair:
    arguments = more if isinstance(more, str) else _arguments(more)
    inputs = f"graph(%a{arguments}):\n"
    return (
        Pattern(
            f"{inputs}  %d = aten::dequantize(%a)\n  %r = aten::{name}(%d{arguments})\n"
            "  %scale : float = aten::q_scale(%a)\n  %zero : int = aten::q_zero_point(%a)\n"
            f"  %dtype : int = prim::dtype(%a)\n{_TO_QUANTIZED}",
            *conditions,
        ),
        _on_quantized(inputs, fused or f"aten::{name}(%a{arguments})"),
    )


def _fixed_scale(name: str, scale: float, zero: int) -> Pair:
    inputs = "graph(%a):\n"
    return (
        Pattern(
            f"{inputs}  %d = aten::dequantize(%a)\n  %r = aten::{name}(%d)\n"
            f"  %scale : float = prim::Constant[value={scale!r}]()\n"
            f"  %zero : int = prim::Constant[value={zero}]()\n"
            f"  %dtype : int = prim::Constant[value={_QUINT8}]()\n{_TO_QUANTIZED}"
        ),
        _on_quantized(inputs, f"aten::{name}(%a)"),
    )


def _bounded(name: str) -> Pair:
    """Bounds are numbers that were quantized like tensors."""
    bounds = ("low", "high")
    given = "".join(f", %{bound}_scale, %{bound}_zero, %{bound}_dtype" for bound in bounds)
    inputs = f"graph(%a, %low, %high{given}, {_PARAMETERS}):\n"
    return (
        Pattern(
            inputs
            + "".join(map(_quantized_number, bounds))
            + f"  %d = aten::dequantize(%a)\n  %r = aten::{name}(%d, %low_n, %high_n)\n{_TO_QUANTIZED}"
        ),
        _on_quantized(inputs, f"aten::{name}(%a, %low, %high)"),
    )


def _quantized_number(name: str) -> str:
    nones = ", ".join([f"%{name}_none"] * 3)
    return (
        f"  %{name}_kind : int = prim::Constant[value={_FLOAT}]()\n"
        f"  %{name}_none : NoneType = prim::Constant()\n"
        f"  %{name}_t = aten::scalar_tensor(%{name}, %{name}_kind, {nones})\n"
        f"  %{name}_q = aten::quantize_per_tensor(%{name}_t, %{name}_scale, %{name}_zero, %{name}_dtype)\n"
        f"  %{name}_d = aten::dequantize(%{name}_q)\n  %{name}_n : float = aten::item(%{name}_d)\n"
    )


def _on_quantized(inputs: str, call: str) -> Replacement:
    return Replacement(f"{inputs}  %q = {call}\n  return (%q)\n")


def _arguments(count: int) -> str:
    return "".join(f", %x{index}" for index in range(count))
