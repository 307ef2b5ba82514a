"""`quant-fusion` on each of its patterns, on all of them at once, and on what only looks like them."""

import random
import re
from pathlib import Path

import pytest
import torch

from jitcore.exec import run
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.quantization.fused_patterns import dynamic_patterns, static_patterns
from jitcore.printing import graph_text, parse_graph
from tests.differential.counterparts import can_be_asked, rewritten_by_spec
from tests.differential.pass_answers import renumbered
from tests.passes.conftest import golden_cases

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "passes"
SPECS = ("quant-fusion", "quant-fusion{dynamic=true}")
TIMES_N = """  %d = aten::dequantize(%a)
  %r = aten::mul(%d, %n)
  %s : float = aten::q_scale(%a)
  %z : int = aten::q_zero_point(%a)
  %t : int = prim::dtype(%a)
  %q = aten::quantize_per_tensor(%r, %s, %z, %t)
  return (%q)
"""


def program(texts: list[str], alphas: list[int]) -> str:
    """A graph that computes what each of the texts does, each with inputs of its own."""
    inputs: list[str] = []
    lines: list[str] = []
    results: list[str] = []
    for number, (text, alpha) in enumerate(zip(texts, alphas, strict=True)):
        head, body = re.sub(r"%(\w+)", rf"%v{number}_\1", text).split("):\n")
        for name in re.findall(r"%\w+", head):
            if name.endswith("_alpha"):
                lines.append(f"  {name} : int = prim::Constant[value={alpha}]()")
            else:
                inputs.append(f"{name} : {'float' if name.endswith('_n') else 'Tensor'}")
        *own, last = body.rstrip().splitlines()
        lines += own
        results += re.findall(r"%\w+", last)
    text = f"graph({', '.join(inputs)}):\n" + "\n".join(lines) + f"\n  return ({', '.join(results)})\n"
    # torch's parser keeps no names.
    return str(torch._C.parse_ir(text))


def patterns(spec: str) -> list[str]:
    families = dynamic_patterns() if "dynamic" in spec else static_patterns()
    return [graph_text(pattern.graph, locations=False) for family in families for pattern, _ in family.pairs]


def ours(text: str, spec: str) -> str:
    graph = parse_graph(text)
    run_pipeline(graph, [spec], PassContext())
    return renumbered(graph_text(graph))


def theirs(text: str, spec: str) -> str:
    return renumbered(str(rewritten_by_spec(spec, torch._C.parse_ir(text))))


pytestmark = pytest.mark.skipif(not can_be_asked("torch::jit::"), reason="libtorch's names are others here")


@pytest.mark.parametrize("spec", SPECS)
def test_every_pattern_is_fused_as_libtorch_does(spec):
    for pattern in patterns(spec):
        text = program([pattern], [1])
        assert ours(text, spec) == theirs(text, spec) != renumbered(text)


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("seed", range(3))
def test_patterns_beside_each_other_are_fused_in_libtorchs_order(spec, seed):
    chance = random.Random(seed)
    texts = [pattern for each in SPECS for pattern in patterns(each)]
    chance.shuffle(texts)
    text = program(texts, [chance.choice((1, 1, 2)) for _ in texts])
    assert ours(text, spec) == theirs(text, spec)


@pytest.mark.parametrize(
    "number",
    ["%n : Tensor", "%n : int", "%n : Scalar", "%n : float?"],
)
def test_only_numbers_are_taken_for_numbers(number):
    text = f"graph(%a : Tensor, {number}):\n{TIMES_N}"
    assert ours(text, "quant-fusion") == theirs(text, "quant-fusion")


def test_a_tensor_of_one_number_is_one():
    graph = torch._C.parse_ir(f"graph(%a : Tensor, %n : Tensor):\n{TIMES_N}")
    number = graph.insertConstant(torch.tensor(2.0))
    number.node().moveBefore(next(graph.nodes()))
    list(graph.inputs())[1].replaceAllUsesWith(number)
    graph.eraseInput(1)
    text = str(graph)
    torch._C._jit_pass_quant_fusion(graph)
    assert "quantized::mul_scalar" in str(graph)
    assert "quantized::mul_scalar" in ours(text, "quant-fusion")


def test_what_others_read_is_not_fused():
    text = (
        "graph(%a : Tensor, %s : float, %z : int, %t : int):\n  %d = aten::dequantize(%a)\n"
        "  %r = aten::hardswish(%d)\n  %q = aten::quantize_per_tensor(%r, %s, %z, %t)\n  return (%q, %r)\n"
    )
    assert (
        ours(text, "quant-fusion")
        == theirs(text, "quant-fusion")
        == renumbered(graph_text(parse_graph(text)))
    )


@pytest.mark.parametrize("name", ["quant-fusion", "quant-fusion-dynamic"])
def test_golden_cases_are_libtorchs(name):
    spec, _, rest = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").removeprefix("== ").partition("\n")
    before = rest.partition("== steps")[0]
    after = rest.partition("== after\n")[2]
    assert renumbered(after) == theirs(before, spec)


def quantized(*sizes: int) -> torch.Tensor:
    return torch.quantize_per_tensor(torch.randn(*sizes), 0.05, 3, torch.quint8)


def packed(weight: torch.Tensor, pack, *settings) -> torch.ScriptObject:
    whole = torch.quantize_per_tensor(weight * 0.3, 0.02, 0, torch.qint8)
    return pack(whole, torch.randn(len(weight)), *settings)


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
@pytest.mark.parametrize("name", ["quant-fusion", "quant-fusion-dynamic"])
def test_golden_cases_give_the_same_within_a_step_of_the_scale(name):
    (case,) = (each for each in golden_cases() if each.path.stem == name)
    torch.manual_seed(0)
    if name == "quant-fusion":
        ones = [1, 1]
        weights = packed(torch.randn(2, 2, 3, 3), torch.ops.quantized.conv2d_prepack, ones, ones, ones, 1)
        pictures = quantized(1, 2, 6, 6), quantized(1, 2, 6, 6)
        given = [*pictures, weights, 0.05, 3, 13, ones, 1, 1.5, [3, 3], 0.1, 0.9]
    else:
        weights = packed(torch.randn(4, 4), torch.ops.quantized.linear_prepack)
        given = [torch.randn(2, 4), weights, False, 13]
    before, after = (run(parse_graph(text), list(given)) for text in (case.before, case.after))
    torch.testing.assert_close(after, before, rtol=0, atol=0.05)
    assert not torch.equal(after, torch.zeros_like(after))
