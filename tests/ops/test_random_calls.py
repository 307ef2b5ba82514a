"""Calls of any operator, with arguments that fit it more or less, are resolved as torch resolves them."""

import random

import pytest

from jitcore import ops
from jitcore.ops.table import tables
from tests.ops.resolved_calls import Call

# What is passed for an argument of a type: that type mostly, and what converts to it or does not.
PASSED = {
    "Tensor": ["Tensor", "Tensor", "Tensor", "int"],
    "int": ["int", "int", "Tensor", "bool", "float"],
    "float": ["float", "float", "int", "Tensor", "bool"],
    "number": ["int", "float", "Tensor", "bool", "complex"],
    "complex": ["complex"],
    "bool": ["bool", "bool", "Tensor", "int"],
    "str": ["str"],
    "Device": ["Device", "str"],
    "List[int]": ["List[int]", "int", "Tuple[int, int]", "Tensor"],
    "List[float]": ["List[float]", "float", "Tuple[float, float]"],
    "List[bool]": ["List[bool]"],
    "List[number]": ["List[int]", "List[float]"],
    "List[Tensor]": ["List[Tensor]", "Tuple[Tensor, Tensor]", "Tensor"],
    "List[Optional[Tensor]]": ["List[Optional[Tensor]]", "List[Tensor]"],
    "List[t]": ["List[int]", "List[Tensor]", "Tuple[int, int]"],
    "Optional[Tensor]": ["Optional[Tensor]", "Tensor"],
    "Optional[int]": ["Optional[int]", "int", "Tensor"],
    "Optional[float]": ["float", "Optional[float]", "int"],
    "Optional[bool]": ["bool", "Optional[bool]"],
    "Optional[str]": ["str", "Optional[str]"],
    "Optional[number]": ["int", "float", "Tensor"],
    "Optional[Device]": ["str", "Device"],
    "Optional[List[int]]": ["List[int]", "int", "Optional[List[int]]"],
    "Optional[List[float]]": ["List[float]"],
    "t": ["int", "Tensor"],
}
RESERVED = {"from", "in", "lambda"}
# Rewritten or computed by torch while the function is compiled, after the call was resolved.
COMPUTED = {
    "aten::_get_tracing_state", "aten::_nnpack_available", "aten::_use_cudnn_rnn_flatten_weight",
    "aten::Generator", "aten::is_scripting", "aten::is_vulkan_available", "aten::rsub",
}  # fmt: skip


def random_call(chooser, schema):
    """A call of an overload; None if it takes what cannot be a parameter here."""
    annotations, keywords = [], []
    skipped = False
    for argument in schema.arguments:
        if argument.has_default and chooser.random() < 0.6:
            skipped = True
            continue
        fitting = PASSED.get(argument.type.annotation())
        by_name = argument.kwarg_only or skipped or chooser.random() < 0.1
        if fitting is None or (by_name and argument.name in RESERVED):
            return None
        skipped = by_name
        annotations.append(chooser.choice(fitting))
        keywords.append(argument.name if by_name else None)
    return Call(schema.name.partition("::")[2], annotations, keywords, "torch.ops.aten")


def names():
    return [name for name in tables()[0].names() if name.startswith("aten::") and "::__" not in name]


@pytest.mark.parametrize("seed", range(4))
def test_random_calls_are_resolved_as_torch_resolves_them(seed):
    chooser = random.Random(seed)
    compared = 0
    for name in chooser.sample(names(), 120):
        if name in COMPUTED:
            continue
        for schema in ops.find(name)[:6]:
            call = None if schema.is_vararg else random_call(chooser, schema)
            if call is None:
                continue
            expected, refusal = call.by_torch()
            if refusal is not None and refusal.startswith("object has no attribute"):
                continue
            assert call.by_core() == (expected, refusal), call.text
            compared += 1
    assert compared > 100
