"""A layer of the library's encoder in eval mode.

Trace: model
Input: float32[2,3,4]
Harmless: another kernel may run inside, with the same values but for rounding.
"""

from torch import nn

model = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, batch_first=True).eval()
