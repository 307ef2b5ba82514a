"""Transforms of torch.func within a trace: what they make of operators is recorded."""

import torch
from torch import Tensor, func, nn

from tests.differential.tracing.programs.registry import Registry

transforms = Registry("transforms")
X = torch.arange(12.0).reshape(3, 4) / 12
LAYER = nn.Linear(4, 4)
WEIGHTS = torch.ones(4, requires_grad=True)
SPARSE = torch.eye(3).to_sparse()


@transforms(X)
def mapped(x: Tensor) -> Tensor:
    return func.vmap(lambda row: row * 2 + 1)(x)


@transforms(X)
def mapped_to_numbers(x: Tensor) -> Tensor:
    return func.vmap(torch.sum)(x)


@transforms(X)
def mapped_over_two(x: Tensor) -> Tensor:
    return func.vmap(torch.dot)(x, x + 1)


@transforms(X)
def mapped_with_reduction(x: Tensor) -> Tensor:
    return func.vmap(lambda row: (row - row.mean()) / (row.std() + 1))(x)


@transforms(X)
def mapped_and_more(x: Tensor) -> Tensor:
    return func.vmap(torch.relu, in_dims=1, out_dims=1)(x - 0.5) + x


@transforms(X)
def forward_derivative(x: Tensor) -> Tensor:
    return func.jvp(torch.sin, (x,), (torch.ones_like(x),))[1]


@transforms(X)
def value_beside_derivative(x: Tensor) -> Tensor:
    return func.vjp(torch.sin, x)[0]


@transforms(X)
def refused_derivative(x: Tensor) -> Tensor:
    return func.vjp(torch.sin, x)[1](torch.ones_like(x))[0]


@transforms(X)
def refused_jacobian(x: Tensor) -> Tensor:
    return func.jacrev(torch.sin)(x)


@transforms(X)
def refused_maps_within_maps(x: Tensor) -> Tensor:
    return func.vmap(func.vmap(torch.sin))(x)


@transforms(X)
def map_within_a_map_over_another(x: Tensor) -> Tensor:
    return func.vmap(lambda row: func.vmap(lambda number: number * 2)(x[0]) + row)(x)


@transforms(X)
def refused_size_of_what_is_mapped(x: Tensor) -> Tensor:
    return func.vmap(lambda row: row * row.shape[0])(x)


@transforms(X[0])
def forward_jacobian(x: Tensor) -> Tensor:
    return func.jacfwd(torch.sin)(x)


@transforms(X[0])
def refused_hessian(x: Tensor) -> Tensor:
    return func.hessian(lambda row: (row * row).sum())(x)


@transforms(X[0])
def refused_gradient(x: Tensor) -> Tensor:
    return func.grad(lambda row: (row * row).sum())(x)


@transforms(X[0])
def refused_derivative_beside_parameters(x: Tensor) -> Tensor:
    return func.jvp(lambda row: row * WEIGHTS, (x,), (x,))[1]


@transforms(X)
def refused_parameters_in_a_map(x: Tensor) -> Tensor:
    return func.vmap(lambda row: row * WEIGHTS)(x)


@transforms(X)
def refused_sparse_constant(x: Tensor) -> Tensor:
    return torch.sparse.mm(SPARSE, x)


@transforms(X)
class OwnParameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        doubled = {name: value * 2 for name, value in self.layer.named_parameters()}
        return func.functional_call(self.layer, doubled, (x,))


@transforms(X)
def other_parameters(x: Tensor) -> Tensor:
    given = {"weight": torch.eye(4), "bias": torch.zeros(4)}
    return func.functional_call(LAYER, given, (x,))
