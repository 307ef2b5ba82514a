"""A classifier of standard layers that is traced in eval mode, as it should be.

Trace: model
Input: float32[3,6]
Harmless: dropout and batch norm are switched off on purpose.
"""

from torch import nn

model = nn.Sequential(
    nn.Linear(6, 8),
    nn.BatchNorm1d(8),
    nn.ReLU(),
    nn.Dropout(0.5),
    nn.Linear(8, 2),
)
model.eval()
