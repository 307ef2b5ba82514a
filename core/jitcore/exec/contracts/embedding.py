"""Embeddings and their gradients: indices name rows of the weight, offsets start bags within the indices."""

from __future__ import annotations

import torch

from jitcore.exec.contracts.given import Contract, Given

_SUM, _MAX = 0, 2
"""Numbers of modes of bags."""


def _bags(given: Given) -> None:
    """Offsets start bags within the indices; torch looks at the first of them only."""
    indices, offsets = given.tensor("indices", (1,)), given.tensor("offsets", (1,))
    if offsets.device.type == "meta":
        return
    if not offsets.numel():
        if indices.numel():
            given.refuse("there are indices but no offsets")
        return
    if given.get("include_last_offset") and offsets.numel() < 2 and indices.numel():
        given.refuse("there are indices but no bag; the last of the offsets ends the last bag")
    starts = offsets.detach()
    if bool((starts < 0).any()) or bool((starts > indices.numel()).any()) or bool((starts.diff() < 0).any()):
        given.refuse("offsets rise from 0 to no more than the number of indices")


def _rows(given: Given) -> None:
    """Indices name rows of a gradient of `num_weights` rows; that of the padding is left out."""
    padding, rows = given["padding_idx"], given["num_weights"]
    if rows < 0:
        given.refuse(f"num_weights is {rows}, and there cannot be fewer than 0")
    gradient, indices = given.tensor("grad_output" if given.has("grad_output") else "grad"), given["indices"]
    if gradient.dim() == 0:
        given.refuse(f"{'grad_output' if given.has('grad_output') else 'grad'} has no dimension of the rows")
    kept = indices if not padding < 0 else indices[indices != padding]
    given.values_between("indices", 0, rows - 1, kept)


def _bag_gradient(given: Given) -> None:
    gradient = given.tensor("grad", (2,))
    indices = given.tensor("indices", (1,))
    rows, bags, mode = given["num_weights"], gradient.shape[0], given["mode"]
    if rows < 0:
        given.refuse(f"num_weights is {rows}, and there cannot be fewer than 0")
    given.values_between("indices", 0, rows - 1)
    _bag_of_each_index(given, bags)
    given.count("per_sample_weights", indices.numel())
    if mode == _SUM:
        return
    sizes = given.tensor("bag_size")
    given.count("bag_size", bags)
    if mode == _MAX and given.has("maximum_indices"):
        given.shape("maximum_indices", gradient.shape)
        chosen = given["maximum_indices"]
        filled = chosen if chosen.device.type == "meta" else chosen[sizes.flatten() > 0]
        given.values_between("maximum_indices", 0, rows - 1, filled)


def _bag_of_each_index(given: Given, bags: int) -> None:
    """`offset2bag` gives each index a bag; where it is empty, it is made from the offsets."""
    indices, each = given["indices"], given.tensor("offset2bag")
    if given.has("offsets"):
        if not each.numel():
            offsets = given.tensor("offsets", (1,))
            ends = offsets.numel() == bags + 1 and offsets.device.type != "meta"
            if not ends or int(offsets[-1]) != indices.numel():
                given.count("offsets", bags)
        _bags(given)
    if each.numel() or not given.has("offsets"):
        given.count("offset2bag", indices.numel())
        given.values_between("offset2bag", 0, bags - 1)


def _sample_weights(given: Given) -> None:
    gradient, weight = given.tensor("grad", (2,)), given.tensor("weight", (2,))
    given.tensor("indices", (1,))
    given.shape("grad", (gradient.shape[0], weight.shape[1]))
    given.values_between("indices", 0, weight.shape[0] - 1)
    _bag_of_each_index(given, gradient.shape[0])


def _repeats(given: Given) -> None:
    repeats, size = given.get("repeats"), given.get("output_size")
    if size is None or not isinstance(repeats, torch.Tensor) or repeats.device.type == "meta":
        return
    counts = repeats.tolist()
    counts = [counts] if isinstance(counts, int) else counts
    if len(counts) > 1 and (min(counts) < 0 or sum(counts) != size):
        given.refuse(f"the repeats do not add up to the output size {size}")


CONTRACTS: dict[str, Contract] = {
    **dict.fromkeys(
        ("aten::embedding_bag", "aten::_embedding_bag", "aten::_embedding_bag_forward_only"), _bags
    ),
    **dict.fromkeys(
        ("aten::embedding_dense_backward", "aten::embedding_sparse_backward", "aten::embedding_backward"),
        _rows,
    ),
    **dict.fromkeys(
        ("aten::_embedding_bag_dense_backward", "aten::_embedding_bag_sparse_backward",
         "aten::_embedding_bag_backward"),
        _bag_gradient,
    ),
    "aten::_embedding_bag_per_sample_weights_backward": _sample_weights,
    "aten::repeat_interleave": _repeats,
}  # fmt: skip
