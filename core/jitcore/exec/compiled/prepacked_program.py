"""A recorded program whose convolutions oneDNN computes from weights that were packed beforehand.

    x1 = aten::convolution(x0, w, b, ...)
    x2 = aten::add(x1, x0)                    x3 = mkldnn::_convolution_pointwise.binary(x0, x0, packed, b,
    x3 = aten::relu(x2)                                                     "add", "relu", ...)

Pictures lie channels last. What else there is torch computes operator by operator. The operators are those
that torch's Inductor calls for frozen modules (torch/_inductor/fx_passes/mkldnn_fusion.py); the packed
weights are copies, made for what the constants held.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.exec.compiled.steps import (
    Slot,
    call_step,
    caller,
    filled,
    outputs_of,
    slot_of,
    slots_in,
    slotted,
    versions_of,
)
from jitcore.exec.compiled.tensor_program import NotCompilableError, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.compiled.recorded_program import RecordedProgram

_CONVOLUTIONS: Final = ("aten::convolution", "aten::_convolution")
_TRANSPOSED: Final = 6
"""The place of the argument that says whether a convolution is transposed."""
_OF_PICTURES: Final = 4
_MOST_FOLDED: Final = 1 << 24
"""Elements of what is computed beforehand."""

_ACTIVATIONS: Final = {
    "aten::relu": "relu", "aten::hardtanh": "hardtanh", "aten::silu": "swish", "aten::hardswish": "hardswish",
    "aten::sigmoid": "sigmoid", "aten::tanh": "tanh",
}  # fmt: skip
"""What oneDNN computes along with a convolution, by torch's name for it."""

_VIEWS: Final = {"aten::view": "aten::reshape", "aten::_unsafe_view": "aten::reshape"}
"""Views of what may lie otherwise in memory now."""

Known = dict[Slot, Any]


class PrepackedProgram:
    """Runs a program with packed weights. Raises `NotCompilableError` if it has no convolution for that."""

    def __init__(self, program: RecordedProgram) -> None:
        if not torch.backends.mkldnn.is_available() or not hasattr(
            torch.ops.mkldnn, "_convolution_pointwise"
        ):
            raise NotCompilableError("torch has no oneDNN here")
        versions = versions_of(program.constants)
        if versions is None:
            raise NotCompilableError("nobody counts what is written to its constants")
        self._versions = versions
        self._reads = program.reads
        self._inputs = program.inputs
        self._held: Known = {
            (program.inputs + place, -1): constant.detach()
            for place, constant in enumerate(program.constants)
        }
        packing = _Packing(program, self._held)
        self._steps = packing.steps()
        if not packing.packed:
            raise NotCompilableError("it has no convolution of pictures with constant weights")
        self._results = slotted(program.results)
        self._strides = {
            slot: program.kinds[slot[0]].stride() if slot[1] < 0 else program.kinds[slot[0]][slot[1]].stride()
            for slot in slots_in(program.results)
        }

    def is_stale(self) -> bool:
        """Whether something has changed that it was made for."""
        written = any(
            tensor._version != version  # pyright: ignore[reportPrivateUsage]
            for tensor, version in self._versions
        )
        return written or not all(read.is_still_so() for read in self._reads)

    def run(self, values: Sequence[Any]) -> Any:
        """What the graph gives."""
        known = dict(self._held)
        for place, value in enumerate(values):
            known[place, -1] = value
        for step in self._steps:
            step(known)
        for slot, strides in self._strides.items():
            tensor = known[slot]
            if tensor.stride() != strides:
                laid_out = torch.empty_strided(
                    tensor.shape, strides, dtype=tensor.dtype, device=tensor.device
                )
                known[slot] = laid_out.copy_(tensor)
        return filled(self._results, known)


class _Packing:
    """Makes the steps of a program: `packed` counts the convolutions among them."""

    def __init__(self, program: RecordedProgram, held: Known) -> None:
        self._program = program
        self._held = held
        self.packed = 0
        self._numbered = list(enumerate(program.steps, program.inputs + len(program.constants)))
        self._uses = Counter(slot for step in program.steps for slot in slots_in(step.arguments))
        self._uses.update(slots_in(program.results))
        self._readers: dict[Slot, list[int]] = {}
        for number, step in self._numbered:
            for slot in slots_in(step.arguments):
                self._readers.setdefault(slot, []).append(number)
        self._by_number = dict(self._numbered)
        self._done: set[int] = set()

    def steps(self) -> list[Callable[[Known], None]]:
        """What computes each step that does not follow from constants alone."""
        made: list[Callable[[Known], None]] = []
        computed = {(place, -1) for place in range(self._program.inputs)}
        for number, step in self._numbered:
            if number in self._done:
                continue
            if self._fold(number, step):
                continue
            packed = self._packed(number, step, computed)
            if packed is None:
                made.append(_called(number, step))
                computed.add((number, -1))
            else:
                last, run = packed
                made.append(run)
                computed.add((last, -1))
        return made

    def _fold(self, number: int, step: Step) -> bool:
        slots = slots_in(step.arguments)
        kind = self._program.kinds[number]
        parts = [kind] if isinstance(kind, torch.Tensor) else kind
        size = sum(part.numel() for part in parts if isinstance(part, torch.Tensor))
        if any(slot not in self._held for slot in slots) or size > _MOST_FOLDED:
            return False
        with torch.no_grad():
            given = call_step(step, [self._held[slot] for slot in slots], slots)
        self._held.update(outputs_of(number, given))
        return True

    def _packed(
        self, number: int, step: Step, computed: set[Slot]
    ) -> tuple[int, Callable[[Known], None]] | None:
        """A convolution with packed weights, and the number of the last step that it computes; None for any
        other step."""
        if step.key not in _CONVOLUTIONS or step.arguments[_TRANSPOSED]:
            return None
        picture, weight = (slot_of(told) for told in step.arguments[:2])
        bias = None if step.arguments[2] is None else slot_of(step.arguments[2])
        if picture is None or weight not in self._held or not (bias is None or bias in self._held):
            return None
        kind = self._program.kinds[picture[0]]
        kind = kind if picture[1] < 0 else kind[picture[1]]
        held = self._held[weight]
        if held.dtype is not torch.float32 or held.dim() != _OF_PICTURES or kind.dtype is not torch.float32:
            return None
        strides, padding, dilation, groups = (step.arguments[place] for place in (3, 4, 5, 8))
        packed = torch.ops.mkldnn._reorder_convolution_weight(
            held.contiguous(), padding, strides, dilation, groups, [*kind.shape]
        )
        added = None if bias is None else self._held[bias]
        shape = padding, strides, dilation, groups
        self.packed += 1
        last, other = self._with_sum(number, computed)
        last, activation = self._with_activation(last, is_sum=other is not None)
        return last, _convolved(picture, (last, -1), packed, added, shape, other, activation)

    def _only_reader(self, number: int) -> int | None:
        readers = self._readers.get((number, -1), [])
        return readers[0] if self._uses[number, -1] == 1 and len(readers) == 1 else None

    def _with_sum(self, number: int, computed: set[Slot]) -> tuple[int, Slot | None]:
        """The sum that alone reads a convolution, if what is added is known by then."""
        reader = self._only_reader(number)
        step = None if reader is None else self._by_number[reader]
        if reader is None or step is None or step.key != "aten::add.Tensor" or step.arguments[2] != 1:
            return number, None
        slots = [slot_of(told) for told in step.arguments[:2]]
        other = next((slot for slot in slots if slot is not None and slot != (number, -1)), None)
        if other is None or other not in computed or other[1] >= 0:
            return number, None
        kinds = self._program.kinds
        like, own = kinds[other[0]], kinds[number]
        if like.shape != own.shape or like.dtype is not own.dtype:
            return number, None
        self._done.add(reader)
        return reader, other

    def _with_activation(self, number: int, *, is_sum: bool) -> tuple[int, tuple[str, list[float]]]:
        """What oneDNN computes of what nobody else reads; of sums relu alone."""
        reader = self._only_reader(number)
        step = None if reader is None else self._by_number[reader]
        name = None if step is None else _ACTIVATIONS.get(step.key)
        if reader is None or step is None or name is None or (is_sum and name != "relu"):
            return number, ("none", [])
        limits = [float(each) for each in step.arguments[1:3]] if name == "hardtanh" else []
        self._done.add(reader)
        return reader, (name, limits)


def _convolved(
    picture: Slot,
    given: Slot,
    packed: torch.Tensor,
    bias: torch.Tensor | None,
    shape: tuple[Any, Any, Any, Any],
    other: Slot | None,
    activation: tuple[str, list[float]],
) -> Callable[[Known], None]:
    """What computes a convolution and what is done with its result."""
    name, limits = activation
    last = torch.channels_last
    if other is None:
        alone = torch.ops.mkldnn._convolution_pointwise.default

        def run(known: Known) -> None:
            x = known[picture].contiguous(memory_format=last)
            known[given] = alone(x, packed, bias, *shape, name, limits, "")

        return run
    with_sum = torch.ops.mkldnn._convolution_pointwise.binary
    then = None if name == "none" else name

    def run_with_sum(known: Known) -> None:
        x = known[picture].contiguous(memory_format=last)
        added = known[other].contiguous(memory_format=last)
        known[given] = with_sum(x, added, packed, bias, *shape, "add", 1, then, limits, "")

    return run_with_sum


def _called(number: int, step: Step) -> Callable[[Known], None]:
    """What computes a step by torch's operator."""
    slots = slots_in(step.arguments)
    call = caller(Step(_VIEWS.get(step.key, step.key), step.arguments), slots)

    def run(known: Known) -> None:
        given = call([known[slot] for slot in slots])
        if isinstance(given, torch.Tensor):
            known[number, -1] = given
        else:
            known.update(outputs_of(number, given))

    return run
