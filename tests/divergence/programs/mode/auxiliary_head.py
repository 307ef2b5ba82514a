"""A network with an auxiliary head that answers in training only.

Trace: TwoHeads
Input: float32[2,3]
Happens: traced in train mode, so inference gives two values.
"""

from torch import Tensor, nn


class TwoHeads(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(3, 4)
        self.head, self.auxiliary = nn.Linear(4, 2), nn.Linear(4, 2)

    def forward(self, x: Tensor):
        features = self.trunk(x).relu()
        main = self.head(features)
        if self.training:  # guilty: mode
            return main, self.auxiliary(features)
        return main
