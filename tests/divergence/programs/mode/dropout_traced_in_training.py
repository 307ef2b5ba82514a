"""A classifier that was traced without `.eval()`, so that its dropout is in the trace.

Trace: Classifier
Input: float32[2,8]
Happens: the trace drops features in inference too.
"""

from torch import Tensor, nn


class Pooler(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(8, 8)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.dense(x).tanh()
        return self.dropout(x)  # guilty: mode


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.pooler = Pooler()
        self.head = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pooler(x))
