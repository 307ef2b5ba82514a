"""Records operators as the program calls them: above autograd, and before anything takes them apart."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import torch
from torch._C import DispatchKey
from torch._dispatch.python import enable_python_dispatcher
from torch._subclasses.schema_check_mode import SchemaCheckMode

from jitcore.exec.wrapped_numbers import mark
from jitcore.slots.torch_names import TORCH
from jitcore.tracing import tracer_warnings
from jitcore.tracing.constructed import record_conversion
from jitcore.tracing.operator_handlers import OperatorHandlers, asked_within, leave_out
from jitcore.tracing.operator_plans import Plan, Way, plan_of
from jitcore.tracing.tensor_values import recorded_type
from jitcore.types import FLOAT, INT, TENSOR, ListType, OptionalType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.source import SourceRange
    from jitcore.tracing.operator_plans import Parameter
    from jitcore.tracing.state import TracingState

_layer: Callable[[], object | None] = TORCH._C._functorch.peek_interpreter_stack
_IN_VMAP = DispatchKey.FuncTorchVmapMode
_has_kernel: Callable[[str, DispatchKey], bool] = TORCH._C._dispatch_has_kernel_for_dispatch_key
_BELOW = TORCH._C._dispatch_keyset_full_after(DispatchKey.PreDispatch)


class OperatorRecorder(SchemaCheckMode):
    """The mode that torch asks before it dispatches an operator for the first time; then handlers are.

    Only modes of torch's own kinds are taken there; of this one nothing but the place is used.
    """

    def __init__(self, state: TracingState) -> None:
        super().__init__()
        # By this torch knows where a mode is to be put back that was taken away for a while.
        self.__dict__["_dispatch_key"] = DispatchKey.PreDispatch
        self._state = state
        self.handlers = OperatorHandlers(self._answer)

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Having itself left out by torch.compile would import all of that.
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Record the operator if that is due, and run it."""
        with _on_stack(self):
            # As it is where handlers are asked.
            leave_out()
            return self.handlers.handle(func, args, kwargs or {})

    def _answer(self, func: Any, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
        state = self._state
        if not state.is_recording:
            return func(*args, **given)
        plan = plan_of(func)
        way = plan.way
        if way is Way.IGNORE:
            return func(*args, **given)
        # Transforms (`torch.func`) take their tensors off first: what they make of the operator comes here.
        if _layer() is not None:
            return self._redispatch(func, *_numbers_as_tensors(state, plan, args, given))
        if way is Way.LOWER or (plan.casts and _is_cast_first(plan)):
            return self._redispatch(func, args, given)
        if way is Way.OPEN:
            return self._open(func, args, given)
        special = _SPECIAL.get(plan.schema_name)
        # What is asked of tensors from here on is no part of the program.
        with TORCH._C.DisableTorchFunction():
            if special is not None:
                return special(state, func, args, given)
            return _record(state, func, plan, args, given)

    def _open(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run an operator so that the operators of which it is made come here."""
        with asked_within():
            if operator.has_kernel_for_dispatch_key(DispatchKey.CompositeImplicitAutograd):
                return operator.decompose(*args, **kwargs)
            return operator._op_dk(DispatchKey.CompositeExplicitAutograd, *args, **kwargs)

    def _redispatch(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Run an operator so that whatever its kernels call comes here."""
        with asked_within():
            keys = TORCH._C._dispatch_tls_local_include_set()
            for argument in (*args, *kwargs.values()):
                if isinstance(argument, torch.Tensor):
                    keys = keys | TORCH._C._dispatch_keys(argument)
                elif isinstance(argument, list | tuple):
                    for item in cast("Sequence[Any]", argument):
                        if isinstance(item, torch.Tensor):
                            keys = keys | TORCH._C._dispatch_keys(item)
            keys = (keys - TORCH._C._dispatch_tls_local_exclude_set()) & _BELOW
            if not _has_kernel(operator.name(), _IN_VMAP):
                # There the fallback of all operators is to fall through, which a set of keys must do itself.
                keys = keys.remove(_IN_VMAP)
            return operator.redispatch(keys, *args, **kwargs)


def _numbers_as_tensors(
    state: TracingState, plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments in which numbers that stand for tensors are such, as only C++ makes them otherwise."""
    positional = list(args)
    for place, (parameter, value) in enumerate(zip(plan.parameters, args, strict=False)):
        if parameter.kind == "Tensor" and isinstance(value, bool | int | float | complex):
            positional[place] = _tensor_of_number(state, value)
    return tuple(positional), kwargs


def _tensor_of_number(state: TracingState, value: complex) -> torch.Tensor:
    """A number as a tensor that takes part in types as a number does."""
    with state.paused():
        if isinstance(value, bool):
            made = torch.tensor(value)
        elif isinstance(value, int):
            made = torch.tensor(value, dtype=torch.int64)
        elif isinstance(value, complex):
            made = torch.tensor(value, dtype=torch.complex128)
        else:
            made = torch.tensor(value, dtype=torch.float64)
    mark(made)
    return made


def _is_cast_first(plan: Plan) -> bool:
    """Whether autocast will call the operator once more, with what it casts."""
    return any(not TORCH._C._dispatch_tls_is_dispatch_key_excluded(key) for key in plan.casts)


def _record(
    state: TracingState, operator: Any, plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Record an operator and run it."""
    values = _bound(plan, args, kwargs)
    node = _Call(state, plan, state.place()).record(values)
    result = _run(state, operator, args, kwargs)
    if state.notes is not None:
        state.notes.operator(node, plan, values)
    _add_outputs(state, node, plan, result)
    return result


def _run(state: TracingState, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    with state.paused():
        return operator(*args, **kwargs)


def _resize(state: TracingState, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    state.stashed_lists.pop("size", None)
    name = operator._schema.name.removeprefix("aten::")
    tracer_warnings.warn(state.frame(), name + tracer_warnings.RESIZE)
    state.tensors.forget(args[0])
    return _run(state, operator, args, kwargs)


def _copy(state: TracingState, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    target, source = args[:2]
    is_alone = aliases_of(target) <= 1
    if state.force_outplace and is_alone:
        node = state.create("aten::expand_as", (state.value_of(source), state.value_of(target)))
        state.insert(node)
    else:
        inputs = (state.value_of(target), state.value_of(source), state.insert_constant(False))
        node = state.insert(state.create("aten::copy_", inputs))
        node.source_range = state.place()
    if state.force_outplace and not is_alone:
        warn_of_aliases(state, target, "copy_ (possibly due to an assignment)")
    result = _run(state, operator, args, kwargs)
    if state.notes is not None:
        state.notes.operator(node, plan_of(operator), [target, source, False])
    _add_tensor(state, node, target)
    return result


def _lift(state: TracingState, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if state.is_from_numpy:
        return _record(state, operator, plan_of(operator), args, kwargs)
    # A constructor of C++ made a tensor of values of Python.
    result = _run(state, operator, args, kwargs)
    with state.paused():
        data = result.detach()
    node = record_conversion(state, data, state.place())
    state.tensors.put(result, node.outputs[0])
    if state.notes is not None:
        state.notes.made("a constructor", node, data, None)
    return result


_SPECIAL: dict[str, Callable[[TracingState, Any, tuple[Any, ...], dict[str, Any]], Any]] = {
    "aten::resize_": _resize,
    "aten::resize_as_": _resize,
    "aten::copy_": _copy,
    "aten::lift_fresh": _lift,
}
"""Operators that libtorch's tracer has kernels of its own for."""


def aliases_of(tensor: torch.Tensor) -> int:
    """How many tensors share a tensor's memory, itself included."""
    storage: Any = tensor.untyped_storage()
    # One is the object that is asked.
    return TORCH._C._storage_Use_Count(storage._cdata) - 1


def warn_of_aliases(state: TracingState, tensor: torch.Tensor, name: str) -> None:
    """Warn that a write that is recorded as none is not seen by others that share the memory."""
    tracer_warnings.warn(
        state.frame(),
        f"There are {aliases_of(tensor)} live references to the data region being modified when tracing "
        f"in-place operator {name}. This might cause the trace to be incorrect, because all other views "
        "that also reference this data will not reflect this change in the trace! On the other hand, if "
        "all other views use the same memory chunk, but are disjoint (e.g. are outputs of torch.split), "
        "this might still be safe.",
    )


@contextmanager
def active(recorder: OperatorRecorder) -> Generator[None]:
    """Context in which a recorder is asked."""
    with enable_python_dispatcher(), recorder.handlers.installed(), _on_stack(recorder):
        yield


@contextmanager
def _on_stack(recorder: OperatorRecorder) -> Generator[None]:
    TORCH._ops._set_mode_pre_dispatch(recorder)
    try:
        yield
    finally:
        TORCH._ops._pop_mode_from_pre_dispatch()


def _bound(plan: Plan, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    """A value for each parameter."""
    positional = iter(args)
    values: list[Any] = []
    for parameter in plan.parameters:
        if parameter.name in kwargs:
            values.append(kwargs[parameter.name])
        elif parameter.is_keyword:
            values.append(parameter.default)
        else:
            values.append(next(positional, parameter.default))
    return values


class _Call:
    """One call that is recorded."""

    def __init__(self, state: TracingState, plan: Plan, place: SourceRange | None) -> None:
        self._state = state
        self._plan = plan
        self._place = place

    def record(self, values: Sequence[Any]) -> Node:
        """The node of the call, without its results."""
        state, plan = self._state, self._plan
        outplace = state.force_outplace
        node = state.create(plan.functional_kind if outplace else plan.kind)
        node.source_range = self._place
        for place in plan.given:
            node.add_input(self._input(plan.parameters[place], values[place]))
        if plan.outs:
            self._add_outs(node, [values[place] for place in plan.outs])
        elif outplace and plan.adds_options:
            self._add_options(node, None, torch.strided, torch.device("cpu"), False)
            node.add_input(state.insert_constant(torch.preserve_format, self._place))
        state.insert(node)
        if outplace and plan.written is not None:
            written = values[plan.written]
            if aliases_of(written) > 1:
                warn_of_aliases(state, written, plan.kind.split("::")[1])
        return node

    def _add_outs(self, node: Node, outs: list[torch.Tensor]) -> None:
        out = outs[0]
        if not self._state.force_outplace:
            for each in outs:
                node.add_input(self._state.value_of(each))
        elif self._plan.is_factory:
            self._add_options(node, out.dtype, out.layout, out.device, out.is_pinned())

    def _add_options(
        self, node: Node, dtype: torch.dtype | None, layout: torch.layout, device: torch.device, pinned: bool
    ) -> None:
        for option in (dtype, layout, device, pinned):
            node.add_input(
                self._state.insert_none()
                if option is None
                else self._state.insert_constant(option, self._place)
            )

    def _input(self, parameter: Parameter, value: Any) -> Value:
        state, name = self._state, parameter.name
        kind = parameter.kind
        is_list = kind.startswith(("List[", "Optional[List["))
        if value is None:
            return state.insert_none()
        if name in state.stashed and not is_list:
            return state.stashed.pop(name)
        if is_list:
            return self._list(parameter, list(value))
        if kind in ("Tensor", "Optional[Tensor]") and not isinstance(value, torch.Tensor):
            return self._wrapped_number(value)
        if isinstance(value, torch.Tensor):
            return state.value_of(value)
        if isinstance(value, torch.Generator):
            return state.insert_generator(value, self._place)
        if isinstance(value, torch.ScriptObject):
            return state.value_of(value)
        return state.insert_constant(value, self._place)

    def _wrapped_number(self, value: Any) -> Value:
        """A number where a tensor is wanted: a tensor of its own each time."""
        return self._state.insert_tensor(_tensor_of_number(self._state, value), self._place)

    def _list(self, parameter: Parameter, items: list[Any]) -> Value:
        state, kind = self._state, parameter.kind
        if "Tensor" in kind:
            optional = "List[Optional[Tensor]]" in kind
            values = [state.insert_none() if item is None else self._tensor(item) for item in items]
            return state.insert_list(OptionalType(TENSOR) if optional else TENSOR, values)
        if "int" in kind or "SymInt" in kind:
            stashed = state.stashed_lists.pop(parameter.name, None) or [None] * len(items)
            numbers = [
                state.insert_constant(item, self._place) if known is None else known
                for item, known in zip(items, stashed, strict=True)
            ]
            return state.insert_list(INT, numbers)
        if "float" in kind:
            if not kind.startswith("Optional["):
                raise RuntimeError("Tracing float lists currently not supported!")
            return state.insert_list(FLOAT, [state.insert_constant(item, self._place) for item in items])
        if "bool" in kind:
            raise RuntimeError("Tracing a list of bool type is currently not supported!")
        raise RuntimeError("Tracing a list of arbitrary type is currently not supported!")

    def _tensor(self, item: Any) -> Value:
        return self._state.value_of(item) if isinstance(item, torch.Tensor) else self._wrapped_number(item)


def _add_outputs(state: TracingState, node: Node, plan: Plan, result: Any) -> None:
    results: Sequence[Any]
    if not plan.returns:
        return
    if len(plan.returns) == 1:
        results = (result,)
    else:
        results = cast("Sequence[Any]", result)
    for kind, each in zip(plan.returns, results, strict=True):
        if kind == "Tensor":
            _add_tensor(state, node, each)
        elif kind == "List[Tensor]":
            value = node.add_output(ListType(TENSOR))
            unpacked = state.insert(state.create("prim::ListUnpack", (value,), len(each)))
            for item, part in zip(each, unpacked.outputs, strict=True):
                part.set_type(recorded_type(item))
                state.tensors.put(item, part)
        elif isinstance(each, torch.ScriptObject):
            state.set_native_object(each, node.add_output())
        else:
            raise RuntimeError(
                f"Found an unsupported argument type {kind} in the JIT tracer. File a bug report."
            )


def _add_tensor(state: TracingState, node: Node, tensor: torch.Tensor | None) -> None:
    value = node.add_output(TENSOR)
    if tensor is not None:
        value.set_type(recorded_type(tensor))
        state.tensors.put(tensor, value)
