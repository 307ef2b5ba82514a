"""A graph layer that leaves nodes as they are where there are no edges.

Trace: MessagePassing
Input: float32[3,2]
Input: int64[2,4]:0..3
Happens: the early return is not in the trace, which normalises and activates lone nodes all the same.
"""

import torch
from torch import Tensor, nn


class MessagePassing(nn.Module):
    def __init__(self):
        super().__init__()
        self.message = nn.Linear(2, 2)

    def gather(self, nodes: Tensor, edges: Tensor) -> Tensor:
        source, target = edges[0], edges[1]
        sent = self.message(nodes[source])
        return torch.zeros_like(nodes).index_add(0, target, sent)

    def forward(self, nodes: Tensor, edges: Tensor) -> Tensor:
        if edges.shape[1] == 0:  # guilty: branch
            return nodes
        return torch.relu(nodes + self.gather(nodes, edges)) + 1
