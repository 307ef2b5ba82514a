"""What is noted where operators are recorded: numbers of Python in nodes, writes, draws, captured tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing.black_box.descriptions import described, short
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.records import NOTHING, Note, ReadRecord, Taint
from jitcore.tracing.black_box.tensor_origins import DRAWS, FROM_INPUTS, STATE, TensorOrigins, is_random

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from jitcore.ir import Node
    from jitcore.tracing.black_box.decision import Kind
    from jitcore.tracing.black_box.frame_record import FrameRecord
    from jitcore.tracing.black_box.program_text import Span
    from jitcore.tracing.black_box.recording import Recording
    from jitcore.tracing.operator_plans import Plan
    from jitcore.tracing.state import TracingState

_TRAINING = frozenset(("train", "training", "use_input_stats", "dropout_p"))
"""Parameters of operators that say, or tell, that they work as in training."""
_WHOLE = (0, (1 << 63) - 1)
"""Where a slice begins and ends that is written without numbers."""
_MOST_TENSORS = 16
_TYPE_PARAMETERS = frozenset(("device", "dtype"))


class GraphNotes:
    """The notes of one trace, which `recording` keeps."""

    def __init__(self, recording: Recording, state: TracingState) -> None:
        self.recording = recording
        recording.tensor_reads.origins = TensorOrigins(state)
        self._state = state
        self._storages: dict[int, str] = {}
        self._literals: frozenset[float] = frozenset()

    def knows_storages(self, tensors: list[tuple[str, torch.Tensor]]) -> None:
        """Say which memory belongs to inputs, parameters and buffers."""
        for name, tensor in tensors:
            address = _address(tensor)
            if address:
                self._storages.setdefault(address, name)

    def read(self, what: str, kind: Kind, tensor: torch.Tensor, value: Any) -> None:
        """Python learns something of a tensor."""
        if what == "data":
            address = _address(tensor)
            if address:
                self._storages.setdefault(address, "memory that .data reaches too")
        self.recording.tensor_reads.note(what, kind, tensor, value, self._state.frame())

    def operator(self, node: Node, plan: Plan, values: Sequence[Any]) -> None:
        """An operator is recorded with a value for each of its parameters."""
        recording = self.recording
        place = recording.running.place_of(self._state.frame())
        if place is None:
            return
        frame, library = place
        record = recording.running.record_for(frame)
        taint = NOTHING
        may_come_from_reads = (
            record.names
            or record.events
            or record.outer is not None
            or recording.provenance.mutable_attributes
            or recording.provenance.mutable_variables
        )
        if may_come_from_reads and record.site is not None:
            taint = self._taint(record, frame)
            if taint:
                self._hold(node, taint, _numbers(node, plan, values))
        if is_random(node):
            if _is_switched_off(plan, values):
                recording.tensor_reads.origins.calm.add(node)
            else:
                self._drawn(node, frame)
        if _is_trained(plan, values):
            said = f"{node.kind.removeprefix('aten::')} is recorded as it works in training"
            self._note("modes", "mode", frame, False, "True", said, NOTHING)
        if plan.written is not None:
            self._written(node, values[plan.written], frame, library, taint)

    def _taint(self, record: FrameRecord, frame: FrameType, itself: bool = False) -> Taint:
        """What numbers came from that an operator is given."""
        assert record.site is not None
        recording = self.recording
        file, span = instrumented(record.site.path), recording.running.position(frame)
        expression, stored = file.expression_at(span), file.stored_at(span)
        found = NOTHING if expression is None else recording.provenance.taint_of(record, expression, itself)
        self._literals = frozenset() if expression is None or itself else expression.literals
        return found if stored is None else found | recording.provenance.taint_of(record, stored)

    def _hold(self, node: Node, taint: Taint, numbers: list[tuple[str, Any]]) -> None:
        """A node has been given numbers of Python, by the names of parameters; some came from reads."""
        if not numbers or node.source_range is None:
            return
        key = id(node.source_range), node.kind
        shown = ", ".join(f"{name}={short(value)}" if name else short(value) for name, value in numbers[:6])
        origin = 0
        for each in _holders(taint, numbers, self._literals):
            each.nodes.add(key)
            if len(each.became) < 4:
                each.became[f"{node.kind}({shown})"] = None
            origin |= each.origin
        self.recording.tensor_reads.origins.given(node, origin)

    def made(self, name: str, node: Node, data: torch.Tensor, given: Any) -> None:
        """A tensor is made of `given`, values of Python, and is a constant of the graph."""
        recording = self.recording
        for each in _tensors_in(given):
            # Tensors in lists are read as numbers.
            self.read("item", "constant", each, each)
        place = recording.running.place_of(self._state.frame())
        if place is None:
            return
        frame, library = place
        record = recording.running.record_for(frame)
        taint = self._taint(record, frame, itself=True) if record.site is not None else NOTHING
        if taint:
            self._hold(node, taint, [("", data)])
        origin = 0
        for each in taint:
            if each.kind not in ("device-or-dtype", "mode"):
                origin |= each.origin
        said = f"{name} makes a tensor of values of Python: the graph holds it as it was"
        harmless = not origin & (FROM_INPUTS | DRAWS | STATE)
        self._note("captured", "constant", frame, library, described(data), said, taint, harmless, node)

    def captured(self, tensor: torch.Tensor, node: Node) -> None:
        """A tensor that the trace has not seen is used, and becomes a constant."""
        place = self.recording.running.place_of(self._state.frame())
        if place is None:
            return
        frame, library = place
        said = "a tensor that is no input, parameter or buffer is used: the graph holds it as it was"
        span, name = self._holder_of(tensor, frame)
        record = self.recording.running.record_for(frame)
        taint = self._taint(record, frame) if record.site is not None else NOTHING
        at = self.recording.running.position(frame)
        is_number = tensor.dim() == 0 and instrumented(frame.f_code.co_filename).stored_at(at) is not None
        if is_number and taint:
            self._hold(node, taint, [("", tensor)])
        made = self._note(
            "captured",
            "constant",
            frame,
            library,
            described(tensor),
            said,
            frozenset(each for each in taint if is_number or each.kind == "python-state"),
            is_number and not taint,
            node,
            span,
        )
        made.name = name

    def _holder_of(self, tensor: torch.Tensor, frame: FrameType) -> tuple[Span | None, str]:
        """Where the running expression reads the tensor from, and the name of the attribute or variable."""
        file = instrumented(frame.f_code.co_filename)
        known: dict[str, Any] = {**frame.f_globals, **frame.f_locals}
        for span, path in file.paths_at(self.recording.running.position(frame)):
            value: Any = known.get(path[0])
            for name in path[1:]:
                value = _attribute(value, name)
            if value is tensor:
                return span, path[-1]
        return None, ""

    def _drawn(self, node: Node, frame: FrameType) -> None:
        said = f"{node.kind.removeprefix('aten::')} draws random numbers"
        self._note("random", "randomness", frame, False, node.kind, said, NOTHING, False, node)

    def _written(
        self, node: Node, written: torch.Tensor, frame: FrameType, library: bool, taint: Taint
    ) -> None:
        value = self._state.tensors.get(written)
        origins = self.recording.tensor_reads.origins
        if value is not None:
            origin = 0
            for each in node.inputs:
                origin |= origins.of_value(each)
            for each in taint:
                origin |= each.origin
            origins.written(value, origin)
        owner = self._storages.get(_address(written))
        if owner is not None:
            said = f"{node.kind.removeprefix('aten::')} writes to {owner} in place"
            self._note("writes", "aliasing", frame, library, described(written), said, taint, False, node)

    def _note(
        self,
        group: str,
        kind: Kind,
        frame: FrameType,
        library: bool,
        value: str,
        said: str,
        reads: Taint,
        harmless: bool = False,
        node: Node | None = None,
        span: Span | None = None,
    ) -> Note:
        recording = self.recording
        if span is None:
            span = recording.running.position(frame)
        code = frame.f_code
        made = recording.findings.note_at(
            getattr(recording.findings, group),
            kind,
            code.co_filename,
            code.co_qualname,
            span,
            value,
            said,
            reads,
            harmless,
            library,
        )
        if node is not None and node.source_range is not None:
            made.nodes.add((id(node.source_range), node.kind))
        return made


def _is_trained(plan: Plan, values: Sequence[Any]) -> bool:
    """Whether an operator works otherwise than it would in evaluation."""
    place = _training_place(plan)
    if place is None or not values[place]:
        return False
    given = {each.name: value for each, value in zip(plan.parameters, values, strict=False)}
    if "running_mean" in given:
        # Without statistics there is no other way.
        return given["running_mean"] is not None
    return any(given.get(name, 0.0) for name in ("p", "dropout", "dropout_p", "upper"))


def _is_switched_off(plan: Plan, values: Sequence[Any]) -> bool:
    """Whether an operator that may draw random numbers has been told not to."""
    given = {each.name: value for each, value in zip(plan.parameters, values, strict=False)}
    if any(given.get(name) is False for name in ("train", "training")):
        return True
    probabilities = [given[name] for name in ("dropout", "dropout_p") if name in given]
    return bool(probabilities) and not any(probabilities)


_PLACES: dict[int, int | None] = {}


def _training_place(plan: Plan) -> int | None:
    """Which parameter of an operator says that it works as in training."""
    found = _PLACES.get(id(plan), -1)
    if found == -1:
        found = _PLACES[id(plan)] = next(
            (place for place, each in enumerate(plan.parameters) if each.name in _TRAINING), None
        )
    return found


def _numbers(node: Node, plan: Plan, values: Sequence[Any]) -> list[tuple[str, Any]]:
    """Constants that an operator is given, but for defaults, with the names of its parameters."""
    found: list[tuple[str, Any]] = []
    for place, value in zip(plan.given, node.inputs, strict=False):
        parameter, given = plan.parameters[place], values[place]
        if (
            given is None
            or isinstance(given, torch.Tensor)
            or given == parameter.default
            or parameter.name in ("layout", "pin_memory")
            or (plan.kind == "aten::slice" and given in _WHOLE)
        ):
            continue
        maker = value.node
        if maker.is_constant or (
            maker.kind == "prim::ListConstruct" and any(each.node.is_constant for each in maker.inputs)
        ):
            found.append((parameter.name, given))
    return found


def _holders(taint: Taint, numbers: list[tuple[str, Any]], literals: frozenset[float]) -> list[ReadRecord]:
    """Of reads those that numbers came from: with the very value, or else all that may have.

    Numbers that are written in the call, `literals`, came from nowhere.
    """
    texts = {short(each) for _, value in numbers for each in (value, *_items(value))}
    is_typed = any(name in _TYPE_PARAMETERS for name, _ in numbers)
    fitting = [each for each in taint if is_typed or each.kind != "device-or-dtype"]
    exact = [each for each in fitting if not texts.isdisjoint(each.values)]
    if any(not each.library and each.kind in ("constant", "shape") for each in exact):
        return exact
    if all(_is_written(value, literals) for _, value in numbers):
        return []
    return exact + [each for each in fitting if not each.library and each not in exact]


def _is_written(value: Any, literals: frozenset[float]) -> bool:
    return all(isinstance(each, int | float) and each in literals for each in _items(value) or [value])


def _tensors_in(given: Any) -> list[torch.Tensor]:
    """The tensors in lists, the first of them where there are many."""
    found: list[torch.Tensor] = []
    waiting: list[Any] = [given] if isinstance(given, list | tuple) else []
    while waiting and len(found) < _MOST_TENSORS:
        each = waiting.pop(0)
        if isinstance(each, torch.Tensor):
            found.append(each)
        elif isinstance(each, list | tuple):
            waiting.extend(each[:_MOST_TENSORS])
    return found


def _attribute(owner: Any, name: str) -> Any:
    """An attribute, without running code of the program's."""
    held: dict[str, Any] = getattr(owner, "__dict__", {})
    for slots in (held, *(held.get(each, {}) for each in ("_buffers", "_parameters", "_modules"))):
        if name in slots:
            return slots[name]
    return None


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _address(tensor: torch.Tensor) -> int:
    """Where the memory of a tensor begins; 0 for one that has none."""
    with TORCH._C.DisableTorchFunction():
        if tensor.layout is not torch.strided or tensor.is_nested:
            return 0
        return int(tensor.untyped_storage().data_ptr())
