"""What a name in a text means: a value with its types, or an operator with its schema and a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jitcore.ir import Graph, Node, Value
from jitcore.ops import schema_of, schema_text
from jitcore.types import ir_text
from jitviewer.engine.observed_types import ObservedTypes, values_of
from jitviewer.engine.operator_notes import note_of
from jitviewer.protocol.rows import Fact


def explain(
    word: str, line_nodes: Sequence[int], shown: Graph, original: Graph, observed: ObservedTypes
) -> tuple[str, list[Fact]]:
    """A title and facts on a word of a text; no facts where nothing is known.

    `line_nodes` are the nodes of the line it stands on. Values of the graph are written with their `%`;
    names in code are looked for among the values of the original graph, as code is printed from it.
    """
    on_line = [node for node in shown.all_nodes() if node.id in set(line_nodes)] if line_nodes else []
    if word.startswith("%"):
        return word, _value_facts(_named(shown, word[1:]), observed)
    operator = _operator(word, on_line)
    if operator is not None:
        return operator.kind, _operator_facts(operator)
    if "::" in word:
        note = note_of(word)
        return word, [Fact("", "", note)] if note else []
    value = _named(original, word) or _named(shown, word)
    return word, _value_facts(value, observed)


def _named(graph: Graph, name: str) -> Value | None:
    found = None
    for value in values_of(graph):
        if value.name == name:
            return value
        # Code gives names without the number that makes them unique in the graph.
        if found is None and value.name.partition(".")[0] == name:
            found = value
    return found


def _operator(word: str, nodes: Iterable[Node]) -> Node | None:
    """The node that a word of its line names: `aten::relu`, or `relu` in code."""
    for node in nodes:
        if node.kind == word or ("::" not in word and node.kind.rpartition("::")[2] == word):
            return node
    return None


def _operator_facts(node: Node) -> list[Fact]:
    note = note_of(node.kind)
    facts = [Fact("", "", note)] if note else []
    schema = schema_of(node)
    if schema is not None:
        facts.append(Fact("Schema", "", schema_text(schema)))
    return facts


def _value_facts(value: Value | None, observed: ObservedTypes) -> list[Fact]:
    if value is None:
        return []
    facts = [Fact("Value", "type", ir_text(value.type))]
    seen = observed.type_of(value)
    if seen:
        facts.append(Fact("Value", "last run", seen))
    node = value.node
    if node.kind == "prim::Param":
        facts.append(Fact("Value", "given by", "an input"))
    else:
        facts.append(Fact("Value", "given by", node.kind))
    count = value.use_count
    facts.append(
        Fact("Value", "used", "nowhere" if not count else f"{count:,} times" if count > 1 else "once")
    )
    return [*facts, *_operator_facts(node)] if node.kind != "prim::Param" else facts
