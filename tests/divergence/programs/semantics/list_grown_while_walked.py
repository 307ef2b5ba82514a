"""A work list that grows while it is walked, as in a search over a tree.

Trace: spread
Input: float32[3]
Happens: TorchScript takes the length of the list before it starts.
"""

from torch import Tensor


def visited(depth: int) -> int:
    queue = [depth]
    count = 0
    for node in queue:  # guilty: semantics
        count += 1
        if node > 0:
            queue.append(node - 1)  # also right: semantics
    return count


def spread(x: Tensor) -> Tensor:
    return x / visited(3)
