"""Padding that depends on a pair of truths about a signal, told apart by a match statement.

Trace: Denoiser
Input: float32[3,2]:1..3
Happens: the case of the tracing signal is the only one in the trace.
"""

from torch import Tensor, nn


def kind_of(signal: Tensor) -> tuple[bool, bool]:
    loud = signal.abs().max() > 0.5  # also right: branch
    positive = signal.mean() > 0
    return bool(loud), bool(positive)  # also right: branch or constant


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.strong = nn.Linear(2, 2)
        self.weak = nn.Linear(2, 2)

    def forward(self, signal: Tensor) -> Tensor:
        match kind_of(signal):  # guilty: branch
            case (True, True):
                made = self.strong(signal)
            case (True, False):
                made = self.weak(signal)
            case _:
                made = signal
        return made + signal
