"""Graphs that are opened as text: malformed ones are refused with a sentence, all others are taken."""

from pathlib import Path

import pytest
import torch

from jitcore.passes import PassContext, catalogue, run_pipeline
from jitcore.passes.inline import inlined_graph
from jitcore.printing import code_of_graph, code_text, graph_text, parse_graph
from jitcore.requests.graph_file import read_graph
from jitcore.requests.method import Method
from jitcore.requests.program import Program
from jitcore.requests.rewritten_method import RewrittenMethod
from jitcore.source import JitError
from tests.differential.freezing.comparison import MODULE_PASSES

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"

MALFORMED = {
    "%r : Tensor = prim::GetAttr(%x)": 'prim::GetAttr has no name: write it as in prim::GetAttr[name="a"]',
    '%r : Tensor = prim::GetAttr[name="a"]()': "prim::GetAttr has 0 inputs: write it with 1",
    "%r : Tensor = prim::GetAttr[name=1](%x)": "the name of prim::GetAttr is not a text: write it as in",
    "%r : Tensor = prim::fork(%x)": "prim::fork has no Subgraph: write the node as prim::fork_0, and behind",
    "%r : Tensor = prim::fork[Subgraph=5](%x)": "the Subgraph of prim::fork is no graph: write",
    "%r : Tensor = prim::If(%c)": "prim::If has 0 blocks: write it with 2",
    "%r : Tensor = prim::If(%c)\n    block0():\n      -> (%x)": "prim::If has 1 block: write it with 2",
    "%r : Tensor = prim::If(%c)\n    block0():\n      -> ()\n    block1():\n      -> (%x)": (
        "block 0 of prim::If gives 0 values: write it with 1, as the node's results ask"
    ),
    "%r : Tensor = prim::If(%c)\n    block0(%i : int):\n      -> (%x)\n    block1():\n      -> (%x)": (
        "block 0 of prim::If has 1 parameter: write it with 0"
    ),
    "%r : Tensor = prim::If(%p)\n    block0():\n      -> (%x)\n    block1():\n      -> (%x)": (
        "prim::If cannot be steered by %p, of type (Tensor, Tensor): give it a bool"
    ),
    "%r : Tensor = prim::Loop(%n, %c, %x)\n    block0():\n      -> (%c, %x)": (
        "block 0 of prim::Loop has 0 parameters: write it with 2, as the node's inputs ask"
    ),
    "%r : Tensor = prim::Loop(%n, %c)\n    block0(%i : int):\n      -> (%c, %x)": (
        "prim::Loop carries 0 values and has 1 result: write as many results as values behind the"
    ),
    "%r : int, %s : int = prim::Constant[value=1]()": "prim::Constant has 2 results: write it with 1",
    "= prim::Constant[value=1]()": "prim::Constant has 0 results: write it with 1",
    '%r : int = prim::Constant[value="a"]()': "the value of prim::Constant is not of its type, int: write",
    "%r : int = prim::Constant[foo=1]()": "prim::Constant has the attribute foo: write it as in",
    "%r : Tensor = aten::relu(%r)": "%r is used in its own definition",
    "%r : Tensor = prim::If(%c)\n    block0():\n      -> (%r)\n    block1():\n      -> (%x)": (
        "%r is used in its own definition: use a value that is defined before it"
    ),
    "%r : Tensor = aten::add(%x)": "aten::add has 1 input: write it with 2 to 4",
    "%r : Tensor = aten::relu(%x, %x, %x)": "aten::relu has 3 inputs: write it with 1 to 2",
    "%r : Tensor, %s : Tensor = aten::relu(%x)": "aten::relu has 2 results: write it with 1",
    "%r : Tensor = aten::relu(%x)\n    block0():\n      -> (%x)": "aten::relu has 1 block: write it with 0",
    "%r : Tensor = foo::bar(%x)\n    block0():\n      -> ()": "block 0 of foo::bar gives 0 values",
    "%r : Tensor, %s : Tensor, %t : Tensor = prim::TupleUnpack(%p)": (
        "prim::TupleUnpack has 3 parts, and %p is of type (Tensor, Tensor): write as many"
    ),
    "%r : int = prim::TupleConstruct(%x)": "%r of prim::TupleConstruct is of type int: give it a tuple's",
    "%r : Dict(int, Tensor) = prim::DictConstruct(%n)": (
        "prim::DictConstruct has 1 input: write it with an even number"
    ),
    "%r : Tensor = prim::profile_ivalue()": "prim::profile_ivalue has a result and no input",
    "%r : Tensor = prim::Exit(%x)\n  %s : Tensor = aten::relu(%r)": "%r is what prim::Exit gives, which",
    "= prim::Return(%x)": "prim::Return is no node",
}  # fmt: skip


@pytest.mark.parametrize("node", MALFORMED)
def test_a_malformed_node_is_refused_with_its_place(node: str, tmp_path: Path) -> None:
    text = f"graph(%x : Tensor, %n : int, %c : bool, %p : (Tensor, Tensor)):\n  {node}\n  return (%x)\n"
    file = tmp_path / "given.ir"
    file.write_text(text)
    with pytest.raises(JitError) as refused:
        Program.open(str(file))
    assert str(refused.value).startswith(f"{file}:2:")
    assert MALFORMED[node] in str(refused.value)


def test_a_subgraph_fits_its_node() -> None:
    text = """graph(%x : Tensor):
  %f : Future(Tensor) = prim::fork_0(%x)
  return (%f)
with prim::fork_0 = graph({}):
  return ({})
"""
    read_graph(text.format("%a : Tensor", "%a"), "given.ir")
    with pytest.raises(JitError, match=r"has 1 input, its subgraph 2 parameters: write as many of both"):
        read_graph(text.format("%a : Tensor, %b : Tensor", "%a"), "given.ir")
    with pytest.raises(
        JitError, match=r"given.ir:2:2: the subgraph of prim::fork gives 0 values: write it with 1"
    ):
        read_graph(text.format("%a : Tensor", ""), "given.ir")


def test_what_torch_parses_is_parsed_and_only_refused_as_a_file() -> None:
    """torch's parser takes nodes of any form, as does ours, which others than people give texts."""
    for node in (
        "%r : Tensor = prim::If(%c)",
        "%r : Tensor = aten::relu()",
        "%r : int = prim::TupleIndex(%c)",
    ):
        text = f"graph(%c : bool):\n  {node}\n  return (%r)\n"
        torch._C.parse_ir(text)
        parse_graph(text)
        with pytest.raises(JitError, match="write it"):
            read_graph(text, "given.ir")


@pytest.mark.parametrize("sample", ["attention", "constants", "gate", "loop", "tuples"])
def test_whatever_is_printed_is_read_again(sample: str) -> None:
    program = Program.open(str(SAMPLES / f"{sample}.pt"))
    assert program.module is not None
    function = program.find("", "forward").function
    graphs = [function.graph, inlined_graph(function)]
    for name in catalogue():
        try:
            # What changes modules works on their calls.
            passes = [name] if name in MODULE_PASSES else ["inline", name]
            graphs.append(RewrittenMethod(Method(function, program.module), passes, None).graph)
        except JitError:
            # Not every pass can rewrite every graph.
            assert name in ("lower-all-tuples", "erase-number-types", "propagate-dtype", "differentiate")
    for graph in graphs:
        text = graph_text(graph, locations=False)
        assert graph_text(read_graph(text, "printed.ir"), locations=False) == text
    program.close()


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ("()", "def graph(x: Tensor,\n    n: int) -> NoneType:\n  pass\n"),
        ("(%x, %n)", "def graph(x: Tensor,\n    n: int) -> Tuple[Tensor, int]:\n  return x, n\n"),
    ],
)
def test_a_graph_may_give_nothing_or_several_values(results: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "given.ir"
    file.write_text(f"graph(%x : Tensor, %n : int):\n  return {results}\n")
    assert code_text(Program.open(str(file)).find("", "graph").function) == code


def test_tensors_in_a_tuple_may_be_shown_without_their_shapes() -> None:
    text = "graph():\n  %t : (Tensor, Tensor) = prim::Constant[value=({1}, <Tensor>)]()\n  return (%t)\n"
    graph = read_graph(text, "given.ir")
    assert code_of_graph(graph, "f").text.endswith("return (CONSTANTS.c0, CONSTANTS.c1)\n")
    run_pipeline(graph, ["lower-all-tuples"], PassContext())
    assert [str(value.type) for value in graph.outputs] == ["Tensor", "Tensor"]


def test_equal_calls_with_odd_attributes_are_told_apart() -> None:
    calls = "".join(f"  %{n} : Tensor = aten::neg[name=[{n}]](%x)\n" for n in range(2))
    graph = read_graph(f"graph(%x : Tensor):\n{calls}  return (%0, %1)\n", "given.ir")
    run_pipeline(graph, ["cse"], PassContext())
    assert graph.outputs[0] is not graph.outputs[1]


def test_types_that_a_value_is_asked_for_may_be_tuples() -> None:
    text = """graph(%x : Any):
  %1 : bool = prim::isinstance[types=[(int, str), int[], (int, (Tensor, str?)[])?, NoneType]](%x)
  return (%1)
"""
    graph = read_graph(text, "given.ir")
    assert graph_text(graph) == text
    asked = "Tuple[int, str], List[int], Optional[Tuple[int, List[Tuple[Tensor, Optional[str]]]]], NoneType"
    assert f"isinstance(x, ({asked}))" in code_of_graph(graph, "f").text


def test_an_item_that_is_a_tuple_is_given_by_its_parts() -> None:
    text = """graph(%xs : (int, str)[], %n : int):
  %item : (int, str) = aten::__getitem__(%xs, %n)
  %a : int, %b : str = prim::TupleUnpack(%item)
  return (%a, %b)
"""
    graph = read_graph(text, "given.ir")
    run_pipeline(graph, ["lower-all-tuples"], PassContext())
    lowered = graph_text(graph)
    assert "%5 : int, %6 : str = aten::__getitem__(%xs, %n)" in lowered
    again = read_graph(lowered, "lowered.ir")
    run_pipeline(again, ["peephole-list-idioms", "peephole", "cse"], PassContext())
    assert graph_text(again) == lowered
