"""A recurrent step whose state comes in and goes out.

Trace: Step
Input: float32[2,4,2]
Input: float32[1,2,3]
Harmless: no state is kept in Python.
"""

from torch import Tensor, nn


class Step(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(2, 3, batch_first=True)

    def forward(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        states, last = self.rnn(x, state)
        return states[:, -1], last
