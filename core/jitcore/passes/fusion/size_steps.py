"""What is to be computed in front of a group for its symbols: sizes that are read, and sums of them.

As the graph that libtorch makes of what its shape functions compute, once it is simplified
(PropagateShapesAndBuildLargeShapeComputeGraph, torch/csrc/jit/passes/symbolic_shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jitcore.passes.fusion.symbolic_sizes import SizeOf, SizeRead, SumOf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.passes.fusion.symbolic_sizes import Part


class Operand(NamedTuple):
    """A number that is known, or what the step of this number gives."""

    number: int
    is_known: bool = False


class Addition(NamedTuple):
    """A step that adds."""

    a: Operand
    b: Operand


Step = SizeRead | Addition


class SizeSteps:
    """The steps for some facts, each once, in order.

    `of_symbol` tells which step gives a symbol, `constants` which numbers are needed, in libtorch's order:
    they stand the other way round once sums of two operators were folded.
    """

    def __init__(self, facts: Sequence[SizeOf | SumOf]) -> None:
        self.of_symbol: dict[int, int] = {}
        self._steps: dict[Step, int] = {}
        self._has_folded = False
        met: dict[int, None] = {}
        for fact in facts:
            if isinstance(fact, SizeOf):
                self.of_symbol[fact.symbol] = self._step(SizeRead(fact.input, fact.dimension))
                met[fact.dimension] = None
            else:
                self.of_symbol[fact.symbol] = self._sum(fact.parts)
                met.update(dict.fromkeys(range(fact.rank)))
        used = {step.dimension for step in self.steps if isinstance(step, SizeRead)}
        known = [
            operand.number
            for step in self.steps
            if isinstance(step, Addition)
            for operand in step
            if operand.is_known
        ]
        used.update(known)
        ordered = [number for number in dict.fromkeys((*met, *known)) if number in used]
        self.constants = ordered[::-1] if self._has_folded else ordered

    @property
    def steps(self) -> list[Step]:
        """The steps in order."""
        return [*self._steps]

    def _step(self, step: Step) -> int:
        return self._steps.setdefault(step, len(self._steps))

    def _sum(self, parts: Sequence[Part]) -> int:
        """The step that gives a sum: from the first part on, what is known behind what is not."""
        total: int | None = None
        known = 0
        for part in parts:
            if isinstance(part, int) and part >= 0:
                known += part
                continue
            read = self._step(part) if isinstance(part, SizeRead) else self.of_symbol[part]
            if total is None:
                total = read
            else:
                total = self._step(Addition(Operand(self._add_known(total, known)), Operand(read)))
                known = 0
        assert total is not None
        return self._add_known(total, known)

    def _add_known(self, total: int, known: int) -> int:
        if not known:
            return total
        before = self.steps[total]
        if isinstance(before, Addition) and before.b.is_known:
            # What was added to a known number is added to both together.
            self._has_folded = True
            return self._step(Addition(before.a, Operand(before.b.number + known, True)))
        return self._step(Addition(Operand(total), Operand(known, True)))
