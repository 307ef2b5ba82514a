"""Compiled functions, called from Python."""

from __future__ import annotations

import inspect
import pickle
from typing import TYPE_CHECKING, Any, NoReturn

from jitcore.ir import Function, ScriptObject
from jitcore.scripting.library.calls import call
from jitcore.scripting.library.debug_state import debug_state, graph_for
from jitcore.scripting.library.module_archives import module_bytes, save_object
from jitcore.scripting.library.parameter_names import parameter_name
from jitcore.scripting.library.texts import FunctionTexts
from jitcore.types import BOOL, TENSOR, Argument, ClassType, FunctionSchema, TensorType

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from jitcore.scripting.library.debug_state import GraphExecutorState
    from jitcore.scripting.library.machine import Machine
    from jitcore.scripting.library.texts import ScriptGraph
    from jitcore.types import Type

_PLACEHOLDER = "__torch__.PlaceholderModule"


class ScriptFunction(FunctionTexts):
    """A function that was compiled: called as in Python, with `graph`, `code` and `schema` to look at."""

    def __init__(
        self, function: Function, machine: Machine, original: Callable[..., Any] | None = None
    ) -> None:
        self._function = function
        self._machine = machine
        self._torchdynamo_inline = original
        self.__doc__ = None if original is None else original.__doc__

    @property
    def __signature__(self) -> inspect.Signature:
        """The signature of the function that was compiled."""
        original = self._torchdynamo_inline
        if original is None:
            raise AttributeError("__signature__")
        return inspect.signature(original)

    @property
    def compiled(self) -> Function:
        """The function of the core."""
        return self._function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return call(self._machine, self._function, None, args, kwargs)

    def get_debug_state(self) -> GraphExecutorState:
        """What the executor has made of the function. Raises RuntimeError while nothing is optimized."""
        return debug_state(self._machine.executors.executor_of(self._function), self._machine.executors)

    def graph_for(self, *args: Any, **kwargs: Any) -> ScriptGraph | None:
        """The graph that is run for such arguments; the function is called if it was not yet often enough."""
        return graph_for(self, self, args, kwargs)

    def save(self, filename: str | os.PathLike[str], _extra_files: Mapping[str, Any] | None = None) -> None:
        """Write an archive whose module has the function as its `forward`."""
        save_object(self.as_module(), self._machine, str(filename), _extra_files)

    def save_to_buffer(self, _extra_files: Mapping[str, Any] | None = None) -> bytes:
        """The archive that `save` writes."""
        return module_bytes(self.as_module(), self._machine, _extra_files)

    def as_module(self) -> ScriptObject:
        """A module that has the function as its `forward`."""
        kind = ClassType(_PLACEHOLDER, is_module=True)
        kind.add_attribute("training", BOOL)
        graph = self._function.graph.copy()
        graph.block.insert_input(0, "self", kind)
        # As torch we save what the graph says: it knows no defaults, and may know the results better.
        arguments = [
            Argument(parameter_name(value.debug_name, place), _without_shape(value.type))
            for place, value in enumerate(graph.inputs)
        ]
        returns = tuple(Argument("", _without_shape(value.type)) for value in graph.outputs)
        named = FunctionSchema("forward", "", tuple(arguments), returns)
        kind.methods["forward"] = Function(f"{_PLACEHOLDER}.forward", named, graph, kind)
        return ScriptObject(kind, {"training": True})

    def __getstate__(self) -> NoReturn:
        raise pickle.PickleError("ScriptFunction cannot be pickled")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise pickle.PickleError("ScriptFunction cannot be pickled")


def _without_shape(kind: Type) -> Type:
    return TENSOR if isinstance(kind, TensorType) else kind
