"""Outputs in a dict whose keys are those of the heads.

Trace: MultiTask
Input: float32[2,3]
Harmless: the heads are configuration.
"""

from torch import Tensor, nn


class MultiTask(nn.Module):
    def __init__(self, tasks: tuple[str, ...] = ("age", "mood")):
        super().__init__()
        self.backbone = nn.Linear(3, 5)
        self.heads = nn.ModuleDict({task: nn.Linear(5, 1) for task in tasks})

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        features = self.backbone(x).relu()
        return {task: head(features) for task, head in self.heads.items()}
