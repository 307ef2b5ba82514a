"""What the inspector tells of operators: notes, effects, aliases."""

import pytest

from jitcore import ops
from jitcore.ir import Function
from jitcore.printing import parse_graph
from jitcore.types import FunctionSchema
from jitviewer.engine.document import Document
from jitviewer.engine.inspection import node_facts
from jitviewer.engine.operator_notes import note_of
from jitviewer.engine.tensor_names import TensorNames
from jitviewer.resources import resource


def facts_of(line):
    graph = parse_graph(
        f"graph(%x : Tensor, %y : Tensor):\n  %n : int = prim::Constant[value=1]()\n  {line}\n  return (%n)\n"
    )
    node = list(graph.all_nodes())[-1]
    document = Document("line.ir", Function("graph", FunctionSchema("graph", "", (), ()), graph))
    return {(fact.group, fact.name): fact for fact in node_facts(node, TensorNames(document))}


@pytest.mark.parametrize(
    ("line", "name", "text"),
    [
        ("%r : Tensor = aten::add_(%x, %y, %n)", "writes to", "%x"),
        ("%r : Tensor = aten::add_(%x, %y, %n)", "output", "is %x itself"),
        ("%r : Tensor = aten::t(%x)", "output", "may share memory with %x"),
        ("%r : Tensor = aten::relu(%x)", "none", "its results are all that it gives"),
        ("%r : Tensor = aten::rand_like(%x, %n, %n, %n, %n, %n)", None, None),
        (" = prim::Print(%x)", "side effects", "is kept even if nobody reads its results"),
    ],
)
def test_effects(line, name, text):
    facts = facts_of(line)
    if name is not None:
        assert facts["Effects", name].text == text


def test_the_chosen_overload_and_its_schema_are_told():
    facts = facts_of("%r : Tensor = aten::add(%x, %y, %n)")
    assert facts["Operator", "overload"].text == "aten::add.Tensor"
    assert facts["Operator", "schema"].text.startswith("aten::add.Tensor(Tensor self, Tensor other")
    assert facts["Inputs", "other"].text == "%y : Tensor"
    assert facts["Inputs", "alpha"].text == "%n : int = 1"
    assert facts["Outputs", "used by"].text == "nobody"


def test_notes_are_sentences_about_operators_that_exist():
    words = resource("operator_notes.txt").read_text(encoding="utf-8").splitlines()
    names = [line.split()[0] for line in words if not line.startswith("#")]
    assert len(names) > 400
    assert len(set(names)) == len(names)
    # Nodes of the language itself, `prim::If` and the like, stand in no table of operators.
    assert [name for name in names if not name.startswith("prim::") and not ops.exists(name)] == []
    for name in names:
        note = note_of(name)
        assert note[0].isupper() or not note[0].isalpha() or note.startswith("e to the power")
        assert note.endswith("."), name
        assert len(note) < 200, name


def test_operators_in_place_are_told_of_by_their_other_form():
    assert note_of("aten::relu_").endswith("Works in place: the first operand is overwritten.")
    assert note_of("aten::copy_").startswith("Writes the elements")
    assert note_of("custom::unknown") == ""
