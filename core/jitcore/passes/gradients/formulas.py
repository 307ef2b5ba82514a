"""The graphs that an operator is differentiated by."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from jitcore.ir import Function
from jitcore.ops.gradient_formulas import formula_texts, function_text
from jitcore.ops.lookup import operator_key
from jitcore.printing.parser import parse_graph
from jitcore.types import FunctionSchema

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


class GradientFormula(NamedTuple):
    """How an operator runs so that it can be differentiated, and its gradients; do not edit the graphs.

    `forward` gives a tuple of the results and of one more tuple, the context; `backward` takes the context
    and a gradient for each result, and gives gradients of all inputs.
    """

    forward: Graph
    backward: Graph


def formula_of(node: Node) -> GradientFormula | None:
    """The formula of a node, None where there is none."""
    key = operator_key(node)
    return _formula(key) if key is not None and key in formula_texts() else None


@cache
def _formula(key: str) -> GradientFormula:
    texts = formula_texts()[key]
    return GradientFormula(_parsed(texts.forward), _parsed(texts.backward))


def _parsed(text: str) -> Graph:
    return parse_graph(text, functions=_function)


@cache
def _function(name: str) -> Function:
    """A function that formulas call, with the body that is inlined, in which nothing is called any longer."""
    body = parse_graph(function_text(name))
    function = Function(name, FunctionSchema(name, "", (), ()), body)
    function.optimized = body
    return function
