"""Searches for the smallest inputs that set a trace, or a script, apart from its program."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from jitcore.diagnose.divergence import variations
from jitcore.diagnose.divergence.containers import tensors_in
from jitcore.diagnose.divergence.graph_rows import rows_of
from jitcore.diagnose.divergence.outcome import Difference
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.solving import flipped, past_limits
from jitcore.diagnose.divergence.subject import Arguments
from jitcore.diagnose.divergence.trial import Trial
from jitcore.tracing.black_box import Decision

_SECONDS: Final = 10.0
_EAGER_RUNS: Final = 30
_UNHINTED_SECONDS: Final = 0.75
_UNHINTED_RUNS: Final = 8
"""Processor time, in seconds and in eager runs, that is spent where nothing hints at a divergence."""
_MOST_TRIALS: Final = 400
_ENOUGH: Final = 30
"""Diverging trials from which the cause is told."""
_SLOW: Final = 0.03
"""Seconds of an eager run from which few trials are made where nothing hints at a divergence."""
_FEW: Final = 3
_PRODUCTS: Final = 4
"""Products of matrices from which on an executor puts some together."""
_FOLLOWED: Final = ("requires_grad", "is_leaf", "grad_fn")
"""What tells whether gradients of an input are asked for."""


@dataclass(frozen=True, eq=False)
class Found:
    """A trial in which a side differs from eager Python.

    Attributes: `trial`, cut to the call that differs; `difference`; `call` the number of that call, from 0.
    """

    trial: Trial
    difference: Difference
    call: int

    @property
    def size(self) -> tuple[int, int]:
        """By how much input it was found: calls, and elements of all tensors."""
        elements = sum(each.numel() for arguments in self.trial.calls for each in tensors_in(arguments))
        return len(self.trial.calls), elements


class Search:
    """Attributes: `by_trace` and `by_script` are what was found, `agreed` the trials in which the trace was
    right, `tried` how many were made, `refused` in how many of them eager Python raised."""

    def __init__(
        self,
        sides: Sides,
        against: Sequence[Arguments] = (),
        suspects: int | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        told: Callable[[int], object] = lambda _: None,
    ) -> None:
        """`suspects` is how many decisions of the trace may matter; None where that is not known. `told` is
        called with the number of inputs tried, after each."""
        self.sides = sides
        self.against = against
        self.suspects = suspects
        self.by_trace: list[Found] = []
        self.by_script: list[Found] = []
        self.agreed: list[Trial] = []
        self.tried = 0
        self.refused = 0
        self._cancelled = cancelled
        self._told = told
        self._begun = time.process_time()

    def run(self) -> None:
        """Try until there is enough to tell, or the time is up."""
        is_slow = self.sides.eager_seconds > _SLOW
        limit = _FEW if is_slow and not self._has_hint() else _MOST_TRIALS
        for trial in self._trials(limit < _MOST_TRIALS):
            if self.tried >= limit or self.is_out_of_time():
                return
            self._try(trial)
            self._told(self.tried)
            if len(self.by_trace) >= (1 if is_slow else _ENOUGH):
                return

    def is_out_of_time(self) -> bool:
        """Whether no more may be tried."""
        # What else runs on the machine decides nothing.
        spent = time.process_time() - self._begun
        return self._cancelled() or spent > self._allowed()

    def _allowed(self) -> float:
        eager = self.sides.eager_seconds
        if self._has_hint() or self.by_trace or self.by_script:
            return max(_SECONDS, _EAGER_RUNS * eager)
        return _UNHINTED_SECONDS + _UNHINTED_RUNS * eager

    def _has_hint(self) -> bool:
        """Whether a decision of the trace may matter, or a person asks for inputs of their own."""
        return self.suspects != 0 or bool(self.against)

    def _trials(self, few: bool) -> Iterator[Trial]:
        sides = self.sides
        arguments = sides.subject.arguments
        training = self._other_mode()
        yield from self._given()
        if few:
            yield Trial((arguments, arguments), "calls", "the same inputs, twice")
            if training is not None:
                yield from (each for each in variations.modes(arguments, training) if each.change == "mode")
            yield from _first(variations.other_sizes(arguments))
            return
        yield from variations.calls_in_a_row(arguments)
        solved = self._solved(arguments)
        values, sizes = variations.other_values(arguments), variations.other_sizes(arguments)
        # A few of each first: most divergences are found by them.
        yield from _taken(values, 8)
        yield from variations.other_whole_numbers(arguments)
        yield from variations.modes(arguments, training)
        yield from variations.other_modes(arguments, self._asks)
        if self._reads(*_FOLLOWED):
            yield from variations.followed_inputs(arguments)
        if not self.by_trace:
            yield from variations.other_calls(arguments)
        yield from _taken(sizes, 12)
        if not self.by_trace and self._sums_products():
            yield variations.optimized(arguments)
        yield from solved
        if not self.by_trace:
            yield from self._limited(arguments)
        yield from variations.other_lengths(arguments)
        if self._reads("dim"):
            yield from variations.other_ranks(arguments)
        yield from values
        yield from sizes
        if self._asks("complex"):
            yield from variations.complex_types(arguments)
        yield from variations.other_types(arguments, self._has_parameters())
        yield from variations.other_arguments(arguments, sides.subject.traced_places)

    def _given(self) -> Iterable[Trial]:
        first = self.sides.subject.arguments
        alone = (
            Trial((each,), "given", "the inputs that were given to compare with") for each in self.against
        )
        after = (
            Trial((first, each), "given", "the given inputs after those of the trace")
            for each in self.against
        )
        return chain(alone, after)

    def _other_mode(self) -> bool | None:
        """The mode that modules were traced in, if another one is worth trying."""
        module = self.sides.subject.module
        if module is None:
            return None
        if any(each.training for each in module.modules()):
            return True
        return False if self.sides.mode_readers else None

    def _reads(self, *what: str) -> bool:
        """Whether a decision that may matter comes from the program's own question for one of these."""
        return any(
            read.what in what and not read.library
            for decision in self.sides.decisions
            if not decision.harmless
            for read in decision.reads
        )

    def _sums_products(self) -> bool:
        """Whether the executor adds up products of matrices of the trace in another order."""
        traced = self.sides.traced
        rows = [] if traced is None else rows_of(traced)
        return sum(each.kind == "aten::mm" for each in rows) >= _PRODUCTS

    def _asks(self, word: str) -> bool:
        """Whether a decision of the trace names this."""
        return any(word in each.expression for each in self.sides.decisions)

    def _has_parameters(self) -> bool:
        module = self.sides.subject.module
        return module is not None and any(True for _ in module.parameters())

    def _solved(self, arguments: Arguments) -> Iterator[Trial]:
        for changed, (code, _) in flipped(self.sides, arguments, self.is_out_of_time):
            yield Trial((changed,), "solved", f"inputs solved for to take the other way in {code.co_name}")

    def _limited(self, arguments: Arguments) -> Iterator[Trial]:
        for changed, (code, _) in past_limits(self.sides, arguments, self.is_out_of_time):
            made = f"values that take what {code.co_name} reads beyond a number that it is held against"
            yield Trial((changed,), "solved", made)

    def _try(self, trial: Trial) -> None:
        self.tried += 1
        found = self.sides.differences(trial)
        if found is None or (found[1] is not None and self._is_unlikely(trial, found[1])):
            self.refused += 1
            return
        _, by_trace, by_script, call, script_call = found
        if by_trace is None:
            self.agreed.append(trial)
        else:
            found_at = Found(trial.cut_to(call + 1), by_trace, call)
            self.by_trace.append(self._alone(found_at) or found_at)
        if by_script is not None:
            self.by_script.append(Found(trial.cut_to(script_call + 1), by_script, script_call))

    def _alone(self, found: Found) -> Found | None:
        """The last of calls in a row by itself, if it sets the trace apart without those before it.

        Then what they left behind is not the cause, in whatever order the trials were made.
        """
        trial = found.trial
        last = trial.calls[-1]
        if trial.change != "calls" or last is self.sides.subject.arguments:
            return None
        alone = Trial((last,), "values", "other values")
        self.tried += 1
        differing = self.sides.differences(alone)
        if differing is None or differing[1] is None:
            return None
        return Found(alone, differing[1], 0)

    def _is_unlikely(self, trial: Trial, by_trace: Difference) -> bool:
        """Whether only care for unlikely inputs sets the sides apart, and nothing that the program decided.

        That is an empty tensor in place of a full one, or tensors that do not go together: some do not look
        at a mask of ones that is too short, which their trace applies, or refuses. There all tensors of that
        size, made longer or shorter together, must agree: else the size itself was burnt in. Where a person's
        own file decided anything, that may be what takes such inputs; where the trace only refuses them,
        anything by their sizes.
        """
        own = [each for each in self.sides.decisions if not (each.library or each.harmless)]
        if not own and trial.changed_size and any(map(_has_empty, trial.calls)):
            return True
        if not trial.parts_sizes or (own if by_trace.what != "error" else any(map(_is_by_size, own))):
            return False
        return any(each.changed_size == trial.changed_size and not each.parts_sizes for each in self.agreed)


_SIZES: Final = frozenset(("size", "shape", "dim", "numel", "len", "stride", "iteration", "parts"))
"""What is read of a tensor that its values do not tell."""


def _is_by_size(decision: Decision) -> bool:
    return any(read.what in _SIZES for read in decision.reads)


def _has_empty(arguments: Arguments) -> bool:
    return any(not each.numel() for each in tensors_in(arguments))


def _first(trials: Iterator[Trial]) -> Iterator[Trial]:
    yield from _taken(trials, 1)


def _taken(trials: Iterator[Trial], count: int) -> Iterator[Trial]:
    for _ in range(count):
        trial = next(trials, None)
        if trial is None:
            return
        yield trial
