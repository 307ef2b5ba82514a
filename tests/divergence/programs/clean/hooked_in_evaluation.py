"""A model with a hook that watches activations and changes none.

Trace: Watched
Input: float32[2,3]
Harmless: what the hook keeps is read by nobody.
"""

from torch import Tensor, nn


class Watched(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(3, 3)
        self.seen = {}
        self.body.register_forward_hook(self.watch)

    def watch(self, module, given, made) -> None:
        self.seen["body"] = made.detach().abs().max()

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x).sigmoid()
