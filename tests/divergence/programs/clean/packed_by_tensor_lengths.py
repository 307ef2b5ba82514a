"""Packed sequences whose lengths stay a tensor.

Trace: Packed
Input: float32[3,4,3]
Input: int64[3]:1..5
Harmless: packing is an operator that takes the lengths.
"""

from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 2, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, _ = self.rnn(packed)
        padded, _ = pad_packed_sequence(states, batch_first=True, total_length=4)
        return padded
