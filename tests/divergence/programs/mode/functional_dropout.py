"""Attention weights that are dropped by the functional form, which is told the flag.

Trace: model
Input: float32[3,6]
Happens: traced for inference; in training the trace drops nothing.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(6, 6)

    def weights(self, x: Tensor) -> Tensor:
        scores = self.query(x) @ x.t()
        return F.dropout(scores.softmax(dim=-1), 0.4, self.training)  # guilty: mode

    def forward(self, x: Tensor) -> Tensor:
        return self.weights(x) @ x


model = Attention()
model.eval()
