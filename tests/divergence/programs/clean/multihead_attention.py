"""The library's attention, called for self-attention.

Trace: model
Input: float32[2,3,4]
Harmless: what the library decides inside, it decides rightly.
"""

from torch import Tensor, nn


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        mixed, _ = self.attention(x, x, x, need_weights=False)
        return x + mixed


model = SelfAttention().eval()
