"""One attempt to set the sides apart: calls in a row, with the state and modes that they are made in."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.subject import Arguments

Change = Literal["given", "calls", "seed", "mode", "grad", "values", "sizes", "dtype", "argument", "solved"]


@dataclass(frozen=True, eq=False)
class Trial:
    """Calls that are made on every side, from the same state.

    Attributes:
        calls: the arguments of each call, in order.
        change: what sets it apart from the call that was traced.
        made: how, in words that stand behind "with".
        training: whether modules are put into train or eval mode first; None leaves them as they are.
        grad: whether gradients are recorded; None leaves that as it is.
        parts_sizes: whether a size of one tensor is changed that another tensor had too.
        seed: of the generators of torch, random and numpy; None starts with their state at the trace.
    """

    calls: tuple[Arguments, ...]
    change: Change
    made: str
    training: bool | None = None
    grad: bool | None = None
    parts_sizes: bool = False
    seed: int | None = None


@contextmanager
def gradients(trial: Trial) -> Generator[None]:
    """Context in which the calls of a trial are made."""
    with ExitStack() as stack:
        if trial.grad is not None:
            stack.enter_context(torch.set_grad_enabled(trial.grad))
        yield
