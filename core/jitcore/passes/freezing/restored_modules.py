"""Modules whose parts restore themselves, as quantized layers do: what their `__setstate__` gives them.

An archive holds no attributes of such a part but its state, and code that makes attributes of it. The code is
followed step by step on the values of the archive, of which none is read for it. Weights are not packed: a
`PackedObject` says what would pack them, and a run does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import CONSTANT, Function, PackedObject, ScriptObject
from jitcore.ops.lookup import key_of_schema, schema_of
from jitcore.passes.constant_evaluation import ConstantEvaluator
from jitcore.source import JitError
from jitcore.types import ClassType, FunctionType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Block, Node, Value
    from jitcore.passes.base import PassContext

_PACKED_BY: Final = frozenset({
    "quantized::linear_prepack", "quantized::linear_prepack_fp16",
    "quantized::conv1d_prepack", "quantized::conv2d_prepack", "quantized::conv3d_prepack",
    "quantized::conv_prepack", "quantized::conv_transpose1d_prepack", "quantized::conv_transpose2d_prepack",
    "quantized::conv_transpose3d_prepack",
})  # fmt: skip

_MOST_NODES: Final = 100_000
_DEEPEST: Final = 50


def restored_module(module: ScriptObject, context: PassContext) -> ScriptObject:
    """`module`, or a copy of it and of all modules below in which each part has its attributes.

    Raises `JitError` for a part whose code only a run can follow.
    """
    if not any(part.has_state for _, part in module.named_modules()):
        return module
    return _Restoring(module, context).root


class _NeedsRunError(Exception):
    """The code cannot be followed; `str()` says why."""


class _Restoring:
    """Follows `__setstate__` of all parts of a module; `root` is the module with their results."""

    def __init__(self, module: ScriptObject, context: PassContext) -> None:
        self._name = module.type.name
        self._constants = ConstantEvaluator(context.evaluate)
        self._made: dict[int, ScriptObject] = {}
        self._nodes_left = _MOST_NODES
        self._depth = 0
        self.root = self._module(module, "")

    def _module(self, module: ScriptObject, path: str) -> ScriptObject:
        known = self._made.get(id(module))
        if known is not None:
            return known
        made = self._made[id(module)] = ScriptObject(module.type)
        if module.has_state:
            self._restore(made, module.state, path)
            return made
        for name, value in module.attributes.items():
            if isinstance(value, ScriptObject) and value.type.is_module:
                made.attributes[name] = self._module(value, f"{path}.{name}" if path else name)
            else:
                made.attributes[name] = value
        return made

    def _restore(self, made: ScriptObject, state: object, path: str) -> None:
        # Those that the code does not set are None, as in torch.
        made.attributes.update(dict.fromkeys(made.type.attributes))
        try:
            self._call_method(made, "__setstate__", [made, state])
        except _NeedsRunError as error:
            where = f"its part '{path}'" if path else "it"
            raise JitError(
                f"{self._name} cannot be frozen before a run: {where} restores itself by code of the "
                f"archive, which {error}; jitcore.freeze(jitcore.load(...)) runs it"
            ) from error

    def _call_method(self, holder: object, name: str, arguments: Sequence[object]) -> list[object]:
        method = holder.type.methods.get(name) if isinstance(holder, ScriptObject) else None
        if not isinstance(method, Function):
            raise _NeedsRunError(f"calls {name}")
        return self._call(method, arguments)

    def _call(self, function: Function, arguments: Sequence[object]) -> list[object]:
        graph = function.graph
        if self._depth == _DEEPEST or len(arguments) != len(graph.inputs):
            raise _NeedsRunError(f"calls {function.name} within its own calls")
        self._depth += 1
        known = dict(zip(graph.inputs, arguments, strict=True))
        results = self._block(graph.block, known)
        self._depth -= 1
        return results

    def _block(self, block: Block, known: dict[Value, object]) -> list[object]:
        for node in block.nodes():
            self._nodes_left -= 1
            if self._nodes_left < 0:
                raise _NeedsRunError(f"does more than {_MOST_NODES} steps")
            values = self._results(node, known)
            if len(values) != len(node.outputs):
                raise _NeedsRunError(f"does {node.kind}")
            known.update(zip(node.outputs, values, strict=True))
        return [known[value] for value in block.outputs]

    def _results(self, node: Node, known: dict[Value, object]) -> list[object]:
        if node.kind == CONSTANT:
            return [node.attributes.get("value")]
        if node.kind == "prim::Uninitialized":
            return [None]
        inputs = [known[value] for value in node.inputs]
        if node.kind == "prim::SetAttr":
            holder, value = inputs
            _holder(holder).attributes[str(node.attributes["name"])] = value
            return []
        if node.kind == "prim::GetAttr":
            return [_attribute(inputs[0], str(node.attributes["name"]))]
        if node.kind == "prim::CallMethod":
            return self._call_method(inputs[0], str(node.attributes["name"]), inputs)
        if node.kind == "prim::CallFunction":
            return self._call(_function(node), inputs[1:])
        if node.kind == "prim::If":
            return self._block(node.blocks[0 if inputs[0] is True else 1], known)
        return self._computed(node, inputs)

    def _computed(self, node: Node, inputs: list[object]) -> list[object]:
        if node.kind in ("aten::__is__", "aten::__isnot__") and None in inputs:
            return [(inputs[0] is inputs[1]) is (node.kind == "aten::__is__")]
        schema = schema_of(node)
        if node.kind in _PACKED_BY and schema is not None and isinstance(node.output.type, ClassType):
            return [PackedObject(node.output.type, key_of_schema(schema), inputs)]
        if schema is not None and any(argument.alias is not None for argument in schema.arguments):
            # What it gives would be the memory of what it is given, or be written to.
            raise _NeedsRunError(f"does {node.kind}")
        values = self._constants.values_of(node, inputs)
        if values is None:
            raise _NeedsRunError(f"does {node.kind}")
        return values


def _holder(value: object) -> ScriptObject:
    if not isinstance(value, ScriptObject) or value.has_state:
        raise _NeedsRunError("reads an object that is not there yet")
    return value


def _attribute(holder: object, name: str) -> object:
    attributes = _holder(holder).attributes
    if name not in attributes:
        raise _NeedsRunError(f"reads {name}, which nothing gave a value")
    return attributes[name]


def _function(node: Node) -> Function:
    kind = node.inputs[0].type
    function = kind.function if isinstance(kind, FunctionType) else None
    if not isinstance(function, Function):
        raise _NeedsRunError("calls a function that nobody knows")
    return function
