"""The formulas of gradients against those that libtorch has."""

from __future__ import annotations

import sys

import pytest

from jitcore.ops.differentiable_operators import differentiable_operators
from jitcore.ops.gradient_formulas import BACKWARD, HEADING, formula_texts, function_text
from jitcore.printing import parse_graph
from tests.differential.libtorch_formulas import formulas_text


@pytest.mark.skipif(sys.platform != "linux", reason="libtorch's names are mangled otherwise there")
def test_formulas_are_those_of_libtorch():
    entries = formulas_text().split(HEADING)[1:]
    assert len(entries) > 130
    for entry in entries:
        name, _, text = entry.partition("\n")
        ours = f"{BACKWARD}\n".join(formula_texts()[name]) if "::" in name else function_text(name)
        assert ours == text, name


def test_what_can_be_differentiated_has_a_formula():
    by_operators = {"aten::_slow_conv2d_forward", "aten::native_batch_norm"}
    assert differentiable_operators() - formula_texts().keys() == by_operators


def test_formulas_give_a_gradient_for_each_argument():
    for key, texts in formula_texts().items():
        forward, backward = map(parse_graph, texts)
        assert len(backward.inputs) >= 2, key
        (gradients,) = backward.outputs
        count = len(gradients.type.parts) if gradients.type.parts else 1
        assert count == len(forward.inputs), key
