"""Printed graphs and constants equal torch's."""

import corpus
import pytest
import torch

from jitcore.ir import Graph, Journal
from jitcore.printing import graph_text, node_text, parse_graph, print_graph
from jitcore.printing.literals import float_text, string_text
from jitcore.source import Source, SourceRange
from jitcore.types import FLOAT, INT, TENSOR, ListType

TENSORS = [
    torch.ones(2), torch.zeros(3), torch.zeros(5, 0), torch.zeros(0), torch.ones(1, 1, 1),
    torch.tensor(5.5), torch.tensor(5.5).to(torch.bfloat16), torch.tensor([1.5, 2]).to(torch.bfloat16),
    torch.tensor([1.5, 2]).half(), torch.tensor([float("inf"), -1]), torch.tensor([float("nan")] * 2),
    torch.tensor([-float("nan"), 0.5]), torch.tensor(float("nan")), torch.tensor(-float("nan")),
    torch.arange(24.0).reshape(2, 3, 4)[:, :2, :2] * 1e6,
    torch.arange(24.0).reshape(2, 3, 4)[:, :1, :2] * 1e-6,
    torch.arange(8.0).reshape(2, 2, 1, 2), torch.arange(10.0) - 0.5, (torch.arange(10.0) - 5) * 123456,
    torch.tensor(1e300, dtype=torch.double), torch.tensor([1e300, 1], dtype=torch.double),
    torch.tensor([1e300, 1.5], dtype=torch.double), torch.tensor([1e-9, 5, 1e8]),
    torch.tensor([0.1, 0.2]) * 1e-7,
    torch.tensor([[1.5, 2], [3, 4]]) * 1e7, torch.arange(9.0).reshape(1, 9) * 1000.25,
    torch.arange(10.0).reshape(1, 10) * 1e-3, torch.tensor([-5.5, 1.0]), torch.tensor([[-1000.5, 1.0]]),
    torch.tensor([True, False]), torch.tensor(True), torch.tensor([2**40, 1]),
    torch.tensor([2**62, 2**53 + 1]),
    torch.tensor([[3, 1], [0, 4]], dtype=torch.uint8), torch.tensor([-128, 127], dtype=torch.int8),
    torch.tensor([1j, 2]), torch.tensor(2j), torch.tensor(1.5 - 2j), torch.ones(11), torch.ones(2, 30)[:, :3],
    torch.full((3,), 0.1),
    torch.tensor(1e-5), torch.tensor(123456789.0), torch.tensor([0.00001, 0.00002]),
    torch.tensor([99999.5, 1.0]),
    torch.tensor([999999.5, 100000.0]), torch.tensor([[0.0, -0.0]]), torch.tensor(-0.0),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Casting complex")
@pytest.mark.parametrize("index", range(len(TENSORS)))
def test_a_tensor_constant_is_shown_as_torch_shows_it(index):
    compare(TENSORS[index])


def compare(tensor):
    oracle = torch._C.Graph()
    oracle.registerOutput(oracle.insertConstant(tensor))
    graph = parse_graph(str(oracle))
    node = next(graph.nodes())
    node.set_attribute("value", tensor)
    assert graph_text(graph) == str(oracle)


CONSTANTS = [
    1, -1, 10**18, 1.5, 1e10, 1e-5, 0.1, -0.0, 0.0, 123456789.123, 1e9, 1e9 + 0.5, 1e300, 5e-324, 1e-320,
    2.2250738585072014e-308, float("inf"), -float("inf"), float("nan"), -float("nan"), 123456789012345.0, 1j,
    1 - 2j, -2.5j, 3 + 0j, True, False, None, "a", "", "it's", 'say "x"', "back\\slash",
    "\n\t\r\a\b\f\v\0\x7f",
    "\u00e9\u4e2d\U0001f600", "x%y# z", [1, 2], [1.0, 0.5], [True, False], ["a", "b"], (1, 2.0), (1,),
    (None, 1, [1, None]), (True, "x", (2,)), ([[1], [2, 3]],), {"a": 1}, {1: [1.5]}, {"k": "v", "w": "x"},
    (torch.device("cpu"),), torch.device("cuda:1"), (torch.ones(2), torch.ones(1), torch.ones(200)),
    {1: torch.ones(3)}, [torch.ones(2)], [1j, 2j], corpus.Color.RED, (corpus.Mood.GOOD,), [None, 1, None],
]  # fmt: skip


@pytest.mark.parametrize("index", range(len(CONSTANTS)))
def test_a_constant_survives_parsing_and_printing(index):
    oracle = torch._C.Graph()
    oracle.registerOutput(oracle.insertConstant(CONSTANTS[index]))
    assert graph_text(parse_graph(str(oracle))) == str(oracle)


@pytest.mark.parametrize(
    "value", [v for v in CONSTANTS if type(v) in (int, float, str, bool, complex, list, dict)]
)
def test_a_parsed_constant_is_the_value(value):
    if isinstance(value, list) and isinstance(value[0], torch.Tensor):
        return
    if isinstance(value, dict) and 1 in value and isinstance(value[1], torch.Tensor):
        return
    oracle = torch._C.Graph()
    oracle.registerOutput(oracle.insertConstant(value))
    parsed = next(parse_graph(str(oracle)).nodes()).attributes["value"]
    assert repr(parsed) == repr(
        value if not (isinstance(value, complex) and value == -2.5j) else 0 - 2.5j
    ) or (isinstance(value, float) and value != value and parsed != parsed)


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_a_quantized_constant_is_shown_as_torch_shows_it():
    compare(torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.1, 0, torch.quint8))


def test_floats_at_the_edges_of_their_forms():
    assert [float_text(x) for x in (1.0, 9999999999.0, 1e10, -3.0, 0.5)] == [
        "1.", "9999999999.", "10000000000", "-3.", "0.5",
    ]  # fmt: skip


def test_bytes_above_ascii_keep_torchs_signed_octal():
    assert string_text("\u00e9") == '"\\0)+\\/.)"'


def sample() -> Graph:
    graph = Graph()
    x = graph.add_input("x", TENSOR)
    graph.add_input("sizes", ListType(INT))
    one = graph.insert_constant(1.5, FLOAT, SourceRange(Source("a\n  b", "m.py", 4), 4, 5))
    branch = graph.append(graph.create("prim::If", [one]))
    then = branch.add_block()
    inner = then.append(graph.create("aten::neg", [x]))
    then.register_output(inner.output)
    branch.add_block().register_output(x)
    graph.append(graph.create("prim::Print", [x], outputs=0))
    graph.register_output(branch.output)
    return graph


def test_lines_know_their_nodes():
    graph = sample()
    listing = print_graph(graph)
    assert listing.text == (
        "graph(%x : Tensor,\n"
        "      %sizes : int[]):\n"
        "  %2 : float = prim::Constant[value=1.5]() # m.py:6:2\n"
        "  %3 : Tensor = prim::If(%2)\n"
        "    block0():\n"
        "      %4 : Tensor = aten::neg(%x)\n"
        "      -> (%4)\n"
        "    block1():\n"
        "      -> (%x)\n"
        "   = prim::Print(%x)\n"
        "  return (%3)\n"
    )
    for node in graph.all_nodes():
        line = listing.line_of(node.id)
        assert line is not None
        assert node.kind in listing.lines[line]
    assert len(listing.lines) == len(listing.node_ids)


def test_a_single_node_is_its_line():
    nodes = {node.kind: node_text(node) for node in sample().all_nodes()}
    assert nodes["prim::Constant"] == "%2 : float = prim::Constant[value=1.5]()"
    assert nodes["prim::If"] == "%3 : Tensor = prim::If(%2)"


def test_scopes_stand_between_node_and_place():
    text = (
        "graph(%x : Tensor):\n"
        "  %1 : Tensor = aten::neg(%x), scope: __module.layer/__module.layer.act # m.py:3:4\n"
        "  %2 : Tensor = aten::neg(%1), scope: __module\n"
        "  return (%2)\n"
    )
    graph = parse_graph(text)
    assert [node.scope for node in graph.nodes()] == ["__module.layer/__module.layer.act", "__module"]
    assert graph_text(graph) == text


def test_no_location_is_printed_where_none_is_wanted():
    traced = parse_graph(str(torch.jit.script(corpus.branches).graph))
    assert "#" in graph_text(traced)
    assert "#" not in graph_text(traced, locations=False)


def test_occurrences_are_the_values_of_a_line():
    listing = print_graph(sample())
    found = [(o.name, listing.lines[2][o.start : o.end]) for o in listing.occurrences(2)]
    assert found == [("2", "%2")]
    assert [o.name for o in listing.occurrences(5)] == ["4", "x"]


def test_recording_edits_changes_no_text():
    graph = sample()
    before = graph_text(graph)
    assert isinstance(graph.attach_journal(), Journal)
    assert graph_text(graph) == before
