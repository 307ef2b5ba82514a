"""A filter that carries a state through rows, with `enumerate` over a transposed tensor.

Trace: kalman
Input: float32[3,3]
Input: float32[3]
Happens: three steps, as while tracing.
"""

from torch import Tensor


def update(state: Tensor, measured: Tensor, number: int) -> Tensor:
    gain = 1.0 / (number + 2)
    return state + gain * (measured - state)


def kalman(measurements: Tensor, state: Tensor) -> Tensor:
    columns = measurements.t().contiguous().t()
    for number, measured in enumerate(columns):  # guilty: loop-count
        state = update(state, measured, number)
    return state
