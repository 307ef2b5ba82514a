"""Finds the tensors among values of a run, within a bound."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PARTS: Final = 1_000
"""Values in a container that are looked at after each node: a list may hold another twice, and that forty
times, and a program may append to one a hundred thousand times."""


def tensors_within(values: Iterable[Any]) -> list[torch.Tensor]:
    """The tensors among values and in their containers, of the first `MOST_PARTS` values."""
    found: list[torch.Tensor] = []
    pending = deque(islice(values, MOST_PARTS))
    for _ in range(MOST_PARTS):
        if not pending:
            break
        value = pending.popleft()
        if isinstance(value, torch.Tensor):
            found.append(value)
        elif isinstance(value, list | tuple):
            pending.extend(islice(cast("list[Any]", value), MOST_PARTS))
        elif isinstance(value, dict):
            pending.extend(islice(cast("dict[Any, Any]", value).values(), MOST_PARTS))
    return found
