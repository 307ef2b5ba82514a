"""An `if` on data: quiet recordings are amplified. A trace keeps the arm that its example inputs took.

Trace `Loudness` with a loud recording, float32[8]:0.5..1, and play a quiet one, float32[8]:0..0.1.
"""

from torch import Tensor, nn


def is_quiet(recording: Tensor) -> bool:
    """Whether the loudest sample is below a quarter of full scale."""
    return bool(recording.abs().max() < 0.25)


class Loudness(nn.Module):
    """Makes quiet recordings four times as loud: float32[N] -> float32[N]."""

    def forward(self, recording: Tensor) -> Tensor:
        if is_quiet(recording):
            recording = recording * 4
        return recording.clamp(-1, 1)
