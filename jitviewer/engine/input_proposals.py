"""Proposes inputs that should run, from what the graph does with each input."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from jitcore.archive import LazyTensor
from jitcore.ir import Function, Graph, Node, ScriptObject, Value
from jitcore.passes.inline import inlined_graph
from jitcore.source import JitError
from jitcore.types import (
    BOOL,
    FLOAT,
    INT,
    NO_DEFAULT,
    NUMBER,
    STRING,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
)
from jitviewer.protocol.rows import InputRow

_THROUGH = frozenset(
    "aten::" + name
    for name in [
        "relu",
        "relu_",
        "to",
        "dropout",
        "dropout_",
        "contiguous",
        "detach",
        "clone",
        "add",
        "sub",
        "mul",
        "div",
        "neg",
        "gelu",
        "tanh",
        "sigmoid",
        "batch_norm",
        "layer_norm",
        "type_as",
        "float",
        "cat",
        "hardtanh",
        "transpose",
        "quantize_per_tensor",
    ]
)
"""Operators that leave the number of channels or features as it is (`cat` by luck only)."""

_IMAGE_SIDE = {3: 224, 1: 28}
_LARGE_MODEL = 1_000_000
_SEARCH_LIMIT = 4000


class _Clue(NamedTuple):
    spec: str
    reason: str


def propose_inputs(function: Function, module: ScriptObject | None) -> list[InputRow]:
    """A row for each argument of the function without `self`; `spec` is "" where nothing can be said."""
    arguments = function.schema.arguments
    has_self = function.owner is not None
    try:
        graph: Graph | None = inlined_graph(function)
    except (JitError, RecursionError):
        # A graph that cannot be inlined is reported where it is shown; inputs are still listed by type.
        graph = None
    rows: list[InputRow] = []
    for index, argument in enumerate(arguments):
        if has_self and index == 0:
            continue
        required = argument.default is NO_DEFAULT
        clue = _propose(
            argument.type, graph.inputs[index] if graph is not None else None, module, argument.name
        )
        if not required:
            clue = _Clue(_literal(argument.default), "the default")
        rows.append(InputRow(argument.name, argument.type.annotation(), clue.spec, clue.reason, required))
    return _match_lengths(rows)


def _literal(value: object) -> str:
    return repr(value)


def _propose(t: Type, value: Value | None, module: ScriptObject | None, name: str) -> _Clue:
    if isinstance(t, TensorType):
        return _propose_tensor(value, module, name)
    if isinstance(t, OptionalType):
        return _Clue("None", "it may be None")
    simple: dict[Type, str] = {INT: "1", FLOAT: "1.0", NUMBER: "1", BOOL: "False", STRING: '"text"'}
    if t in simple:
        return _Clue(simple[t], f"any {t.annotation()}")
    if isinstance(t, ListType):
        inner = _propose(t.element, None, module, name)
        return _Clue(f"[{inner.spec}]", f"a list of one: {inner.reason}")
    if isinstance(t, TupleType):
        parts = [_propose(e, None, module, name).spec for e in t.elements]
        return _Clue(f"({', '.join(parts)},)", "one of each element")
    return _Clue("", f"give a {t.annotation()}")


def _propose_tensor(value: Value | None, module: ScriptObject | None, name: str) -> _Clue:
    found = _search(value, module) if value is not None and module is not None else None
    if found is not None:
        return found
    if "mask" in name:
        return _Clue("int64[1,16]:1..2", "its name says mask: all ones")
    return _Clue("float32[2,3]", "nothing in the graph tells the shape: change it if the run fails")


def _search(value: Value, module: ScriptObject) -> _Clue | None:
    """Walk from an input along its uses to the first operator whose weight tells the shape."""
    queue: deque[Value] = deque([value])
    seen = {value}
    while queue and len(seen) < _SEARCH_LIMIT:
        current = queue.popleft()
        for user, index in current.uses:
            clue = _clue(user, index, module)
            if clue is not None:
                return clue
            if user.kind in _THROUGH:
                following = user.outputs
            elif user.kind == "prim::If" or user.kind == "prim::Loop":
                following = []
            elif user.kind == "prim::Return" and user.block is not None and user.block.owner is not None:
                owner = user.block.owner
                following = [owner.outputs[index]] if owner.kind == "prim::If" else []
            else:
                following = []
            for output in following:
                if output not in seen:
                    seen.add(output)
                    queue.append(output)
    return None


def _clue(node: Node, index: int, module: ScriptObject) -> _Clue | None:
    operator = node.kind.partition("::")[2]
    if operator in ("_convolution", "conv1d", "conv2d", "conv3d") and index == 0:
        return _convolution_clue(node, module)
    if operator == "linear" and index == 0:
        weight, path = _tensor(node.inputs[1], module)
        if weight is not None and len(weight.shape) == 2:
            return _Clue(f"float32[1,{weight.shape[1]}]", f"linear {path} takes {weight.shape[1]} features")
    if operator == "embedding" and index == 1:
        weight, path = _tensor(node.inputs[0], module)
        if weight is not None:
            return _Clue(
                f"int64[1,16]:0..{weight.shape[0]}",
                f"embedding {path} has a vocabulary of {weight.shape[0]:,}",
            )
    if operator in ("lstm", "gru", "rnn_tanh", "rnn_relu") and index == 0:
        return _recurrent_clue(node, module)
    if operator in ("layer_norm", "_transformer_encoder_layer_fwd") and index == 0:
        return _feature_clue(node, operator)
    return None


def _convolution_clue(node: Node, module: ScriptObject) -> _Clue | None:
    weight, path = _tensor(node.inputs[1], module)
    if weight is None or len(weight.shape) < 3:
        return None
    groups = _constant(node.inputs[8] if node.kind == "aten::_convolution" else node.inputs[-1])
    channels = weight.shape[1] * (groups if isinstance(groups, int) else 1)
    side = 32
    if len(weight.shape) == 4 and _parameter_count(module) > _LARGE_MODEL:
        side = _IMAGE_SIDE.get(channels, 32)
    shape = ",".join(str(n) for n in (1, channels, *[side] * (len(weight.shape) - 2)))
    return _Clue(f"float32[{shape}]", f"convolution {path} takes {channels} channels; the size is a guess")


def _recurrent_clue(node: Node, module: ScriptObject) -> _Clue | None:
    for value in node.inputs:
        if isinstance(value.type, ListType) and value.node.kind in ("prim::ListConstruct", "prim::GetAttr"):
            weights = value.node.inputs if value.node.kind == "prim::ListConstruct" else []
            for weight_value in weights:
                weight, path = _tensor(weight_value, module)
                if weight is not None and len(weight.shape) == 2:
                    return _Clue(
                        f"float32[1,5,{weight.shape[1]}]", f"{path} takes {weight.shape[1]} features"
                    )
            listed = _attribute_of(value, module)
            if isinstance(listed, list) and listed and isinstance(listed[0], LazyTensor):
                features = listed[0].shape[1]
                return _Clue(f"float32[1,5,{features}]", f"the recurrent layer takes {features} features")
    return None


def _feature_clue(node: Node, operator: str) -> _Clue | None:
    sizes = _constant(node.inputs[1])
    if isinstance(sizes, list) and len(sizes) == 1:
        return _Clue(f"float32[1,10,{sizes[0]}]", f"{operator} normalizes {sizes[0]} features")
    if isinstance(sizes, int):
        return _Clue(f"float32[1,10,{sizes}]", f"the encoder layer takes {sizes} features")
    return None


def _constant(value: Value) -> object:
    node = value.node
    if node.kind == "prim::Constant":
        return node.attributes.get("value")
    if node.kind == "prim::ListConstruct":
        return [_constant(v) for v in node.inputs]
    return None


def _tensor(value: Value, module: ScriptObject) -> tuple[LazyTensor | None, str]:
    found = _attribute_of(value, module)
    path = _path(value)
    if isinstance(found, LazyTensor):
        return found, ".".join(path[:-1]) or "of the model"
    return None, ""


def _path(value: Value) -> list[str]:
    names: list[str] = []
    node = value.node
    while node.kind == "prim::GetAttr":
        names.append(str(node.attributes["name"]))
        node = node.inputs[0].node
    names.reverse()
    return names


def _attribute_of(value: Value, module: ScriptObject) -> object:
    if value.node.kind == "prim::Constant":
        return value.node.attributes.get("value")
    current: object = module
    path = _path(value)
    for name in path:
        if not isinstance(current, ScriptObject):
            return None
        current = current.attributes.get(name)
    return current if path else None


def _parameter_count(module: ScriptObject) -> int:
    return sum(
        value.numel
        for _, child in module.named_modules()
        for value in child.attributes.values()
        if isinstance(value, LazyTensor)
    )


def _match_lengths(rows: list[InputRow]) -> list[InputRow]:
    """Inputs that nothing is known of take the shape of the tokens, if there are tokens."""
    tokens = next((row for row in rows if row.spec.startswith("int64[") and ":0.." in row.spec), None)
    if tokens is None:
        return rows
    shape = tokens.spec[: tokens.spec.index("]") + 1]
    matched: list[InputRow] = []
    for row in rows:
        if row.spec == "float32[2,3]":
            row = InputRow(
                row.name, row.type, f"{shape}:1..2", f"ones of the shape of {tokens.name}", row.required
            )
        matched.append(row)
    return matched
