"""A tagger of word sequences: embedding, LSTM in both directions, one score per tag and word."""

from torch import Tensor, nn


class Tagger(nn.Module):
    """Word numbers below 200 to five scores a word: int64[N,L] -> float32[N,L,5]."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(200, 16)
        self.lstm = nn.LSTM(16, 12, batch_first=True, bidirectional=True)
        self.scores = nn.Linear(24, 5)

    def forward(self, words: Tensor) -> Tensor:
        features, _ = self.lstm(self.embedding(words))
        return self.scores(features)
