"""Undo and redo bring a graph back exactly, whatever was edited."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.ir import Graph, Node, Rule, made_from, take_over, verify
from jitcore.types import FLOAT, INT


def _rule() -> None:
    """x -> x"""


RULE = Rule.of(_rule)


def _shape(graph: Graph) -> str:
    def of_block(block: object, indent: str) -> list[str]:
        lines = [indent + ", ".join(f"%{v.name}:{v.type}" for v in block.inputs)]
        for node in block.nodes():
            outs = ", ".join(f"%{v.name}:{v.type}" for v in node.outputs)
            ins = ", ".join(f"%{v.name}" for v in node.inputs)
            lines.append(f"{indent}{node.id}{node.provenance} {outs} = {node.kind}{node.attributes}({ins})")
            for nested in node.blocks:
                lines += of_block(nested, indent + "  ")
        lines.append(indent + "-> " + ", ".join(f"%{v.name}" for v in block.outputs))
        return lines

    return "\n".join(of_block(graph.block, ""))


def _start() -> Graph:
    graph = Graph()
    x = graph.add_input("x")
    a = graph.insert(graph.create("aten::neg", [x])).output.set_debug_name("a")
    branch = graph.insert(graph.create("prim::If", [graph.insert_constant(True, INT)]))
    for _ in range(2):
        block = branch.add_block()
        with graph.inserting_at_end(block):
            inner = graph.insert(graph.create("aten::abs", [a])).output.set_debug_name("inner")
        block.register_output(inner)
    graph.insert(graph.create("aten::max", [x], 2))
    loop = graph.insert(graph.create("prim::Loop", [graph.insert_constant(3, INT), branch.inputs[0]], 0))
    body = loop.add_block()
    body.add_input("i", INT)
    body.register_output(branch.inputs[0])
    graph.register_output(branch.output)
    verify(graph)
    return graph


def _edit(graph: Graph, choice: int, pick: int) -> None:
    """The edit `choice`, at a place that `pick` says; none where it would make a graph that is no program."""
    nodes = list(graph.all_nodes())
    if nodes:
        EDITS[choice](graph, nodes[pick % len(nodes)], pick)


def _insert(graph: Graph, node: Node, _pick: int) -> None:
    with graph.inserting_before(node):
        graph.insert(graph.create("aten::relu", [graph.inputs[0]])).output.set_debug_name("a")


def _destroy(_graph: Graph, node: Node, _pick: int) -> None:
    if not node.has_uses():
        node.destroy()


def _replace_uses(graph: Graph, node: Node, _pick: int) -> None:
    if node.outputs:
        node.outputs[0].replace_all_uses_with(graph.inputs[0])


def _rename(_graph: Graph, node: Node, pick: int) -> None:
    if node.outputs:
        node.outputs[-1].set_debug_name(("inner", "a", "")[pick % 3]).set_type(FLOAT)


def _set_attribute(_graph: Graph, node: Node, pick: int) -> None:
    node.set_attribute(f"k{pick % 3}", pick)


def _copy_attributes(graph: Graph, node: Node, pick: int) -> None:
    others = graph.all_nodes()
    node.copy_attributes(others[pick % len(others)])


def _clone(graph: Graph, node: Node, _pick: int) -> None:
    with graph.inserting_after(node):
        graph.insert(graph.create_clone(node, lambda v: v))


def _move_before(_graph: Graph, node: Node, _pick: int) -> None:
    before = node.prev
    if before is not None and before.prev is not None and not node.blocks and not _reads(node, before):
        node.move_before(before)


def _move_after(_graph: Graph, node: Node, _pick: int) -> None:
    behind = node.next
    if behind is not None and behind.next is not None and not behind.blocks and not _reads(behind, node):
        node.move_after(behind)


def _reads(node: Node, other: Node) -> bool:
    return any(value.node is other for value in node.inputs)


def _add_input(graph: Graph, node: Node, _pick: int) -> None:
    if not node.blocks:
        node.add_input(graph.inputs[0])


def _insert_input(graph: Graph, node: Node, pick: int) -> None:
    if not node.blocks:
        node.insert_input(pick % (len(node.inputs) + 1), graph.inputs[-1])


def _replace_input(graph: Graph, node: Node, pick: int) -> None:
    if node.inputs:
        node.replace_input(pick % len(node.inputs), graph.inputs[0])


def _remove_input(_graph: Graph, node: Node, pick: int) -> None:
    if node.inputs and node.kind != "prim::If":
        node.remove_input(pick % len(node.inputs))


def _remove_all_inputs(_graph: Graph, node: Node, _pick: int) -> None:
    if not node.blocks:
        node.remove_all_inputs()


def _permute_inputs(_graph: Graph, node: Node, pick: int) -> None:
    node.permute_inputs(_order(len(node.inputs), pick))


def _order(length: int, pick: int) -> list[int]:
    return random.Random(pick).sample(range(length), length)


def _insert_output(_graph: Graph, node: Node, pick: int) -> None:
    if not node.blocks:
        node.insert_output(pick % (len(node.outputs) + 1)).set_debug_name("a")


def _add_output(_graph: Graph, node: Node, _pick: int) -> None:
    if not node.blocks:
        node.add_output(INT)


def _erase_output(_graph: Graph, node: Node, _pick: int) -> None:
    if node.outputs and not node.outputs[-1].has_uses() and not node.blocks:
        node.erase_output(len(node.outputs) - 1)


def _permute_outputs(_graph: Graph, node: Node, pick: int) -> None:
    if not node.blocks:
        node.permute_outputs(_order(len(node.outputs), pick))


def _add_block(graph: Graph, node: Node, _pick: int) -> None:
    if node.kind == "prim::If":
        block = node.add_block()
        parameter = block.add_input("p")
        with graph.inserting_at_end(block):
            inner = graph.insert(graph.create("aten::abs", [parameter])).output
        block.register_output(inner)


def _erase_block(_graph: Graph, node: Node, pick: int) -> None:
    if node.blocks:
        node.erase_block(pick % len(node.blocks))


def _erase_parameter(_graph: Graph, node: Node, pick: int) -> None:
    for block in node.blocks:
        if block.inputs and not block.inputs[pick % len(block.inputs)].has_uses():
            block.erase_input(pick % len(block.inputs))


def _change_results(graph: Graph, node: Node, pick: int) -> None:
    for block in node.blocks:
        block.insert_output(pick % (len(block.outputs) + 1), graph.inputs[0])
        block.replace_output(0, graph.inputs[-1])
        block.erase_output(len(block.outputs) - 1)


def _edit_while_free(graph: Graph, node: Node, pick: int) -> None:
    """Every edit of a node that is not inserted yet belongs to its insertion."""
    made = graph.create("aten::add", [graph.inputs[0], graph.inputs[-1]])
    made.insert_input(1, graph.inputs[-1])
    made.permute_inputs(_order(3, pick))
    made.add_output(FLOAT).set_debug_name("a")
    made.permute_outputs(_order(2, pick))
    made.remove_input(0)
    made.set_attribute("k", pick)
    take_over(made, node)
    with graph.inserting_before(node):
        graph.insert(made)


def _take_over(graph: Graph, node: Node, _pick: int) -> None:
    first = next(graph.nodes())
    if node is not first:
        take_over(node, first)


def _change_inputs_of_graph(graph: Graph, _node: Node, pick: int) -> None:
    if pick % 2:
        graph.add_input("x")
    elif len(graph.inputs) > 1 and not graph.inputs[-1].has_uses():
        graph.block.erase_input(len(graph.inputs) - 1)


EDITS = (
    _insert, _destroy, _replace_uses, _rename, _set_attribute, _copy_attributes, _clone, _move_before,
    _move_after, _add_input, _insert_input, _replace_input, _remove_input, _remove_all_inputs,
    _permute_inputs, _insert_output, _add_output, _erase_output, _permute_outputs, _add_block, _erase_block,
    _erase_parameter, _change_results, _edit_while_free, _take_over, _change_inputs_of_graph,
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, len(EDITS) - 1), st.integers(0, 30)), max_size=6), max_size=6)
)
def test_every_step_can_be_undone_and_redone(steps: list[list[tuple[int, int]]]) -> None:
    graph = _start()
    journal = graph.attach_journal()
    shapes = [_shape(graph)]
    for edits in steps:
        before = len(journal.steps)
        with graph.rewrite(RULE, "because"):
            for choice, pick in edits:
                _edit(graph, choice, pick)
        _check_uses(graph)
        if len(journal.steps) > before:
            shapes.append(_shape(graph))
        else:
            assert _shape(graph) == shapes[-1]
    for position in range(len(journal.steps), -1, -1):
        journal.go_to(position)
        _check_uses(graph)
        assert _shape(graph) == shapes[position]
    for position in range(len(journal.steps) + 1):
        journal.go_to(position)
        _check_uses(graph)
        assert _shape(graph) == shapes[position]


def _check_uses(graph: Graph) -> None:
    """What each value says of its readers, and the graph of its names, is what the nodes say."""
    nodes = [graph.block.param_node, *graph.all_nodes(), graph.block.return_node]
    for node in list(nodes):
        for block in node.blocks:
            nodes += [block.param_node, block.return_node]
    reads: dict[object, set[tuple[Node, int]]] = {}
    for node in nodes:
        for index, value in enumerate(node.inputs):
            reads.setdefault(value, set()).add((node, index))
    names = {}
    for node in nodes:
        for offset, value in enumerate(node.outputs):
            assert (value.node, value.offset) == (node, offset)
            assert set(value.use_map) == reads.get(value, set())
            if value.debug_name is not None:
                names[value.debug_name] = value
    assert graph.names == names


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_each_kind_of_edit_is_taken_back(edit: Callable[[Graph, Node, int], None]) -> None:
    fired = False
    for pick in range(8):
        for place in range(len(_start().all_nodes())):
            graph = _start()
            journal = graph.attach_journal()
            shape = _shape(graph)
            with graph.rewrite(RULE, "because"):
                edit(graph, list(graph.all_nodes())[place], pick)
            after = _shape(graph)
            fired |= after != shape
            while journal.undo():
                pass
            _check_uses(graph)
            assert _shape(graph) == shape
            while journal.redo():
                pass
            _check_uses(graph)
            assert _shape(graph) == after
    assert fired


def test_inputs_are_permuted_before_a_node_is_inserted() -> None:
    graph = _start()
    journal = graph.attach_journal()
    shape = _shape(graph)
    node = graph.create("aten::sub", [graph.inputs[0], graph.outputs[0]])
    node.permute_inputs([1, 0])
    graph.append(node)
    assert journal.undo()
    assert _shape(graph) == shape
    assert journal.redo()
    assert node.inputs == [graph.outputs[0], graph.inputs[0]]


def test_a_failed_rewrite_is_taken_back() -> None:
    graph = _start()
    journal = graph.attach_journal()
    shape = _shape(graph)
    try:
        with graph.rewrite(RULE, "because"):
            _insert(graph, next(graph.nodes()), 1)
            raise KeyError("x")
    except KeyError:
        pass
    assert _shape(graph) == shape
    assert journal.steps == []


def test_a_step_tells_what_it_made_removed_and_changed() -> None:
    graph = _start()
    journal = graph.attach_journal()
    a = next(n for n in graph.nodes() if n.kind == "aten::neg")
    users = [n.id for n in graph.all_nodes() if n.kind == "aten::abs"]
    with graph.rewrite(RULE, lambda: "the reason", [a]):
        with graph.inserting_before(a):
            made = graph.insert(graph.create("aten::relu", [graph.inputs[0]]))
        a.output.replace_all_uses_with(made.output)
        a.destroy()
    (step,) = journal.steps
    assert (step.made, step.removed, step.matched) == ((made.id,), (a.id,), (a.id,))
    assert sorted(step.changed) == sorted(users)
    assert step.because == "the reason"
    assert step.rule.line == _rule.__code__.co_firstlineno


def test_provenance_leads_back_through_what_is_gone() -> None:
    graph = Graph()
    x = graph.add_input("x")
    call, other = (graph.insert(graph.create("prim::CallMethod", [x])) for _ in range(2))
    inlined = graph.insert(graph.create("aten::add", [x]))
    inlined.provenance = made_from(call)
    folded = graph.insert(graph.create_constant(1, INT))
    folded.provenance = made_from(inlined)
    assert folded.provenance == (inlined.id, call.id)
    take_over(folded, other)
    assert folded.provenance == (inlined.id, call.id, other.id)
