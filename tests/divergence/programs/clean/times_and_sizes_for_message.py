"""A decorator measures how long a method takes and keeps how large its inputs were.

Trace: Timed
Input: float32[3,2]
Harmless: times are kept and shown only.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps

from torch import Tensor, nn

SPENT: dict[str, float] = defaultdict(float)


def timed(method: Callable[..., Tensor]) -> Callable[..., Tensor]:
    @wraps(method)
    def measured(self: nn.Module, x: Tensor) -> Tensor:
        begun = time.perf_counter()
        made = method(self, x)
        SPENT[f"{method.__name__} of {len(x)}"] += time.perf_counter() - begun
        return made

    return measured


class Timed(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    @timed
    def project(self, x: Tensor) -> Tensor:
        return self.dense(x).relu()

    def forward(self, x: Tensor) -> Tensor:
        return self.project(x) + 1
