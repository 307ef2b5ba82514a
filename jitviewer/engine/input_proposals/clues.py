"""What one operator tells of the tensor it is given: the weight it is combined with has a shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from jitcore.ir import Node, ScriptObject
from jitviewer.engine.input_proposals.weights import Weight, constant_of, parameter_count, weight_of

_IMAGE_SIDE = {3: 224, 1: 28}
_SIDE = 32
_LARGE_MODEL = 1_000_000
"""Parameters from which on an image model is taken to have been made for photographs."""


class Clue(NamedTuple):
    """A proposed tensor: dtype, shape and, for whole numbers, their upper end; and the reason.

    `has_batch` says that the first dimension is a batch of samples.
    """

    dtype: str
    shape: tuple[int, ...]
    reason: str
    high: int = 0
    has_batch: bool = True

    @property
    def spec(self) -> str:
        """As a SPEC of the command line."""
        limits = f":0..{self.high}" if self.high else ""
        return f"{self.dtype}[{','.join(map(str, self.shape))}]{limits}"


def clue_of(node: Node, index: int, module: ScriptObject) -> Clue | None:
    """What `node` tells of its input `index`."""
    known = _CLUES.get(node.kind)
    if known is None or index != known[0]:
        return None
    return known[1](node, module)


def operand_of_clue(node: Node) -> int | None:
    """Which input of `node` it may tell of; None for an operator that tells nothing."""
    known = _CLUES.get(node.kind)
    return known[0] if known is not None else None


def _convolution(node: Node, module: ScriptObject) -> Clue | None:
    weight = weight_of(node.inputs[1], module)
    if weight is None or len(weight.shape) < 3:
        return None
    groups = 1
    if node.kind.startswith("aten::"):
        given = constant_of(node.inputs[8] if node.kind == "aten::_convolution" else node.inputs[-1], module)
        groups = given if isinstance(given, int) else 1
    channels = weight.shape[1] * groups
    side = _SIDE
    if len(weight.shape) == 4 and parameter_count(module) > _LARGE_MODEL:
        side = _IMAGE_SIDE.get(channels, _SIDE)
    shape = (1, channels, *[side] * (len(weight.shape) - 2))
    return Clue(
        "float32", shape, f"{_spoken('convolution', weight)} takes {channels} channels; the size is a guess"
    )


def _linear(node: Node, module: ScriptObject) -> Clue | None:
    return _features("linear layer", weight_of(node.inputs[1], module), -1)


def _product(node: Node, module: ScriptObject) -> Clue | None:
    operand = node.inputs[2 if node.kind == "aten::addmm" else 1]
    transposed = operand.node.kind in ("aten::t", "aten::transpose")
    return _features("product with the weight", weight_of(operand, module), -1 if transposed else 0)


def _features(what: str, weight: Weight | None, dimension: int) -> Clue | None:
    if weight is None or len(weight.shape) != 2:
        return None
    features = weight.shape[dimension]
    return Clue("float32", (1, features), f"{_spoken(what, weight)} takes {features} features")


def _embedding(node: Node, module: ScriptObject) -> Clue | None:
    weight = weight_of(node.inputs[0], module)
    if weight is None:
        return None
    words = weight.shape[0]
    return Clue("int64", (1, 16), f"{_spoken('embedding', weight)} has a vocabulary of {words:,}", words)


def _recurrent(node: Node, module: ScriptObject) -> Clue | None:
    for value in node.inputs[1:]:
        weight = weight_of(value, module)
        if weight is not None and len(weight.shape) == 2:
            features = weight.shape[1]
            return Clue(
                "float32", (1, 5, features), f"{_spoken('recurrent layer', weight)} takes {features} features"
            )
    return None


def _recurrent_cell(node: Node, module: ScriptObject) -> Clue | None:
    return _features("recurrent cell", weight_of(node.inputs[2], module), 1)


def _normalization(node: Node, module: ScriptObject) -> Clue | None:
    sizes = constant_of(node.inputs[1], module)
    if isinstance(sizes, int):
        sizes = [sizes]
    if not isinstance(sizes, list | tuple) or len(sizes) != 1 or not isinstance(sizes[0], int):
        return None
    operator = node.kind.partition("::")[2]
    return Clue("float32", (1, 10, sizes[0]), f"{operator} takes {sizes[0]} features")


def _spoken(what: str, weight: Weight) -> str:
    return f"{what} {weight.owner}" if weight.owner else f"a {what}"


_Reader = Callable[[Node, ScriptObject], Clue | None]
_CLUES: dict[str, tuple[int, _Reader]] = {
    **dict.fromkeys(
        ["aten::_convolution", "aten::conv1d", "aten::conv2d", "aten::conv3d",
         "quantized::conv1d", "quantized::conv2d", "quantized::conv3d",
         "quantized::conv1d_relu", "quantized::conv2d_relu", "quantized::conv3d_relu"],
        (0, _convolution),
    ),
    **dict.fromkeys(
        ["aten::linear", "quantized::linear", "quantized::linear_relu",
         "quantized::linear_dynamic", "quantized::linear_dynamic_fp16"],
        (0, _linear),
    ),
    **dict.fromkeys(["aten::matmul", "aten::mm"], (0, _product)),
    "aten::addmm": (1, _product),
    "aten::embedding": (1, _embedding),
    **dict.fromkeys(["aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu"], (0, _recurrent)),
    **dict.fromkeys(["aten::lstm_cell", "aten::gru_cell"], (0, _recurrent_cell)),
    **dict.fromkeys(["aten::layer_norm", "aten::_transformer_encoder_layer_fwd"], (0, _normalization)),
}  # fmt: skip
"""Operators by the input that they tell of, and how."""
