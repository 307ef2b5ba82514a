"""A program of tensors in parts: some that a compiler is given, and between them what torch alone computes.

    x1 = aten::embedding(w, x0)        torch, since a wrong index has to raise
    x2 = aten::mul(x1, 2)              compiled, with all that follows
    x3 = aten::tanh(x2)

What follows from constants alone is computed once. Weights of convolutions are laid out as compiled code
reads them. Both are made for what the constants hold, which is checked before each run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import torch

from jitcore.exec.compiled.compilable_operators import COMPILABLE_BELOW_AUTOGRAD, OFF
from jitcore.exec.compiled.recorded_program import RecordedProgram
from jitcore.exec.compiled.steps import (
    Slot,
    call_step,
    direct,
    filled,
    outputs_of,
    slot_of,
    slots_in,
    slotted,
    told_of,
    versions_of,
)
from jitcore.exec.compiled.tensor_program import NotCompilableError, described_input

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.compiled.recorded_program import ReadAttribute
    from jitcore.exec.compiled.tensor_program import Step

COMPUTED: Final = (torch.float16, torch.float32, torch.float64, torch.bool, torch.bfloat16)
"""Dtypes that compiled code computes with: it divides and overflows whole numbers otherwise than torch."""

_MOST_PARTS: Final = 4
"""Parts that are compiled: each is entered and left."""

_FEWEST: Final = 2
"""Operators that are worth compiling."""

_OF_FIRST: Final = ("aten::max_pool2d_with_indices", "aten::_native_batch_norm_legit_no_training")
"""Operators whose first result alone is a picture."""

_MOST_FOLDED: Final = 1 << 24
"""Elements of what is computed beforehand."""

_OF_PICTURES: Final = 4
"""Dimensions of the weight of a convolution of pictures."""

Calls = list["Callable[..., list[Any]] | None"]


class OtherLayoutError(Exception):
    """What torch computed between two parts lies otherwise in memory than was foreseen."""


class Part(NamedTuple):
    """Operators that are computed by one call.

    It takes `inputs` and gives `outputs`. `described` is for the compiler, None for what torch computes
    alone; `made` are the places of inputs that an earlier part gives, and how they lie. `direct` computes it
    by torch.
    """

    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    described: dict[str, Any] | None
    made: tuple[tuple[int, torch.Size, tuple[int, ...], torch.dtype], ...]
    direct: Callable[..., Sequence[Any]]


class PreparedProgram:
    """Runs the parts of a program. Attributes: `parts`, `has_convolutions`.

    Raises `NotCompilableError` if there is nothing to compile in it.
    """

    def __init__(
        self,
        inputs: int,
        constants: Sequence[torch.Tensor],
        parts: list[Part],
        held: dict[Slot, torch.Tensor],
        results: Any,
        derived: list[tuple[torch.Tensor, int]],
        reads: list[ReadAttribute],
    ) -> None:
        self.parts = parts
        self._inputs = inputs
        self._held = held
        self._results = results
        self._derived = derived
        self._reads = reads
        self.constants = tuple(constants)
        compiled = [part.described for part in parts if part.described is not None]
        if not compiled:
            raise NotCompilableError("torch alone computes what it calls")
        self.has_convolutions = any(
            key == "aten::convolution" for told in compiled for key, _ in told["steps"]
        )

    def is_stale(self) -> bool:
        """Whether something has changed that it was made for."""
        return any(tensor._version != version for tensor, version in self._derived) or not all(
            read.is_still_so() for read in self._reads
        )

    def run(self, calls: Calls, values: Sequence[Any]) -> Any:
        """What the graph gives; `calls` compute the parts that are compiled, in order."""
        found: dict[Slot, Any] = dict(self._held)
        for place, value in enumerate(values):
            found[place, -1] = value
        for part, call in zip(self.parts, calls, strict=True):
            given = [found[slot] for slot in part.inputs]
            if call is None:
                outputs = part.direct(*given)
            else:
                for place, sizes, strides, dtype in part.made:
                    tensor = given[place]
                    if tensor.shape != sizes or tensor.stride() != strides or tensor.dtype is not dtype:
                        raise OtherLayoutError
                outputs = call(*given)
            found.update(zip(part.outputs, outputs, strict=True))
        return filled(self._results, found)


def of_recorded(program: RecordedProgram) -> PreparedProgram:
    """The parts of what was recorded. Raises `NotCompilableError`."""
    return _Preparing(program).prepared()


class _Preparing:
    """Takes a recorded program apart."""

    def __init__(self, program: RecordedProgram) -> None:
        self._program = program
        self._first = program.inputs + len(program.constants)
        self._held: dict[Slot, Any] = {
            (program.inputs + place, -1): constant.detach()
            for place, constant in enumerate(program.constants)
        }
        self._versions = versions_of(program.constants)
        self._is_derived = program.is_derived
        if program.is_derived and self._versions is None:
            raise NotCompilableError("nobody counts what is written to its constants")

    def prepared(self) -> PreparedProgram:
        steps = self._needed([*enumerate(self._program.steps, self._first)])
        if self._versions is not None:
            steps = [(number, step) for number, step in steps if not self._fold(number, step)]
        levels = self._levels(steps)
        by_level: dict[int, list[tuple[int, Step]]] = {}
        for number, step in steps:
            by_level.setdefault(levels[number], []).append((number, step))
        compiled = sorted(
            (level for level in by_level if level % 2 and len(by_level[level]) >= _FEWEST),
            key=lambda level: -len(by_level[level]),
        )[:_MOST_PARTS]
        ordered = sorted(by_level)
        parts = [self._part(by_level[level], by_level, level, level in compiled) for level in ordered]
        results = slotted(self._program.results)
        derived = self._versions if self._is_derived and self._versions is not None else []
        return PreparedProgram(
            self._program.inputs, self._program.constants, parts, self._held, results, derived,
            self._program.reads,
        )  # fmt: skip

    def _needed(self, steps: list[tuple[int, Step]]) -> list[tuple[int, Step]]:
        """The steps that what the graph gives depends on."""
        wanted = {number for number, _ in slots_in(self._program.results)}
        kept: list[tuple[int, Step]] = []
        for number, step in reversed(steps):
            if number in wanted:
                kept.append((number, step))
                wanted.update(read for read, _ in slots_in(step.arguments))
        return kept[::-1]

    def _fold(self, number: int, step: Step) -> bool:
        """Compute a step that follows from constants alone; says whether it was done."""
        slots = slots_in(step.arguments)
        kinds = self._kinds_of(number)
        if any(slot not in self._held for slot in slots) or sum(k.numel() for k in kinds) > _MOST_FOLDED:
            return False
        with torch.no_grad():
            given = call_step(step, [self._held[slot] for slot in slots], slots)
        for slot, tensor in outputs_of(number, given):
            self._held[slot] = tensor
        self._is_derived = True
        return True

    def _levels(self, steps: list[tuple[int, Step]]) -> dict[int, int]:
        """Compiled operators are on odd levels, others on even ones, each behind what it reads."""
        levels: dict[int, int] = {}
        for number, step in steps:
            read = [levels[slot[0]] for slot in slots_in(step.arguments) if slot[0] in levels]
            level = max(read, default=0)
            levels[number] = level + (level % 2 != self._is_compilable(number, step))
        return levels

    def _is_compilable(self, number: int, step: Step) -> bool:
        key = step.key
        if key not in COMPILABLE_BELOW_AUTOGRAD or (key in OFF and step.arguments[OFF[key]]):
            return False
        kinds = [self._kind(slot) for slot in slots_in(step.arguments)]
        kinds += self._kinds_of(number)[: 1 if key in _OF_FIRST else None]
        return bool(kinds) and all(
            kind.dtype in COMPUTED and kind.layout is torch.strided and kind.numel() for kind in kinds
        )

    def _kind(self, slot: Slot) -> torch.Tensor:
        found = self._program.kinds[slot[0]]
        return found if slot[1] < 0 else found[slot[1]]

    def _kinds_of(self, number: int) -> list[torch.Tensor]:
        found = self._program.kinds[number]
        return (
            [found] if isinstance(found, torch.Tensor) else [k for k in found if isinstance(k, torch.Tensor)]
        )

    def _part(
        self,
        steps: list[tuple[int, Step]],
        by_level: dict[int, list[tuple[int, Step]]],
        level: int,
        is_compiled: bool,
    ) -> Part:
        own = {number for number, _ in steps}
        inputs = [*dict.fromkeys(s for _, step in steps for s in slots_in(step.arguments) if s[0] not in own)]
        later = {
            slot
            for other, others in by_level.items() if other != level
            for _, step in others for slot in slots_in(step.arguments)
        } | set(slots_in(self._program.results))  # fmt: skip
        outputs = sorted(slot for slot in later if slot[0] in own)
        if is_compiled:
            inputs = self._laid_out(steps, inputs)
        likes = [self._held[slot] if slot in self._held else self._kind(slot) for slot in inputs]
        places = {slot: {"value": place} for place, slot in enumerate(inputs)}
        numbers = {number: len(inputs) + place for place, (number, _) in enumerate(steps)}

        def local(told: Any) -> Any:
            match told:
                case {"value": int(number)}:
                    return places.get((number, -1)) or {"value": numbers[number]}
                case {"item": [int(number), int(item)]}:
                    return places.get((number, item)) or {"item": [numbers[number], item]}
                case list() | tuple():
                    return [local(part) for part in cast("Sequence[Any]", told)]
                case _:
                    return told

        described = {
            "inputs": [described_input(like) for like in likes],
            "steps": [[step.key, local(step.arguments)] for _, step in steps],
            "results": [local(told_of(slot)) for slot in outputs],
        }
        made = tuple(
            (place, like.shape, like.stride(), like.dtype)
            for place, (slot, like) in enumerate(zip(inputs, likes, strict=True))
            if slot[0] >= self._program.inputs and slot not in self._held
        )
        told = described if is_compiled else None
        return Part(tuple(inputs), tuple(outputs), told, made, direct(described))

    def _laid_out(self, steps: list[tuple[int, Step]], inputs: list[Slot]) -> list[Slot]:
        """Lay out weights of convolutions, which nobody else reads, as compiled code reads them."""
        if self._versions is None:
            return inputs
        weights = {slot_of(step.arguments[1]) for _, step in steps if step.key == "aten::convolution"}
        for slot in weights:
            tensor = self._held.get(slot) if slot is not None else None
            if slot is not None and tensor is not None and tensor.dim() == _OF_PICTURES:
                self._held[slot] = tensor.contiguous(memory_format=torch.channels_last)
                self._is_derived = True
        return inputs
