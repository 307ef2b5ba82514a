"""A number read out of a tensor: pictures are stretched to full contrast. A trace keeps the number for ever.

Trace `Contrast` with a bright picture, float32[1,4,4]:0.5..1, and show a dark one, float32[1,4,4]:0..0.2.
"""

from torch import Tensor, nn


def brightest(picture: Tensor) -> float:
    """The largest value of the picture, as a number of Python."""
    return picture.max().item()


class Contrast(nn.Module):
    """Scales a picture so that its brightest pixel is 1: float32[C,H,W] -> float32[C,H,W]."""

    def forward(self, picture: Tensor) -> Tensor:
        return picture / brightest(picture)
