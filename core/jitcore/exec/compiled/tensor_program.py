"""Operators one after the other, as plain data: what a compiler is told, and what a file is named by.

graph(%x : Tensor, %n : int):           inputs  [["tensor", "float32", "cpu", [2], [1]], ["number", 3]]
  %y : Tensor = aten::relu(%x)  ->      steps   [["aten::relu", [{"value": 0}]]]
  %z : Tensor = aten::add(%y, %n, 1)            ["aten::add.Scalar", [{"value": 2}, {"value": 1}, 1]]]
  return (%z)                           results [3]

Constant tensors are inputs too, so that a program does not depend on what they hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import torch

from jitcore.exec.compiled.compilable_operators import COMPILABLE, OFF
from jitcore.exec.operators import UNKNOWN, is_torch_overload, schema_key
from jitcore.exec.wrapped_numbers import numbers_among
from jitcore.ops.lookup import schema_of
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Graph, Node, Value

MEMORY_FORMATS: Final = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
"""Memory formats in the order of their numbers in TorchScript."""

_DTYPES: Final = {5: "float16", 6: "float32", 7: "float64", 11: "bool", 15: "bfloat16"}
"""Numbers in TorchScript of the dtypes that compiled code computes with."""

_LISTS: Final = frozenset(("prim::ListConstruct", "prim::TupleConstruct"))
_UNPACKS: Final = frozenset(("prim::ListUnpack", "prim::TupleUnpack"))


class NotCompilableError(JitError):
    """A graph that is not given to the compiler; says why."""


class Step(NamedTuple):
    """One operator: its key, and its arguments as `TensorProgram` says them."""

    key: str
    arguments: tuple[Any, ...]


class TensorProgram:
    """The operators of a graph without branches.

    Values are numbered: the inputs of the graph, then `constants`, which are tensors, then what each of the
    `steps` gives. In arguments `{"value": n}` is such a value, `{"item": [n, i]}` one of a list that a step
    gave. `results` are in the same form. Raises `NotCompilableError`.
    """

    def __init__(self, graph: Graph, constant: Callable[[Node], object], is_canonical: bool = False) -> None:
        self.constants: list[torch.Tensor] = []
        self.steps: list[Step] = []
        self._constant = constant
        self._is_canonical = is_canonical
        self._told: dict[Value, Any] = {}
        self._known: dict[Value, object] = {}
        self._inputs = len(graph.inputs)
        nodes = list(graph.nodes())
        for node in nodes:
            if node.is_constant:
                self._hold(node)
        for place, value in enumerate(graph.inputs):
            self._told[value] = {"value": place}
        for node in nodes:
            if not node.is_constant:
                self._add(node)
        self.results = tuple(self._told[value] for value in graph.outputs)
        if not self.steps or not all(isinstance(result, dict) for result in self.results):
            raise NotCompilableError("it gives something that is no tensor which it computed")

    def _hold(self, node: Node) -> None:
        value = self._constant(node)
        self._known[node.output] = value
        if isinstance(value, torch.Tensor):
            self._told[node.output] = {"value": self._inputs + len(self.constants)}
            self.constants.append(value)
        else:
            self._told[node.output] = value

    def _add(self, node: Node) -> None:
        if node.blocks:
            raise NotCompilableError(f"{node.kind} has branches")
        if node.kind in _LISTS:
            self._told[node.output] = [self._told[value] for value in node.inputs]
            return
        if node.kind in _UNPACKS:
            whole = self._told[node.inputs[0]]
            for place, output in enumerate(node.outputs):
                self._told[output] = (
                    whole[place] if isinstance(whole, list) else {"item": [whole["value"], place]}
                )
            return
        schema = schema_of(node)
        key = node.kind if schema is None else schema_key(schema)
        if schema is None or key not in COMPILABLE or not is_torch_overload(schema) or len(node.outputs) != 1:
            raise NotCompilableError(f"{key} is computed by torch alone")
        known = [self._known.get(value, UNKNOWN) for value in node.inputs]
        if key in OFF and (known[OFF[key]] is UNKNOWN or known[OFF[key]]):
            raise NotCompilableError(f"{key} draws random numbers or changes a tensor here")
        told = [self._told[value] for value in node.inputs]
        for place, number in numbers_among(schema, known, self._is_canonical).items():
            told[place] = number
        for place, argument in enumerate(schema.arguments[: len(told)]):
            told[place] = _argument(argument.name, told[place], key)
        self._told[node.output] = {"value": self._inputs + len(self.constants) + len(self.steps)}
        self.steps.append(Step(key, tuple(told)))

    def described(self, inputs: Sequence[list[Any]]) -> dict[str, Any]:
        """The whole program for inputs that are described (see `described_input`), as JSON takes it."""
        return {"inputs": list(inputs), "steps": self.steps, "results": self.results}


def described_input(value: object) -> list[Any]:
    """A tensor by what it is but for what it holds, anything else by itself."""
    if isinstance(value, torch.Tensor):
        dtype = str(value.dtype).removeprefix("torch.")
        return ["tensor", dtype, str(value.device), [*value.shape], [*value.stride()]]
    return ["number", value]


def _argument(name: str, told: Any, key: str) -> Any:
    if name == "dtype" and told is not None:
        if not isinstance(told, int) or told not in _DTYPES:
            raise NotCompilableError(f"{key} gives a dtype that compiled code does not compute with")
        return {"dtype": _DTYPES[told]}
    if name == "memory_format" and told is not None:
        if not isinstance(told, int) or not 0 <= told < len(MEMORY_FORMATS):
            raise NotCompilableError(f"nobody knows how what {key} gives lies in memory")
        return {"memory_format": MEMORY_FORMATS[told]}
    if not _is_plain(told):
        raise NotCompilableError(f"{key} takes a {type(told).__name__}")
    return told


def _is_plain(told: Any) -> bool:
    if isinstance(told, list):
        return all(_is_plain(part) for part in cast("list[Any]", told))
    return told is None or isinstance(told, bool | int | float | str | dict)
