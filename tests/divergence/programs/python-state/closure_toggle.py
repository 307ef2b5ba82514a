"""Windows that are shifted in every second call, by a closure that remembers.

Trace: shift_windows
Input: float32[1,4]
Happens: the trace was made in an unshifted call.
"""

from torch import Tensor


def make_shift(amount: int):
    shifted = False

    def shift(x: Tensor) -> Tensor:
        nonlocal shifted
        result = x.roll(amount, dims=-1) if shifted else x  # guilty: python-state or branch
        shifted = not shifted  # also right: python-state
        return result

    return shift


_SHIFT = make_shift(1)


def shift_windows(x: Tensor) -> Tensor:
    return _SHIFT(x * 2)
