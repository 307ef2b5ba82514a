"""Recurrent layers: packed sequences stay within their data, states and weights have the layers' sizes.

What torch counts before it computes anything (aten/src/ATen/native/RNN.cpp: `gather_params`, `pair_vec`,
`apply_layer_stack`) it refuses in its own words, and is let do so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch

from jitcore.exec.contracts.given import Contract, Given

_GATES = 4
"""Of a cell of an LSTM, whose weights stand under each other."""


def _packed(given: Given) -> int | None:
    """Sizes of batches fall, and add up to the rows of the data; gives the largest if somebody knows it."""
    sizes, data = given.tensor("batch_sizes", (1,)), given.tensor("data")
    if not sizes.numel() or not data.dim():
        given.refuse("batch_sizes or data is empty")
    if sizes.device.type == "meta":
        return None
    given.values_between("batch_sizes", 0, data.shape[0])
    counts: list[int] = sizes.tolist()
    if any(later > earlier for earlier, later in pairwise(counts)):
        given.refuse("batch_sizes rises, and sequences only end")
    if sum(counts) != data.shape[0]:
        given.refuse(f"batch_sizes add up to {sum(counts)}, and data has {data.shape[0]} rows")
    return counts[0]


def _is_counted_wrong(given: Given, states: int, with_projections: bool = False) -> bool:
    """Whether torch refuses the numbers of weights and states before it reads any of them."""
    of_layer = (4 if given["has_biases"] else 2) + with_projections
    layers, rest = divmod(len(given["params"]), of_layer)
    if rest:
        return True
    if given["bidirectional"]:
        if layers % 2 or states % 2:
            return True
        layers, states = layers // 2, states // 2
    return not given["num_layers"] == layers == states


def _with_states(given: Given) -> None:
    """The one state of each layer has a row for each sequence, where the sequences are packed."""
    if given.named("batch_sizes"):
        hx = given.tensor("hx")
        if hx.dim() and _is_counted_wrong(given, hx.shape[0]):
            return
        batch = _packed(given)
        state = given.tensor("hx", (3,))
        if batch is not None and state.shape[1] != batch:
            given.refuse(f"hx has states for {state.shape[1]} sequences, and batch_sizes starts with {batch}")


def _memory(given: Given) -> None:
    """States and weights of an LSTM; the kernel for it trusts all of them.

    Before it comes to a kernel torch asks whether there are two states, and for their last sizes: states of
    different sizes, as projections have, are no matter of the kernel, nor are packed sequences.
    """
    weights, states = given["params"], given["hx"]
    if len(states) != 2 or any(state.dim() < 3 for state in states):
        return
    has_projections = states[0].shape[2] != states[1].shape[2]
    if given.named("data") or has_projections:
        if states[0].shape[0] == states[1].shape[0] and _is_counted_wrong(
            given, states[0].shape[0], has_projections
        ):
            return
    elif len(weights) % (4 if given["has_biases"] else 2) or given["input"].dim() < 3:
        return
    x = given.tensor("data" if given.named("data") else "input")
    batch = _packed(given) if given.named("data") else None
    if not given.named("data"):
        given.tensor("input", (3,))
        batch = x.shape[0 if given["batch_first"] else 1]
    directions = 2 if given["bidirectional"] else 1
    layers = given.number_between("num_layers", 1, len(given["params"])) * directions
    count = len(weights) // layers
    plain = 4 if given["has_biases"] else 2
    if count not in (plain, plain + 1) or len(weights) != count * layers:
        given.refuse(f"params has {len(weights)} tensors for {layers} layers")
    hidden = weights[0].shape[0] // _GATES if weights[0].dim() else 0
    result = weights[count - 1].shape[0] if count > plain and weights[count - 1].dim() else hidden
    for place in range(layers):
        features = x.shape[-1] if place < directions else result * directions
        _layer(given, weights[place * count : (place + 1) * count], (hidden, result, features))
    for state, size in zip(states, (result, hidden), strict=True):
        wanted = (layers, state.shape[1] if batch is None and state.dim() > 1 else batch, size)
        if not given.named("data") and state.dim() == len(wanted) and state.shape[1:] == wanted[1:]:
            # Each layer looks for its own state: one that has none does so in vain before anything of it is
            # computed, and what there is for more layers is read by none.
            continue
        if tuple(state.shape) != wanted:
            given.refuse(f"hx has a state of the shape {list(state.shape)} where {list(wanted)} is expected")


def _layer(given: Given, weights: Sequence[torch.Tensor], sizes: tuple[int, int, int]) -> None:
    hidden, result, features = sizes
    rows = _GATES * hidden
    expected = [(rows, features), (rows, result)]
    if given["has_biases"]:
        expected += [(rows,), (rows,)]
    if len(weights) > len(expected):
        expected.append((result, hidden))
    for weight, shape in zip(weights, expected, strict=True):
        if tuple(weight.shape) != shape:
            given.refuse(
                f"params has a weight of the shape {list(weight.shape)} where {list(shape)} is expected"
            )


CONTRACTS: dict[str, Contract] = {
    "aten::lstm": _memory,
    **dict.fromkeys(("aten::gru", "aten::rnn_tanh", "aten::rnn_relu"), _with_states),
}
