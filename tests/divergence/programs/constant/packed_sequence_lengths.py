"""A recurrent encoder over packed sequences with lengths that Python sorted.

Trace: PackedEncoder
Input: float32[2,4,3]
Input: int64[2]:3..5
Happens: the lengths went through a list, and are those of the traced batch.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def on_cpu(lengths: Tensor) -> list[int]:
    return [int(length) for length in lengths]  # guilty: constant or loop-count


class PackedEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 2, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        counts = torch.tensor(on_cpu(lengths))
        packed = pack_padded_sequence(x, counts, batch_first=True, enforce_sorted=False)
        states, _ = self.rnn(packed)
        padded, _ = pad_packed_sequence(states, batch_first=True, total_length=4)
        return padded
