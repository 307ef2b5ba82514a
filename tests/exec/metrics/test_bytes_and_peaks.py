"""Bytes that nodes move, and memory along runs, against counts by hand."""

import gc

import pytest
import torch

from jitcore.exec import Interpreter, Profiler, profile
from jitcore.printing import parse_graph

F4 = 4
"""Bytes of a float."""


def graph(lines, inputs="%x : Tensor", results="%r"):
    """A graph of lines; numbers are constants by their names."""
    numbers = "\n".join(f"  %{n} : int = prim::Constant[value={n}]()" for n in range(4))
    numbers += "\n  %none : NoneType = prim::Constant()"
    return parse_graph(f"graph({inputs}):\n{numbers}\n{lines}\n  return ({results})\n")


CHAIN = graph("""
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::exp(%a)
  %r : Tensor = aten::abs(%b)""")
BRANCHES = graph("""
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::exp(%x)
  %c : Tensor = aten::sin(%x)
  %d : Tensor = aten::add(%a, %b, %1)
  %r : Tensor = aten::add(%d, %c, %1)""")
VIEWS = graph("""
  %t : Tensor = aten::t(%x)
  %u : Tensor = aten::unsqueeze(%t, %0)
  %v : Tensor = aten::select(%u, %0, %0)
  %r : Tensor = aten::neg(%v)""")
IN_PLACE = graph("""
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::relu_(%a)
  %c : Tensor = aten::add_(%b, %x, %1)
  %r : Tensor = aten::exp_(%c)""")
PRODUCT = graph(
    """
  %a : Tensor = aten::mm(%x, %y)
  %r : Tensor = aten::relu(%a)""",
    "%x : Tensor, %y : Tensor",
)
EXPANDED = graph(
    """
  %s : int[] = aten::size(%x)
  %e : Tensor = aten::expand_as(%y, %x)
  %r : Tensor = aten::add(%x, %e, %1)""",
    "%x : Tensor, %y : Tensor",
)
JOINED = graph("""
  %a : Tensor = aten::neg(%x)
  %l : Tensor[] = prim::ListConstruct(%x, %a)
  %r : Tensor = aten::cat(%l, %0)""")
LOOKED_UP = graph(
    """
  %r : Tensor = aten::index_select(%x, %0, %i)""",
    "%x : Tensor, %i : Tensor",
)
LOOP = graph("""
  %true : bool = prim::Constant[value=1]()
  %r : Tensor = prim::Loop(%3, %true, %x)
    block0(%i : int, %c : Tensor):
      %d : Tensor = aten::neg(%c)
      %e : Tensor = aten::exp(%d)
      -> (%true, %e)""")
KEPT = graph(
    """
  %a : Tensor = aten::neg(%x)
  %l : Tensor[] = prim::ListConstruct(%a)
  %b : Tensor = aten::exp(%a)
  %m : Tensor[] = aten::append(%l, %b)
  %c : Tensor = aten::abs(%b)
  %n : Tensor[] = aten::append(%l, %c)
  %r : Tensor = aten::sum(%c, %none)""",
    results="%r, %l",
)
TAKEN = graph("""
  %z : Tensor = aten::zeros_like(%x, %none, %none, %none, %none, %none)
  %false : bool = prim::Constant[value=0]()
  %r : Tensor = aten::copy_(%z, %x, %false)""")

N = 1000
X = N * F4
BY_HAND = {
    # Each of three operators reads and writes one tensor; two are alive beside the input while one runs.
    "chain": (CHAIN, (torch.randn(N),), 3 * 2 * X, 3 * X),
    # Three times one in, one out; twice two in, one out. The first sum finds x, a, b, c and makes d.
    "branches": (BRANCHES, (torch.randn(N),), 3 * 2 * X + 2 * 3 * X, 5 * X),
    # Views are free: one is read, one is written.
    "views": (VIEWS, (torch.randn(25, 40),), 2 * X, 2 * X),
    # neg 2, relu_ 2, add_ reads two and writes one, exp_ 2; nothing but a is made.
    "in place": (IN_PLACE, (torch.randn(N),), (2 + 2 + 3 + 2) * X, 2 * X),
    # 20x30 by 30x40: both are read, 20x40 written; relu reads and writes that. At the end all four are alive.
    "product": (
        PRODUCT, (torch.randn(20, 30), torch.randn(30, 40)),
        (600 + 1200 + 800 + 2 * 800) * F4, (600 + 1200 + 2 * 800) * F4,
    ),
    # A column of 10 is expanded to 10x100, and read once: its ten elements.
    "expanded": (EXPANDED, (torch.randn(10, 100), torch.randn(10, 1)), (1000 + 10 + 1000) * F4, 2010 * F4),
    # neg 2; the list costs nothing; cat reads x and a and writes two of them.
    "joined": (JOINED, (torch.randn(N),), 2 * X + 4 * X, 4 * X),
    # Of a table of 1000 rows of 8 four rows are read, the four indices, and four rows written.
    "looked up": (
        LOOKED_UP, (torch.randn(1000, 8), torch.tensor([1, 5, 5, 7])),
        4 * 8 * F4 + 4 * 8 + 4 * 8 * F4, 1000 * 8 * F4 + 4 * 8 + 4 * 8 * F4,
    ),
    # Three turns of two operators. While exp runs, x, its argument and its result are alive, and in the
    # turns after the first what neg was given is let go of before.
    "loop": (LOOP, (torch.randn(N),), 3 * 2 * 2 * X, 3 * X),
    # A list keeps all three; sum reads one and writes one number.
    "kept in a list": (KEPT, (torch.randn(N),), 3 * 2 * X + X + F4, 4 * X + F4),
    # Zeros are written without reading x; copy_ reads x and writes, without reading what is written over.
    "taken and filled": (TAKEN, (torch.randn(N),), X + 2 * X, 2 * X),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_bytes_and_peak_are_those_counted_by_hand(name):
    program, inputs, moved, peak = BY_HAND[name]
    measured = profile(program, list(inputs))
    assert sum(node.metrics.moved or 0 for node in measured.nodes.values()) == moved
    assert measured.memory.peak == peak
    assert sum(storage.bytes for storage in measured.memory.alive) == peak
    assert max(point.bytes for point in measured.memory.points) == peak
    assert measured.memory.inputs == sum(x.nbytes for x in inputs)


def test_what_is_alive_at_the_peak_is_named_with_its_maker():
    memory = profile(BRANCHES, [torch.randn(N)]).memory
    made = {node.kind: node.id for node in BRANCHES.nodes() if node.kind != "aten::add"}
    first_sum = next(node.id for node in BRANCHES.nodes() if node.kind == "aten::add")
    makers = {None if s.maker is None else s.maker[1] for s in memory.alive}
    assert makers == {None, made["aten::neg"], made["aten::exp"], made["aten::sin"], first_sum}
    assert memory.peak_node == ("", first_sum)
    assert {s.type for s in memory.alive} == {"Float(1000)"}
    assert (memory.allocations, memory.allocated, memory.weights) == (5, 5 * X, 0)


def test_memory_falls_where_values_die():
    memory = profile(graph("""
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::sum(%a, %none)
  %r : Tensor = aten::abs(%b)"""), [torch.randn(N)]).memory  # fmt: skip
    assert [p.bytes for p in memory.points] == [2 * X, 2 * X + F4, X + 2 * F4]
    assert [p.at_ns for p in memory.points] == sorted(p.at_ns for p in memory.points)


def test_weights_stand_beside_what_a_run_makes(agree):
    interpreter, module, _ = agree.load(torch.nn.Sequential(torch.nn.Linear(10, 20), torch.nn.ReLU()).eval())
    profiler = Profiler(module.method("forward"), interpreter.materializer)
    with torch.no_grad():
        profiler.run_once([module, torch.randn(5, 10)])
    memory = profiler.result().memory
    assert memory.weights == (200 + 20) * F4
    assert memory.inputs == 50 * F4
    assert memory.peak == (50 + 100 + 100) * F4
    calls = [n for key, n in profiler.result().nodes.items() if not key[0] and n.kind == "prim::CallMethod"]
    assert [call.metrics.allocated for call in calls] == [400, 400]
    assert calls[0].metrics.moved == (50 + 200 + 20 + 100) * F4
    assert {s.maker[0] for s in memory.alive if s.maker} == {""}, "made by the calls of the graph"


def test_only_the_first_repeat_is_counted():
    profiler = Profiler(CHAIN)
    for _ in range(3):
        profiler.run_once([torch.randn(N)])
    result = profiler.result()
    assert result.memory.allocations == 3
    assert {node.metrics.moved for node in result.nodes.values()} == {2 * X}


def test_looking_holds_no_value_longer_than_a_run_does():
    """Also where nothing is collected: what a profile looks at must leave no circles behind."""
    program = graph("""
  %w : Tensor = aten::matmul(%x, %x)
  %b : Tensor = aten::matmul(%w, %x)
  %r : Tensor = aten::sum(%b, %none)""")
    profiler = Profiler(program)
    gc.disable()
    try:
        profiler.run_once([torch.randn(10, 10)])
    finally:
        gc.enable()
    assert [p.bytes for p in profiler.result().memory.points] == [800, 1200, 804]
    assert Interpreter().run(program, [torch.ones(10, 10)]) == 10000


def test_a_long_run_has_a_line_of_bounded_length():
    program = graph("""
  %true : bool = prim::Constant[value=1]()
  %n : int = prim::Constant[value=9000]()
  %r : Tensor = prim::Loop(%n, %true, %x)
    block0(%i : int, %c : Tensor):
      %d : Tensor = aten::neg(%c)
      -> (%true, %d)""")
    memory = profile(program, [torch.randn(1)]).memory
    assert 4_000 <= len(memory.points) <= 8_192
    assert memory.allocations == 9000
    assert memory.peak == 3 * F4
