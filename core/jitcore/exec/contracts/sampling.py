"""Sampling on grids, and Sobol sequences: states have the sizes that their numbers of dimensions call for."""

from __future__ import annotations

from jitcore.exec.contracts.given import Contract, Given

_BITS, _MOST_DIMENSIONS = 30, 21201
"""Of Joe and Kuo's direction numbers, which torch has tables of."""


def _grid_gradient(given: Given) -> None:
    x = given.tensor("input", (4, 5))
    planes = x.dim() - 2
    grid = given.tensor("grid", (x.dim(),))
    given.shape("grid", (x.shape[0], *grid.shape[1:-1], planes))
    given.shape("grad_output", (*x.shape[:2], *grid.shape[1:-1]))
    if 0 in x.shape[1:]:
        given.refuse(f"input has the shape {list(x.shape)}, and there is nothing to sample")
    given.number_between("interpolation_mode", 0, 2)
    given.number_between("padding_mode", 0, 2)


def _sobol(given: Given) -> None:
    dimension = given.number_between("dimension", 1, _MOST_DIMENSIONS)
    state = "self" if given.has("ltm") or not given.has("sobolstate") else "sobolstate"
    given.shape(state, (dimension, _BITS))
    given.shape("ltm", (dimension, _BITS, _BITS))
    if state == "sobolstate":
        given.shape("quasi" if given.has("quasi") else "self", (dimension,))
        count = given.number_between("n", 0, (1 << _BITS) - 1)
        given.number_between("num_generated", 0, (1 << _BITS) - 1 - count)


CONTRACTS: dict[str, Contract] = {
    **dict.fromkeys(
        ("aten::grid_sampler_2d_backward", "aten::grid_sampler_3d_backward",
         "aten::_grid_sampler_2d_cpu_fallback_backward"),
        _grid_gradient,
    ),
    **dict.fromkeys(
        ("aten::_sobol_engine_draw", "aten::_sobol_engine_ff_", "aten::_sobol_engine_scramble_",
         "aten::_sobol_engine_initialize_state_"),
        _sobol,
    ),
}  # fmt: skip
