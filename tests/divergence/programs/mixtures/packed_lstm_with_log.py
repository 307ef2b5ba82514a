"""Packed sequences whose lengths go through a list, with a log and a harmless check of the rank.

Trace: Tagger
Input: float32[2,4,3]
Input: int64[2]:4..5
Happens: the lengths of tracing are used for all.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 2, batch_first=True)
        self.head = nn.Linear(2, 2)
        self.seen = 0

    def lengths_of(self, lengths: Tensor) -> list[int]:
        return lengths.tolist()  # guilty: constant

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        if x.dim() != 3:
            raise ValueError("three dimensions are wanted")
        self.seen += x.shape[0]
        packed = pack_padded_sequence(
            x,
            torch.tensor(self.lengths_of(lengths)),
            batch_first=True,
            enforce_sorted=False,  # also right: constant
        )
        made, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=4)
        return self.head(made)
