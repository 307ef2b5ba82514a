"""A stacked recurrent network with dropout between its layers, traced in train mode.

Trace: Tagger
Input: float32[1,4,3]
Happens: the trace drops between the layers in inference.
"""

from torch import Tensor, nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 5, num_layers=2, dropout=0.5, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.rnn(x)  # guilty: mode
        return states


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.tag = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.tag(self.encoder(x))
