"""A tagger with a recurrent network in both directions.

Trace: Tagger
Input: float32[2,5,3]
Harmless: the library's layer records its loop as one operator.
"""

from torch import Tensor, nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 4, bidirectional=True, batch_first=True)
        self.tag = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.rnn(x)
        return self.tag(states)
