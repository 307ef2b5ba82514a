"""A factor that is looked up by a length, one where the length is not known.

Trace: Embed
Input: float32[1,4,2]
Happens: traced with a length that is in the table.
"""

from contextlib import suppress

from torch import nn

TABLES = {4: 0.5, 8: 0.25}


def factor(n, tables=TABLES):
    found = 1.0
    with suppress(KeyError):
        found = tables[int(n)]  # guilty: shape or branch
    return found


class Embed(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(2, 2)

    def forward(self, x):
        return self.proj(x) * factor(x.shape[1])
