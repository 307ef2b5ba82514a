"""Passes against libtorch's: the same text comes out, and the same values when it runs."""

from __future__ import annotations

import math

import pytest
import torch

from jitcore.exec import evaluator, run
from jitcore.frontend.shape_functions import shape_function_graph
from jitcore.passes import PassContext, find_pass, name_of_spec, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.types import TensorType, TupleType, Type
from tests.differential.counterparts import (
    NOT_ON_COPIES,
    NUMBERED_ANEW,
    can_be_asked,
    rewritten_by_spec,
)

# Torch's parser has no spelling for a node without results, constant tuples, functions and classes.
NOT_PARSED_BY_TORCH = {
    "autocast", "dce-keep-effects", "eliminate-exceptions", "fuse-linear-function", "gradient-group-known",
    "swap-linear-function", "propagation-leave-effects", "tuples-constant", "warns",
}  # fmt: skip


OTHERWISE = {
    "fuse-tensorexprs-all-sizes": "sums of sizes have names and places of torch's own shape functions",
    "symbolic-shapes-compute": "the node that shows the graph which libtorch gives by itself is ours",
    "fuse-tensorexprs-no-strides": "libtorch fuses nothing whose strides it was not told",
    "fuse-tensorexprs-empty-part": "torch computes such sizes by its shape function, ours fuses nothing",
}


def parsed_by_torch(text: str, case: str):
    if case in NOT_PARSED_BY_TORCH:
        with pytest.raises(RuntimeError):
            torch._C.parse_ir(text)
        pytest.skip("torch cannot parse this text, which it prints itself")
    return torch._C.parse_ir(text)


def test_golden_case_equals_libtorch(golden_case):
    kinds = [find_pass(name_of_spec(spec)) for spec in golden_case.passes]
    name = kinds[-1].counterpart
    if not all(kind.counterpart for kind in kinds):
        pytest.skip("libtorch has this step of its compiler as no function")
    if not all(can_be_asked(kind.counterpart) for kind in kinds):
        pytest.skip("what torch's Python does not offer is called on Linux alone")
    if golden_case.path.stem in OTHERWISE:
        pytest.skip(OTHERWISE[golden_case.path.stem])
    graph = parsed_by_torch(golden_case.before, golden_case.path.stem)
    mine = parse_graph(str(graph))
    if name not in NOT_ON_COPIES:
        # Copying numbers the values afresh, in both worlds by the same rule.
        graph = graph.copy()
        mine = parse_graph(str(graph)).copy()
    graph = rewritten_by_spec(golden_case.pipeline, graph)
    run_pipeline(mine, golden_case.passes, PassContext(evaluator(), shape_functions=shape_function_graph))
    if name in NUMBERED_ANEW:
        run_pipeline(mine, ["canonicalize"], PassContext())
    assert graph_text(mine) == str(graph)


def example(t: Type) -> object:
    """A value of a type."""
    if isinstance(t, TensorType):
        if not t.sizes or None in t.sizes:
            return torch.eye(2) * 0.5 + 0.25
        return torch.arange(1.0, 1 + math.prod(t.sizes)).reshape(t.sizes)
    if isinstance(t, TupleType):
        return tuple(example(part) for part in t.elements)
    return {"IntType": 3, "BoolType": True, "StringType": "a", "ListType": [2, 3], "OptionalType": None}[
        t.kind
    ]


EXAMPLES = {
    "symbolic-shapes-compute": {"x": torch.ones(2, 4), "w": torch.ones(4, 3)},
    "shape-analysis": {"x": torch.ones(2, 3), "y": torch.arange(3.0)},
    "peephole-rank-of-convolution": {"x": torch.ones(1, 2, 3, 3), "w": torch.ones(4, 2, 1, 1)},
}


def flat(value: object) -> list[object]:
    """The parts of nested tuples in order."""
    return [part for item in value for part in flat(item)] if isinstance(value, tuple) else [value]


def same(a: object, b: object) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        return torch.equal(a, b)
    return type(a) is type(b) and a == b


def runnable(value: object) -> object:
    return value.clone() if isinstance(value, torch.Tensor) else value


WITHOUT_VALUES = {
    "autocast": "enters an object of a class that the text only names",
    "decompose-ops": "computes norms by an operator that there is on graphics cards alone",
    "cse-leave-what-is-written": "draws random numbers",
    "erase-numbers": "takes numbers before and tensors after",
    "fuse-linear-function": "calls a function that the text only names",
    "swap-linear-function": "calls a function that the text only names",
    "fuse-tensorexprs-all-sizes": "holds a tensor, which no text tells exactly",
    "prepack-unpack": "reads weights that are quantized, of which there is no text",
    "grad-of": "asks whether tensors are undefined, which they are in autograd's own engine alone",
    "differentiate": "takes gradients of the results as well",
    "fuse-quantized-add-relu": "adds tensors that are quantized, of which there is no text",
    "quant-fusion": "takes packed weights, of which there is no text: its own tests run it",
    "quant-fusion-dynamic": "takes packed weights, of which there is no text: its own tests run it",
    "specialize-autogradzero": "asks whether tensors are undefined",
    "propagation-leave-effects": "divides by zero, before and after",
    "tuples-format": "libtorch's rewrite formats the parts where the tuple was formatted",
    "move-device": "runs on another device before than after",
    "warns": "gives nothing",
}


def test_golden_case_gives_the_same_values(golden_case):
    name = golden_case.path.stem
    if name in WITHOUT_VALUES:
        pytest.skip(WITHOUT_VALUES[name])
    before, after = parse_graph(golden_case.before), parse_graph(golden_case.after)
    examples = EXAMPLES.get(name, {})
    arguments = [examples[v.name] if v.name in examples else example(v.type) for v in before.inputs]
    expected = flat(run(before, [runnable(a) for a in arguments], print_text=str))
    given = flat(tuple(arguments)) if golden_case.pass_name == "lower-all-tuples" else arguments
    found = flat(run(after, [runnable(a) for a in given], print_text=str))
    assert same(found, expected)
