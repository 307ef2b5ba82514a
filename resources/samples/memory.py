"""A loop over time: a state is carried from step to step. A trace has as many steps as its example inputs.

Trace `Memory` with four steps, float32[1,4,3], and read a sequence of six, float32[1,6,3].
"""

import torch
from torch import Tensor, nn


class Memory(nn.Module):
    """A recurrent layer written out: float32[N,T,3], T steps -> float32[N,5], the state after the last."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(3, 5)

    def forward(self, sequence: Tensor) -> Tensor:
        state = torch.zeros(sequence.size(0), 5)
        for step in range(sequence.size(1)):
            state = self.cell(sequence[:, step], state)
        return state
