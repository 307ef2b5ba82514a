"""A proposal for each argument of a function, by its type and by what the graph does with it."""

from __future__ import annotations

from jitcore.ir import Function, Graph, ScriptObject, Value
from jitcore.passes.inline import inlined_graph
from jitcore.source import JitError
from jitcore.types import (
    BOOL,
    FLOAT,
    INT,
    NO_DEFAULT,
    NUMBER,
    STRING,
    DictType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
)
from jitviewer.engine.input_proposals.clues import Clue
from jitviewer.engine.input_proposals.partners import clue_of_partner
from jitviewer.engine.input_proposals.positions import PositionTable, fitted, patch_size, position_table
from jitviewer.engine.input_proposals.ranks import rank_of
from jitviewer.engine.input_proposals.search import find_clue, first_clue, of_rank
from jitviewer.protocol.rows import InputRow

UNKNOWN = Clue("float32", (4, 4), "nothing in the graph tells the shape: change it if the run fails")
"""Square, so that products of two such inputs have a meaning."""

_SIMPLE: dict[Type, str] = {INT: "1", FLOAT: "1.0", NUMBER: "1", BOOL: "False", STRING: '"text"'}


def propose_inputs(
    function: Function, module: ScriptObject | None, inlined: Graph | None = None
) -> list[InputRow]:
    """A row for each argument of the function without `self`; `spec` is "" where nothing can be said.

    `inlined` is the function's inlined graph, for a caller that has it.
    """
    graph = inlined if inlined is not None else _inlined(function)
    proposer = _Proposer(graph, module)
    rows: list[InputRow] = []
    for index, argument in enumerate(function.schema.arguments):
        if function.owner is not None and index == 0:
            continue
        if argument.default is NO_DEFAULT:
            value = graph.inputs[index] if graph is not None else None
            spec, reason = proposer.propose(argument.type, value)
        else:
            spec, reason = repr(argument.default), "the default"
        required = argument.default is NO_DEFAULT
        rows.append(InputRow(argument.name, argument.type.annotation(), spec, reason, required))
    return _match_tokens(rows)


def _inlined(function: Function) -> Graph | None:
    try:
        return inlined_graph(function)
    except (JitError, RecursionError):
        # A graph that cannot be inlined is reported where it is shown; inputs are still listed by type.
        return None


class _Proposer:
    def __init__(self, graph: Graph | None, module: ScriptObject | None) -> None:
        self._graph = graph
        self._module = module
        self._table: PositionTable | None = None
        self._patch = 0
        if graph is not None and module is not None:
            self._table = position_table(graph, module)
            self._patch = patch_size(graph, module) if self._table is not None else 0

    def propose(self, t: Type, value: Value | None) -> tuple[str, str]:
        """A SPEC and the reason for it."""
        if isinstance(t, TensorType):
            clue = self._tensor(value)
            return clue.spec, clue.reason
        if isinstance(t, OptionalType):
            return "None", "it may be None"
        if t in _SIMPLE:
            return _SIMPLE[t], f"any {t.annotation()}"
        if isinstance(t, ListType):
            return self._list(t.element, value)
        if isinstance(t, TupleType):
            parts = [self.propose(element, None)[0] for element in t.elements]
            return f"({', '.join(parts)},)" if parts else "()", "one of each element"
        if isinstance(t, DictType):
            key, inner = self.propose(t.key_type, None)[0], self.propose(t.value_type, None)[0]
            return f"{{{key}: {inner}}}", "a dict of one; the key is a guess"
        return "", f"give a {t.annotation()}"

    def _list(self, element: Type, value: Value | None) -> tuple[str, str]:
        if isinstance(element, TensorType):
            clue = self._tensor(value)
            if clue.has_batch and len(clue.shape) == 4:
                # A list of images takes the place of a batch of them.
                clue = clue._replace(shape=clue.shape[1:])
            return f"[{clue.spec}]", f"a list of one: {clue.reason}"
        inner, reason = self.propose(element, None)
        return f"[{inner}]", f"a list of one: {reason}"

    def _tensor(self, value: Value | None) -> Clue:
        if self._graph is None or self._module is None:
            return UNKNOWN
        found = find_clue(value, self._module) if value is not None else None
        if found is None and value is not None:
            found = clue_of_partner(value, self._module)
        if found is None and (value is None or value.uses):
            found = self._by_position()
        clue = of_rank(found or UNKNOWN, rank_of(value) if value is not None else 0)
        if found is not None and self._table is not None:
            clue = fitted(clue, self._table, self._patch)
        return clue

    def _by_position(self) -> Clue | None:
        """What the first operator with a weight takes, if there is only one tensor that it can come from."""
        if self._graph is None or self._module is None:
            return None
        tensors = [v for v in self._graph.inputs if isinstance(v.type, TensorType | ListType)]
        return first_clue(self._graph, self._module) if len(tensors) == 1 else None


def _match_tokens(rows: list[InputRow]) -> list[InputRow]:
    """Inputs that nothing is known of take the shape of the tokens, if there are tokens."""
    tokens = next((row for row in rows if row.spec.startswith("int64[") and ":0.." in row.spec), None)
    if tokens is None:
        return rows
    shape = tokens.spec[: tokens.spec.index("]") + 1]
    return [
        InputRow(row.name, row.type, f"{shape}:1..2", f"ones of the shape of {tokens.name}", row.required)
        if row.spec == UNKNOWN.spec
        else row
        for row in rows
    ]
