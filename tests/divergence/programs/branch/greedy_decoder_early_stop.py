"""A greedy decoder with a cache that stops as soon as every row gave the end token.

Trace: GreedyDecoder
Input: float32[2,6]:0.5..1
Input: int64[2]:0..5
Happens: the break is taken, or not, as the tracing inputs had it, so the trace always decodes as many tokens.
"""

import torch
from torch import Tensor, nn

END = 0


class StopWhenDone:
    """Which rows have given the end token."""

    def __init__(self, start: Tensor):
        self.done = torch.zeros_like(start, dtype=torch.bool)

    def update(self, tokens: Tensor) -> None:
        self.done = self.done | (tokens == END)

    def finished(self) -> bool:
        if self.done.all():  # guilty: branch
            return True
        return False


class GreedyDecoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 6)
        self.register_buffer("push", torch.tensor([4.0, 0.0, 0.0, 0.0, 0.0]))
        with torch.no_grad():
            self.embed.weight.copy_(torch.arange(30.0).reshape(5, 6) / 30)

    def step(self, tokens: Tensor, memory: Tensor, turn: int) -> Tensor:
        state = self.embed(tokens) + memory
        scores = state @ self.embed.weight.t()
        if turn > 0:
            scores = scores - self.push * memory.sum(dim=1, keepdim=True)
        return scores

    def forward(self, memory: Tensor, start: Tensor) -> Tensor:
        tokens, out = start, []
        stop = StopWhenDone(start)
        for turn in range(4):
            scores = self.step(tokens, memory, turn)
            tokens = scores.argmax(dim=1)
            out.append(scores)
            stop.update(tokens)
            if stop.finished():
                break
        return torch.stack(out, dim=1)
