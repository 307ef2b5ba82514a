"""A head that is chosen with `match` by the number of rows.

Trace: Choice
Input: float32[1,3]
Happens: the case of one row is kept.
"""

from torch import Tensor, nn


def arm(rows: int) -> str:
    match int(rows):  # guilty: branch or shape
        case 1:
            return "single"
        case _:
            return "many"


class Choice(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleDict({"single": nn.Linear(3, 2), "many": nn.Linear(3, 2)})

    def forward(self, x: Tensor) -> Tensor:
        return self.heads[arm(x.shape[0])](x)  # also right: branch or shape
