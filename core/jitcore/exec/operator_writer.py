"""Writes operators that are found by their schemas: as an expression, or as a call of what computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from jitcore.exec.autocast import casting
from jitcore.exec.bounds import checked, checker, in_order, with_own_indices
from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.expressions import Expressions
from jitcore.exec.number_tensors import TAKES_NUMBER, operand
from jitcore.exec.operators import UNKNOWN, bind, check_registered, registered_schema, schema_key
from jitcore.exec.plan_places import LinePlace
from jitcore.exec.wrapped_numbers import numbers_among
from jitcore.ops.lookup import schema_of
from jitcore.printing.graph_text import PYTHON_FUNCTION

if TYPE_CHECKING:
    from jitcore.exec.plan_builder import PlanBuilder
    from jitcore.ir import Node
    from jitcore.types import FunctionSchema


class OperatorWriter:
    """Writes the operators of one graph."""

    def __init__(self, builder: PlanBuilder) -> None:
        self._builder = builder
        self._expressions = Expressions(builder)

    def write(self, node: Node) -> None:
        """Write the call of an operator, or of a Python function. Raises `MissingOperatorError`."""
        builder = self._builder
        function = node.attributes.get(PYTHON_FUNCTION)
        if callable(function) and node.kind.startswith("^"):
            builder.call(node, builder.program.python_function(node, function))
            return
        if node.kind.startswith("^"):
            raise MissingOperatorError(
                "it is a Python function, which only the program that was compiled can call", node.kind
            )
        schema = schema_of(node) or registered_schema(node)
        if schema is None:
            check_registered(node.kind)
            raise MissingOperatorError("no known overload takes these arguments", node.kind)
        builder.admit(node, schema)
        written = self._expressions.of(node, schema)
        if written is not None:
            builder.express(node, written)
        elif builder.casts:
            self._write_cast(node, schema)
        else:
            self._write_call(node, schema)

    def _write_cast(self, node: Node, schema: FunctionSchema) -> None:
        """Inside of an autocast constants are cast like all else, so none is bound ahead."""
        builder = self._builder
        bound = bind(schema, [UNKNOWN] * len(node.inputs))
        bound.function = with_own_indices(schema.name, bound.function)
        check = checker(schema, [builder.known(value) for value in node.inputs])
        function = in_order(bound) if check is None else checked(check, bound)
        builder.call(node, casting(node, schema, function, builder.program.autocasting))

    def _write_call(self, node: Node, schema: FunctionSchema) -> None:
        builder = self._builder
        constants = [builder.known(value) for value in node.inputs]
        taken = builder.names(node.inputs)
        check = checker(schema, constants)
        if check is None:
            for place, number in numbers_among(schema, constants, builder.is_canonical).items():
                constants[place], taken[place] = number, builder.bind(number)
        bound = bind(schema, constants)
        bound.function = with_own_indices(schema.name, bound.function)
        if check is not None:
            builder.call(node, checked(check, bound))
            return
        arguments = [taken[index] for index in bound.dynamic]
        if schema_key(schema) in TAKES_NUMBER and len(arguments) == 2:
            arguments[1] = self._operand(arguments[0], constants[1]) or arguments[1]
        place = LinePlace(node)
        if bound.overload is not None:
            # A binding names no type that it wants.
            place = LinePlace(node, bound.overload, tuple(taken[: bound.count]), (TypeError,))
        builder.assign(node, f"{builder.bind(bound.function)}({', '.join(arguments)})", place=place)

    def _operand(self, tensor: str, number: object) -> str | None:
        """What stands for a number beside the tensor in a variable; None if each call must make one of it."""
        found = operand(number)
        if found is None:
            return None
        bind_object = self._builder.bind
        made = bind_object(found.tensor)
        if found.rounded is None:
            return made
        # Subclasses such as those of a mode that computes nothing refuse another tensor beside them.
        is_plain = f"{tensor}.__class__ is {bind_object(torch.Tensor)}"
        is_float = f"{is_plain} and {tensor}.dtype is {bind_object(torch.float32)} and {tensor}.dim()"
        return f"{bind_object(found.rounded)} if {is_float} else {made}"
