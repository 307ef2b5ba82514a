"""Floating point operations of nodes, against torch's own counter."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from jitcore.exec import Profiler, profile
from jitcore.printing import parse_graph


def counted(agree, program, *inputs, eager=None):
    """What our profile counts in all, what torch's counter does of the program in Python, and the operators
    that have a count; torch's executor computes some products together, which its counter does not see."""
    interpreter, module, _ = agree.load(program)
    profiler = Profiler(module.method("forward"), interpreter.materializer)
    with torch.no_grad():
        profiler.run_once([module, *inputs])
        with FlopCounterMode(display=False) as theirs:
            (eager or program)(*inputs)
    nodes = profiler.result().nodes
    ours = {key: node.metrics.flops for key, node in nodes.items() if node.metrics.flops is not None}
    whole = sum(flops for key, flops in ours.items() if not key[0])
    return whole, theirs.get_total_flops(), {nodes[key].kind for key in ours}


class Recurrent(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0]


class Shapes(nn.Module):
    """Products of tensors of every number of dimensions."""

    def forward(self, v, m, b, w):
        return (
            v @ m.t(), m @ v, m @ m.t(), b @ v, b @ m.t(), m @ b.transpose(1, 2), v @ b.transpose(1, 2),
            w @ b.transpose(1, 2), b @ w.transpose(2, 3), torch.einsum("bij,kj->bik", [b, m]),
            torch.tensordot(b, m, dims=([2], [1])), torch.bmm(b, b.transpose(1, 2)),
            torch.baddbmm(b @ m.t(), b, m.t().expand(3, 5, 4)), torch.inner(m, m),
            torch.cov(m), torch.cov(v), torch.corrcoef(m), functional.linear(v, m),
            functional.linear(b, m, v[:4]), functional.linear(w, m), torch.addmm(m @ m.t(), m, m.t()),
        )  # fmt: skip


MODULES = {
    "convolutions": (
        nn.Sequential(nn.Conv2d(4, 8, 3, 2, 1, groups=2), nn.ConvTranspose2d(8, 4, 2, 2, bias=False)),
        (2, 4, 9, 9),
    ),
    "a picture alone": (nn.Sequential(nn.Conv2d(4, 8, 3, padding="same"), nn.ReLU()), (4, 9, 9)),
    "one and three dimensions": (
        nn.Sequential(nn.Conv1d(3, 6, 5, dilation=2), nn.Unflatten(1, (2, 3)), nn.Flatten(2)),
        (2, 3, 20),
    ),
    "conv3d": (nn.Sequential(nn.Conv3d(2, 3, 2), nn.ConvTranspose3d(3, 2, 2, groups=1)), (1, 2, 5, 5, 5)),
    "layers": (nn.Sequential(nn.Linear(6, 5), nn.GELU(), nn.Linear(5, 1, bias=False)), (2, 7, 6)),
    "gru": (Recurrent(nn.GRU(6, 4, 2, bidirectional=True, batch_first=True)), (2, 7, 6)),
    "rnn": (Recurrent(nn.RNN(6, 4)), (2, 7, 6)),
    "lstm": (Recurrent(nn.LSTM(6, 4)), (2, 7, 6)),
    "lstm in double": (Recurrent(nn.LSTM(6, 4, 2)).double(), (2, 7, 6)),
    "lstm with projections": (Recurrent(nn.LSTM(6, 4, proj_size=2)), (2, 7, 6)),
}


@pytest.mark.parametrize(
    ("name", "way"),
    [
        (n, way)
        for n, (m, _) in MODULES.items()
        for way in ("script", "trace")
        if way == "script" or not isinstance(m, Recurrent)
    ],
)
def test_modules_have_the_number_that_torch_counts(agree, name, way):
    module, shape = MODULES[name]
    module.eval()
    x = torch.randn(shape, dtype=next(module.parameters()).dtype)
    program = torch.jit.script(module) if way == "script" else torch.jit.trace(module, x)
    ours, theirs, _ = counted(agree, program, x, eager=module)
    assert ours == theirs
    assert theirs > 0 or name == "lstm"


def test_products_of_all_shapes_have_the_number_that_torch_counts(agree):
    inputs = torch.randn(5), torch.randn(4, 5), torch.randn(3, 4, 5), torch.randn(2, 3, 4, 5)
    ours, theirs, kinds = counted(agree, Shapes(), *inputs)
    assert ours == theirs > 0
    assert {"aten::matmul", "aten::einsum", "aten::tensordot", "aten::linear", "aten::baddbmm"} <= kinds


def test_attention_is_counted_where_torch_composes_it(agree):
    class Attention(nn.Module):
        def forward(self, q, k, v):
            return functional.scaled_dot_product_attention(q, k, v, dropout_p=0.5)

    class Fused(nn.Module):
        def forward(self, q, k, v):
            return functional.scaled_dot_product_attention(q, k, v)

    inputs = torch.randn(2, 3, 7, 4), torch.randn(2, 3, 5, 4), torch.randn(2, 3, 5, 6)
    for program in (Attention(), Fused()):
        ours, theirs, kinds = counted(agree, program, *inputs)
        assert ours == theirs
        assert bool(theirs) == ("aten::scaled_dot_product_attention" in kinds)


def test_what_has_no_formula_is_not_counted_rather_than_nothing():
    graph = parse_graph("""graph(%x : Tensor):
  %a : Tensor = aten::relu(%x)
  %c : Tensor = aten::mm(%x, %x)
  return (%a, %c)
""")
    measured = profile(graph, [torch.randn(4, 4)])
    assert {n.kind: n.metrics.flops for n in measured.nodes.values()} == {"aten::relu": None, "aten::mm": 128}


def test_turns_of_a_loop_and_calls_add_up(agree):
    class Stack(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x, n: int):
            for _ in range(n):
                if x.shape[0] > 1:
                    x = self.layer(x)
            return x

    ours, theirs, kinds = counted(agree, Stack(), torch.randn(3, 4), 5)
    assert ours == theirs == 5 * 2 * 3 * 4 * 4
    assert "prim::CallMethod" in kinds
    assert not kinds & {"prim::Loop", "prim::If"}, "what stands in blocks counts for itself"


def test_counting_computes_nothing_of_the_program(agree):
    """Random numbers and buffers are those of a run that nobody counts."""

    class Noisy(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm1d(4)
            self.rnn = nn.GRU(4, 4, dropout=0.5, num_layers=2)

        def forward(self, x):
            return functional.dropout(self.rnn(self.norm(x).unsqueeze(1))[0], 0.5, True)

    interpreter, module, oracle = agree.load(Noisy().train())
    x = torch.randn(6, 4)
    with torch.no_grad():
        torch.manual_seed(1)
        ours = Profiler(module.method("forward"), interpreter.materializer).run_once([module, x])
        torch.manual_seed(1)
        assert torch.equal(ours, oracle(x))
