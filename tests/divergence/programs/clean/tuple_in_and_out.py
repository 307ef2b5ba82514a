"""A cell whose state is a tuple.

Trace: Cell
Input: (float32[3,2], float32[3,2])
Harmless: unpacking two values is the same each time.
"""

from torch import Tensor, nn


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate = nn.Linear(4, 2)

    def forward(self, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        hidden, memory = state
        gate = self.gate(hidden.new_ones(hidden.size(0), 4)).sigmoid()
        memory = gate * memory
        return memory.tanh(), memory
