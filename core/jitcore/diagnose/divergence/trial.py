"""One attempt to set the sides apart: calls in a row, with the state and modes that they are made in."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import torch

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.subject import Arguments

_TIMES: Final = {2: "twice", 3: "three times"}

Change = Literal["given", "calls", "seed", "mode", "grad", "values", "sizes", "dtype", "argument", "solved"]

Within = Literal["autocast", "inference mode", "the executor"]
_MODES: Final[dict[Within, Callable[[], AbstractContextManager[object]]]] = {
    "the executor": nullcontext,
    "autocast": lambda: torch.autocast("cpu", torch.bfloat16),
    "inference mode": torch.inference_mode,
}


@dataclass(frozen=True, eq=False)
class Trial:
    """Calls that are made on every side, from the same state.

    Attributes:
        calls: the arguments of each call, in order.
        change: what sets it apart from the call that was traced.
        made: how, in words that stand behind "with".
        first: how its first call was, where that is not the one of the trace.
        training: whether modules are put into train or eval mode first; None leaves them as they are.
        grad: whether gradients are recorded; None leaves that as it is.
        within: another mode of torch's that the calls are made in; none of them where it is None. In that of
            the executor compiled sides run as it optimizes them, and as they are written everywhere else.
        changed_size: the size that was changed, in all tensors that have it; None where there is no one such.
        parts_sizes: whether it is changed in one tensor though another has it too.
        seed: of the generators of torch, random and numpy; None starts with their state at the trace.
    """

    calls: tuple[Arguments, ...]
    change: Change
    made: str
    first: str = "the inputs of the trace"
    training: bool | None = None
    grad: bool | None = None
    within: Within | None = None
    changed_size: int | None = None
    parts_sizes: bool = False
    seed: int | None = None

    def cut_to(self, count: int) -> Trial:
        """The first calls of it alone."""
        if count == len(self.calls):
            return self
        first, *rest = self.calls[:count]
        if self.within == "the executor":
            made = self.made
        elif rest:
            is_same = all(each is first for each in rest)
            made = f"the same inputs, {_TIMES.get(count, f'{count} times')}" if is_same else self.made
        else:
            made = "the inputs of the trace" if all(each is first for each in self.calls) else self.first
        return replace(self, calls=self.calls[:count], made=made)


@contextmanager
def surroundings(trial: Trial) -> Generator[None]:
    """Context in which the calls of a trial are made: whether gradients are recorded, and torch's modes."""
    with ExitStack() as stack:
        if trial.within is not None:
            stack.enter_context(_MODES[trial.within]())
        if trial.grad is not None:
            stack.enter_context(torch.set_grad_enabled(trial.grad))
        yield
