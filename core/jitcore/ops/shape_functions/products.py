"""Products of vectors and matrices."""

from __future__ import annotations

from typing import Any, Optional

from jitcore.ops.shape_functions.pointwise import broadcast
from jitcore.ops.shape_functions.views import squeeze, transpose_matrix, unsqueeze


def product_of_vectors(first: list[int], second: list[int]) -> list[int]:
    """Sizes of `aten::dot`: none."""
    assert len(first) == 1 and len(second) == 1
    assert first[0] == second[0]
    sizes: list[int] = []
    return sizes


def product_with_vector(matrix: list[int], vector: list[int]) -> list[int]:
    """Sizes of `aten::mv`."""
    assert len(matrix) == 2 and len(vector) == 1
    assert matrix[1] == vector[0]
    return [matrix[0]]


def product_of_matrices(first: list[int], second: list[int]) -> list[int]:
    """Sizes of `aten::mm`."""
    assert len(first) == 2
    assert len(second) == 2
    assert first[1] == second[0]
    return [first[0], second[1]]


def product_of_batches(first: list[int], second: list[int]) -> list[int]:
    """Sizes of `aten::bmm`."""
    assert len(first) == 3
    assert len(second) == 3
    assert first[0] == second[0]
    assert first[2] == second[1]
    return [first[0], first[1], second[2]]


def matmul(first: list[int], second: list[int]) -> list[int]:
    """Sizes of `aten::matmul`, which takes vectors, matrices and batches of them."""
    first_rank = len(first)
    second_rank = len(second)
    if first_rank == 1 and second_rank == 1:
        return product_of_vectors(first, second)
    elif first_rank == 2 and second_rank == 1:
        return product_with_vector(first, second)
    elif first_rank == 1 and second_rank == 2:
        return squeeze(product_of_matrices(unsqueeze(first, 0), second), 0)
    elif first_rank == 2 and second_rank == 2:
        return product_of_matrices(first, second)
    elif first_rank >= 1 and second_rank >= 1:
        rows = first[-2] if first_rank > 1 else 1
        first_batch: list[int] = []
        for place in range(first_rank - 2):
            first_batch.append(first[place])
        columns = second[-1]
        second_batch: list[int] = []
        for place in range(second_rank - 2):
            second_batch.append(second[place])
        sizes = broadcast(first_batch, second_batch)
        if first_rank > 1:
            sizes.append(rows)
        if second_rank > 1:
            sizes.append(columns)
        return sizes
    else:
        raise AssertionError("a product needs a dimension on either side")


def linear(given: list[int], weight: list[int], bias: Optional[list[int]]) -> list[int]:
    """Sizes of `aten::linear`."""
    sizes = matmul(given, transpose_matrix(weight))
    if bias is not None:
        assert broadcast(bias, sizes) == sizes
    return sizes


def product_and_sum(
    added: list[int], first: list[int], second: list[int], beta: Any, alpha: Any
) -> list[int]:
    """Sizes of `aten::addmm`."""
    return broadcast(added, product_of_matrices(first, second))
