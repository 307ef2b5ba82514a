"""Function definitions: their schemas, and the way from syntax to a finished graph."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.annotations import Annotations
from jitcore.frontend.cleanup import clean_up, normalize
from jitcore.frontend.defaults import Declared
from jitcore.frontend.lowering import Lowering
from jitcore.frontend.ssa import convert_to_ssa
from jitcore.types import NO_DEFAULT, Argument, ClassType, FunctionSchema, InterfaceType

if TYPE_CHECKING:
    from jitcore.frontend.constants import TypedConstant
    from jitcore.frontend.lowering import Resolver
    from jitcore.frontend.positions import Positions
    from jitcore.frontend.straight_lines import Statement
    from jitcore.frontend.upgrading import Upgrading
    from jitcore.ir import Function, Graph


def schema_of(
    node: ast.FunctionDef,
    resolver: Resolver,
    positions: Positions,
    owner: ClassType | InterfaceType | None = None,
    constants: Sequence[TypedConstant] = (),
) -> FunctionSchema:
    """The schema that a signature declares; the first parameter of a method is of type `owner`.

    `constants` are those that defaults may name.

    Without a return annotation the schema has no returns until the body was lowered.
    """
    annotations = Annotations(resolver, positions)
    declared = Declared(resolver, positions, constants)
    parameters = node.args
    if parameters.vararg is not None or parameters.kwarg is not None:
        raise positions.of(node).error("*args and **kwargs in a signature are not supported")
    positional = [*parameters.posonlyargs, *parameters.args]
    missing = len(positional) - len(parameters.defaults)
    defaults = [None] * missing + list(parameters.defaults) + list(parameters.kw_defaults)
    arguments: list[Argument] = []
    for place, (parameter, default) in enumerate(
        zip([*positional, *parameters.kwonlyargs], defaults, strict=True)
    ):
        if place == 0 and owner is not None:
            arguments.append(Argument(parameter.arg, owner))
            continue
        kind, size = annotations.parameter_type(parameter.annotation)
        value = NO_DEFAULT if default is None else declared.evaluate(default, kind)
        arguments.append(Argument(parameter.arg, kind, value, place >= len(positional), size))
    if owner is not None and not arguments:
        raise positions.of(node).error("methods must have a self argument")
    returns = () if node.returns is None else (Argument("", annotations.type_of(node.returns)),)
    return FunctionSchema(node.name, "", tuple(arguments), returns)


def lower_function(
    function: Function,
    node: ast.FunctionDef,
    resolver: Resolver,
    positions: Positions,
    upgrading: Upgrading | None = None,
    on_method: Callable[[Function], None] | None = None,
    body: Sequence[Statement] | None = None,
    annotations: Annotations | None = None,
) -> Graph:
    """The finished graph of a function; its schema gets the return type if none was declared.

    `upgrading` is what code of an older archive needs; `on_method` is told of each method that is called.
    `body` are the statements if they are not those of `node`; `positions` are theirs. `annotations` reads
    types if they are not written as archives write them.
    """
    at = function.source_range or positions.of(node)
    lowering = Lowering(function, resolver, positions, upgrading, on_method, annotations)
    graph = lowering.graph
    try:
        lowering.define(node.body if body is None else body, at, graph.block, function.schema)
        if upgrading is not None:
            upgrading.upgrade(graph, lowering.reads, lowering.historic)
        convert_to_ssa(graph, lowering.reads)
        normalize(graph)
        clean_up(graph)
    except RecursionError:
        raise at.error(f"'{function.name}' is nested too deeply") from None
    if not function.schema.returns:
        schema = function.schema
        merged = lowering.definitions[0].merged
        assert merged is not None
        function.schema = FunctionSchema(
            schema.name, schema.overload, schema.arguments, (Argument("", merged),)
        )
    return graph
