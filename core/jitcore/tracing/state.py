"""The state of a trace: the graph so far, and what the program's values are in it.

Follows `TracingState` of libtorch's `tracer.cpp`, whose order of making nodes and values shows in the numbers
of the graph.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.ir import Graph, ScriptObject
from jitcore.ir.objects import GeneratorValue
from jitcore.printing.tensor_text import tensor_listing
from jitcore.scripting.constants import PythonConstants
from jitcore.scripting.shared import shared_compiler
from jitcore.slots.native_types import class_named
from jitcore.slots.torch_names import TORCH
from jitcore.slots.wrappers import script_object_of
from jitcore.tracing import tracer_warnings
from jitcore.tracing.pause import Pause
from jitcore.tracing.places import Places, here, name_in
from jitcore.tracing.tensor_values import TensorValues, recorded_type
from jitcore.types import (
    GENERATOR,
    INT,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    TensorType,
    TupleType,
    Type,
    is_subtype,
)

if TYPE_CHECKING:
    from types import FrameType

    from jitcore.ir import Node, Value
    from jitcore.source import SourceRange
    from jitcore.tracing.black_box.graph_notes import GraphNotes

SCOPE_BLOCK = "prim::TracedModuleForward"
TRACED_ATTRIBUTE = "prim::TracedAttr"
TRACED_FORK = "prim::TracedFork"
_NUMBER = TensorType(dtype="int64", sizes=(), strides=(), device="cpu")
_NAMED_IN_PYTHON = frozenset((
    torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.float16, torch.float32,
    torch.float64,
))  # fmt: skip
"""Types of tensors that Python has a class for: libtorch shows them by that."""


def _is_differentiating() -> bool:
    """Whether the innermost transform of `torch.func` that is at work takes derivatives."""
    layer = TORCH._C._functorch.peek_interpreter_stack()
    kinds = TORCH._C._functorch.TransformType
    return layer is not None and layer.key() in (kinds.Grad, kinds.Jvp)


class TracingState:
    """A trace that is being made.

    `strict` refuses lists and dicts as outputs, `force_outplace` records operators that write as such that
    do not. While `is_recording` is False nothing is recorded: an operator of the program is running.
    `notes` is the black box's, if there is one. `graph` and the methods without underscore that torch's
    own Python calls (`push_scope`, `pop_scope`, `current_scope`) have torch's names.
    """

    def __init__(self, strict: bool = True, force_outplace: bool = False) -> None:
        self.graph = Graph()
        self.strict = strict
        self.force_outplace = force_outplace
        self.is_recording = True
        self.tensors = TensorValues()
        self.objects: dict[int, Value] = {}
        self.stashed: dict[str, Value] = {}
        self.stashed_lists: dict[str, list[Value | None]] = {}
        self.caller: FrameType | None = None
        self.is_from_numpy = False
        self.torch_modules: dict[Any, ScriptObject] = {}
        self.native_objects: dict[int, Value] = {}
        self._futures: dict[int, Value] = {}
        self.constants: PythonConstants = shared_compiler().constants
        self.notes: GraphNotes | None = None
        self._places = Places()
        self._scopes: list[str] = []
        self._kept: list[object] = []

    # --- scopes ---------------------------------------------------------------------------------

    def push_scope(self, scope_name: str) -> None:
        """A module is called: what follows goes into a block of its own."""
        self._scopes.append(scope_name)
        block = self.insert(self.create(SCOPE_BLOCK).set_attribute("scope", scope_name)).add_block()
        self.graph.insert_point = block.return_node

    def pop_scope(self) -> None:
        """The call of a module ends."""
        self._scopes.pop()
        block = self.graph.insert_point.block
        owner = None if block is None else block.owner
        if owner is not None and owner.kind == SCOPE_BLOCK:
            assert owner.next is not None
            self.graph.insert_point = owner.next

    def current_scope(self) -> str:
        """The name of the scope that is open."""
        return self._scopes[-1] if self._scopes else ""

    # --- nodes ----------------------------------------------------------------------------------

    def paused(self) -> Pause:
        """Context in which nothing is recorded."""
        return Pause(self)

    @contextmanager
    def called_from(self, frame: FrameType | None) -> Generator[None]:
        """Context in which everything happens in `frame`."""
        before = self.caller
        self.caller = frame
        try:
            yield
        finally:
            self.caller = before

    def frame(self) -> FrameType | None:
        """The innermost frame of the program."""
        return self.caller or here()

    def place(self) -> SourceRange | None:
        """Where the program is."""
        return self._places.of(self.frame())

    def create(self, kind: str, inputs: Sequence[Value] = (), outputs: int = 0) -> Node:
        """A free node in the scope that is open."""
        node = self.graph.create(kind, inputs, outputs)
        node.scope = "/".join(self._scopes)
        return node

    def insert(self, node: Node) -> Node:
        """Put a free node at the end of the block that is open."""
        return self.graph.insert(node)

    def insert_value(
        self, kind: str, inputs: Sequence[Value], type: Type, place: SourceRange | None = None
    ) -> Value:
        """A node with one result."""
        node = self.create(kind, inputs, 1)
        node.source_range = place
        node.outputs[0].set_type(type)
        return self.insert(node).outputs[0]

    def insert_none(self) -> Value:
        """A None, which stands for no place in the program."""
        return self.insert_value("prim::Constant", (), NONE)

    def insert_constant(self, value: Any, place: SourceRange | None = None) -> Value:
        """A number, text, device, dtype or its like as a constant; raises RuntimeError for anything else."""
        found = self.constants.simple(value, None)
        if found is None or value is None:
            return self._unknown(value) if value is not None else self.insert_none()
        node = self.create("prim::Constant", (), 1)
        node.attributes["value"] = found.value
        node.outputs[0].set_type(found.type)
        node.source_range = place
        return self.insert(node).outputs[0]

    def insert_tensor(self, tensor: torch.Tensor, place: SourceRange | None) -> Value:
        """A tensor as a constant; RuntimeError for what has no memory of its own, which no graph can hold.

        So are tensors that `torch.func` wraps: those that are mapped within one another, for one.
        """
        if not TORCH._C._has_storage(tensor) or tensor.is_nested:
            raise RuntimeError("Unsupported value kind: Tensor")
        node = self.create("prim::Constant", (), 1)
        node.attributes["value"] = tensor
        node.outputs[0].set_type(recorded_type(tensor))
        node.source_range = place
        return self.insert(node).outputs[0]

    def insert_generator(self, generator: torch.Generator, place: SourceRange | None) -> Value:
        """A generator of random numbers, as it was when it was made."""
        node = self.create("prim::Constant", (), 1)
        node.attributes["value"] = GeneratorValue(str(generator.device), generator.initial_seed())
        node.outputs[0].set_type(GENERATOR)
        node.source_range = place
        return self.insert(node).outputs[0]

    def insert_list(self, element: Type, items: Sequence[Value]) -> Value:
        """A list."""
        return self.insert_value("prim::ListConstruct", items, ListType(element))

    def insert_tuple(self, items: Sequence[Value]) -> Value:
        """A tuple."""
        return self.insert_value("prim::TupleConstruct", items, TupleType(tuple(item.type for item in items)))

    def _shown(self, tensor: torch.Tensor) -> str:
        """A tensor as libtorch prints it."""
        with self.paused():
            text, _, kind = tensor_listing(tensor.detach()).rpartition("[ ")
        if tensor.dtype in _NAMED_IN_PYTHON:
            # There libtorch calls the type as Python does.
            device = "" if tensor.device.type == "cpu" else f"{tensor.device.type}."
            kind = kind.replace(tensor.device.type.upper(), f"torch.{device}", 1)
            kind = kind.replace("Type{", "Tensor{", 1)
        return f"{text}[ {kind}"

    def _unknown(self, value: Any) -> Value:
        raise RuntimeError(
            f"Tracer cannot get value trace for type {type(value).__name__}. "
            f"The below value could not be materialized as a constant:\n{value}"
        )

    # --- values of the program ------------------------------------------------------------------

    def value_of(self, thing: Any) -> Value:
        """The value that a tensor, list, tuple, object or constant of the program is in the graph.

        Raises RuntimeError for what cannot be part of it.
        """
        if isinstance(thing, torch.Tensor):
            return self._value_of_tensor(thing)
        if (
            isinstance(thing, list)
            and thing
            and all(isinstance(x, torch.Tensor) for x in cast("list[Any]", thing))
        ):
            return self.insert_list(TENSOR, [self.value_of(item) for item in cast("list[Any]", thing)])
        if isinstance(thing, tuple):
            return self.insert_tuple([self.value_of(item) for item in cast("tuple[Any, ...]", thing)])
        if isinstance(thing, torch.ScriptObject) and hash(thing) in self.native_objects:
            return self.native_objects[hash(thing)]
        owner = script_object_of(thing)
        if owner is not None:
            return self._value_of_object(owner)
        return self.insert_constant(thing, self.place())

    def _value_of_tensor(self, tensor: torch.Tensor) -> Value:
        found = self.tensors.get(tensor)
        if found is not None:
            if found.debug_name is None:
                name = name_in(self.frame(), tensor)
                if name:
                    found.set_debug_name(name)
            return found
        if tensor.requires_grad:
            if _is_differentiating():
                # In libtorch the words of the next error end in this one: what is shown of the tensor is
                # computed within the transform of `torch.func`, which wraps it.
                raise RuntimeError("Cannot access data pointer of Tensor that doesn't have storage")
            raise RuntimeError(
                "Cannot insert a Tensor that requires grad as a constant. Consider making it a parameter or "
                f"input, or detaching the gradient\nTensor:\n{self._shown(tensor)}"
            )
        value = self.insert_tensor(tensor, self.place())
        self.tensors.put(tensor, value)
        if self.notes is not None:
            self.notes.captured(tensor, value.node)
        return value

    def _value_of_object(self, owner: ScriptObject) -> Value:
        found = self.objects.get(id(owner))
        if found is None:
            raise RuntimeError(
                f"Tried to trace <{owner.type.qualified_name} object at {id(owner):#x}> but it is not part "
                "of the active trace. Modules that are called during a trace must be registered as "
                "submodules of the thing being traced."
            )
        return found

    def set_native_object(self, thing: Any, value: Value) -> None:
        """Say what an object of a class of C++ is in the graph."""
        value.set_type(class_named(thing._type().qualified_name()))
        # Python may have several objects for one of C++, whose hash is its identity.
        self._kept.append(thing)
        self.native_objects[hash(thing)] = value

    def set_object(self, owner: ScriptObject, value: Value) -> None:
        """Say what an object is in the graph."""
        self._kept.append(owner)
        self.objects[id(owner)] = value

    def set_future(self, future: Any, value: Value) -> None:
        """Say what stands for something that was forked."""
        self._kept.append(future)
        self._futures[id(future)] = value

    def future(self, future: Any) -> Value:
        """What stands for something that was forked; RuntimeError if that was not in this trace."""
        found = self._futures.get(id(future))
        if found is None:
            raise RuntimeError("Tried to trace Future or Object that the tracer was not aware of.")
        return found

    def set_value(self, thing: Any, value: Value) -> None:
        """Say what a result is in the graph: a tensor, or a list, tuple or dict with tensors."""
        if isinstance(thing, torch.Tensor):
            value.set_type(recorded_type(thing))
            self.tensors.put(thing, value)
        elif isinstance(thing, list | tuple):
            items = cast("Sequence[Any]", thing)
            kind = "prim::TupleUnpack" if isinstance(thing, tuple) else "prim::ListUnpack"
            for item, part in zip(items, self.unpack(kind, value, len(items)), strict=True):
                self.set_value(item, part)
        elif isinstance(thing, dict):
            self._set_dict(cast("dict[Any, Any]", thing), value)
        else:
            owner = script_object_of(thing)
            if owner is None:
                raise RuntimeError(
                    f"Tracer cannot set value trace for type {_tag(thing)}. "
                    "Supported types are tensor, tensor list, and tuple of tensors."
                )
            self.set_object(owner, value)

    def _set_dict(self, entries: dict[Any, Any], value: Value) -> None:
        kind = value.type
        assert isinstance(kind, DictType)
        for key, item in entries.items():
            inputs = (value, self.insert_constant(key))
            self.set_value(item, self.insert_value("aten::__getitem__", inputs, kind.value_type))

    def unpack(self, kind: str, value: Value, count: int) -> list[Value]:
        """The parts of a list or tuple."""
        node = self.create(kind, (value,), count)
        declared = value.type
        for place, part in enumerate(node.outputs):
            if isinstance(declared, TupleType):
                part.set_type(declared.parts[place])
            elif isinstance(declared, ListType):
                part.set_type(declared.element)
        self.insert(node)
        return list(node.outputs)

    # --- results --------------------------------------------------------------------------------

    def output_of(self, thing: Any, kind: Type, number: int) -> Value:
        """The value of what the program returns, of type `kind`; raises RuntimeError for what it cannot."""
        if isinstance(thing, torch.Tensor):
            found = self.tensors.get(thing)
            if found is None:
                raise RuntimeError(
                    f"output {number} ({self._shown(thing)}) of traced region did not have observable data "
                    "dependence with trace inputs; this probably indicates your program cannot be "
                    "understood by the tracer."
                )
            return found
        if isinstance(thing, list) and isinstance(kind, ListType) and is_subtype(kind.element, TENSOR):
            if self.strict:
                tracer_warnings.warn(
                    self.frame(),
                    "Encountering a list at the output of the tracer" + tracer_warnings.STRICT,
                )
            items = [self.output_of(item, TENSOR, number) for item in cast("list[Any]", thing)]
            return self.insert_list(TENSOR, items)
        if isinstance(thing, tuple) and isinstance(kind, TupleType):
            parts = zip(cast("tuple[Any, ...]", thing), kind.parts, strict=True)
            return self.insert_tuple([self.output_of(item, part, number) for item, part in parts])
        if isinstance(thing, dict) and isinstance(kind, DictType):
            return self._dict_output(cast("dict[Any, Any]", thing), kind, number)
        raise RuntimeError(
            "Only tensors, lists, tuples of tensors, or dictionary of tensors can be output from traced "
            "functions"
        )

    def _dict_output(self, entries: dict[Any, Any], kind: DictType, number: int) -> Value:
        if self.strict:
            raise RuntimeError("Encountering a dict at the output of the tracer" + tracer_warnings.STRICT)
        key_fits = is_subtype(kind.key_type, STRING) or is_subtype(kind.key_type, TENSOR)
        if not key_fits or not is_subtype(kind.value_type, TENSOR):
            raise RuntimeError(
                f"output {number} ({entries}) of traced region cannot be understood by the tracer, only "
                "dict[str, Tensor] or dict[Tensor, Tensor] can be a dictionary output of a traced function"
            )
        pairs: list[Value] = []
        for key, item in entries.items():
            pairs.extend((self.value_of(key), self.output_of(item, TENSOR, number)))
        return self.insert_value("prim::DictConstruct", pairs, kind)

    # --- sizes ----------------------------------------------------------------------------------

    def size_of(self, tensor: torch.Tensor, dim: int) -> torch.Tensor:
        """The length of a dimension as a tensor that is part of the trace."""
        with self.paused():
            made = torch.tensor(tensor.size(dim))
        owner = self.value_of(tensor)
        place = self.place()
        index = self.insert_constant(dim, place)
        return self._number("aten::size", (owner, index), made, place)

    def numel_of(self, tensor: torch.Tensor) -> torch.Tensor:
        """The number of elements as a tensor that is part of the trace."""
        with self.paused():
            made = torch.tensor(tensor.numel())
        return self._number("aten::numel", (self.value_of(tensor),), made, self.place())

    def _number(
        self, kind: str, inputs: Sequence[Value], made: torch.Tensor, place: SourceRange | None
    ) -> torch.Tensor:
        number = self.insert_value(kind, inputs, INT, place)
        self.tensors.put(made, self.insert_value("prim::NumToTensor", (number,), _NUMBER))
        return made


_TAGS: dict[type, str] = {
    bool: "Bool", int: "Int", float: "Double", complex: "ComplexDouble", str: "String", type(None): "None",
    torch.device: "Device",
}  # fmt: skip


def _tag(thing: Any) -> str:
    """What libtorch calls the kind of a value."""
    return _TAGS.get(type(thing), type(thing).__name__)
