"""Calls are counted, and every second one is logged with its sizes.

Trace: Logged
Input: float32[2,3]
Harmless: nothing of the log is part of a result.
"""

from torch import Tensor, nn

CALLS = {"all": 0}


class Logged(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 2)
        self.log: list[str] = []

    def note(self, x: Tensor) -> None:
        CALLS["all"] += 1
        if CALLS["all"] % 2 == 0:
            self.log.append(f"call {CALLS['all']}: {tuple(x.shape)} {x.dtype}")
            if len(self.log) > 10:
                self.log.pop(0)

    def forward(self, x: Tensor) -> Tensor:
        self.note(x)
        return self.dense(x)
