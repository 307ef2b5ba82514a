"""Texts of types that a person gives for the inputs of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.rules import count
from jitcore.source import JitError
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value


def given_texts(graph: Graph, text: str) -> list[tuple[Value, str]]:
    """The inputs of a graph, modules left out, with the texts between semicolons, as many as there are.

    Raises `JitError` for more texts than inputs.
    """
    texts = [one.strip() for one in text.split(";") if one.strip()]
    values = [value for value in graph.inputs if not isinstance(value.type, ClassType)]
    if len(texts) > len(values):
        raise JitError(
            f"{count(len(texts), 'type')} are given for {count(len(values), 'input')} of the graph"
        )
    return list(zip(values, texts, strict=False))
