"""Undo and redo bring a graph back exactly, whatever was edited."""

from hypothesis import given, settings
from hypothesis import strategies as st

from jitcore.ir import Graph, Rule, made_from, take_over, verify
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
    graph.register_output(branch.output)
    verify(graph)
    return graph


def _edit(graph: Graph, choice: int, pick: int) -> None:
    nodes = list(graph.all_nodes())
    if not nodes:
        return
    node = nodes[pick % len(nodes)]
    if choice == 0:
        with graph.inserting_before(node):
            made = graph.insert(graph.create("aten::relu", [graph.inputs[0]]))
            made.output.set_debug_name("a")
    elif choice == 1 and not any(o.has_uses() for o in node.outputs):
        node.destroy()
    elif choice == 2 and node.outputs:
        node.outputs[0].replace_all_uses_with(graph.inputs[0])
    elif choice == 3 and node.outputs:
        node.outputs[0].set_debug_name("inner").set_type(FLOAT)
    elif choice == 4:
        node.set_attribute("k", pick)
    elif choice == 5 and node.kind == "aten::abs":
        with graph.inserting_before(node):
            graph.insert(graph.create_clone(node, lambda v: v))
    elif choice == 6 and node.kind == "prim::If":
        with graph.inserting_after(node):
            graph.insert(graph.create_clone(node, lambda v: v))
    elif choice == 7 and node.prev is not None and node.prev.prev is not None:
        before = node.prev
        if not any(v.node is before for v in node.inputs) and not node.blocks:
            node.move_before(before)
    elif choice == 8 and node.inputs and node.kind == "aten::relu":
        node.add_input(graph.inputs[0])
    elif choice == 9 and node is not nodes[0]:
        take_over(node, nodes[0])


@settings(max_examples=150)
@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=6), max_size=6))
def test_every_step_can_be_undone_and_redone(steps: list[list[tuple[int, int]]]) -> None:
    graph = _start()
    journal = graph.attach_journal()
    shapes = [_shape(graph)]
    for edits in steps:
        before = len(journal.steps)
        with graph.rewrite(RULE, "because"):
            for choice, pick in edits:
                _edit(graph, choice, pick)
        verify(graph)
        if len(journal.steps) > before:
            shapes.append(_shape(graph))
        else:
            assert _shape(graph) == shapes[-1]
    for position in range(len(journal.steps), -1, -1):
        journal.go_to(position)
        verify(graph)
        assert _shape(graph) == shapes[position]
    for position in range(len(journal.steps) + 1):
        journal.go_to(position)
        verify(graph)
        assert _shape(graph) == shapes[position]


def test_a_failed_rewrite_is_taken_back() -> None:
    graph = _start()
    journal = graph.attach_journal()
    shape = _shape(graph)
    try:
        with graph.rewrite(RULE, "because"):
            _edit(graph, 0, 1)
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
