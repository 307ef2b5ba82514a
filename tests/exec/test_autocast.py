"""Programs inside of torch.autocast compute in the dtypes in which torch.jit computes them."""

import io
import warnings

import pytest
import torch

import jitcore
from jitcore.archive import load
from jitcore.exec import Interpreter, Materializer
from jitcore.ops.autocast_lists import FULL, FULL_WITHOUT_DTYPE, REDUCED, WIDEST
from jitcore.passes import PassContext, run_pipeline


def product(x):
    return x @ x


def plain(x):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = x @ x
    return y, x @ x


def nested(x):
    with torch.autocast("cpu"):
        a = x @ x
        with torch.autocast("cpu", enabled=False):
            b = a.float() @ x
            with torch.autocast("cpu", dtype=torch.float16):
                c = x @ x
        d = x @ x
    return a, b, c, d


def disabled(x):
    with torch.autocast("cpu", enabled=False):
        return x @ x


def other_device(x):
    with torch.autocast("cuda", dtype=torch.float16):
        return x @ x


def two_devices(x):
    with torch.autocast("cuda"), torch.autocast("cpu", dtype=torch.float16):
        return x @ x


def half(x):
    with torch.amp.autocast("cpu", dtype=torch.float16):
        return x @ x


def double_stays(x):
    with torch.autocast("cpu"):
        return x.double() @ x.double()


def of_the_cpu(x):
    with torch.cpu.amp.autocast(dtype=torch.bfloat16):
        return x @ x


def of_cuda(x):
    with torch.cuda.amp.autocast():
        return x @ x


def made_before(x):
    a = torch.autocast("cpu", cache_enabled=False)
    with a:
        return x @ x


def called(x):
    with torch.autocast("cpu"):
        y = product(x)
    return y, product(x)


def forked(x):
    with torch.autocast("cpu"):
        return torch.jit.wait(torch.jit.fork(product, x))


def many_operators(x):
    with torch.autocast("cpu"):
        y = x @ x
        z = y.add_(x)
        return (
            torch.sum(y), torch.softmax(y, 0), torch.log_softmax(y, 0),
            torch.softmax(y, 0, dtype=torch.float64),
            torch.sum(y, dtype=torch.float64), torch.cat([y, x]), torch.cat([y, y]), y + y, y * 2.0, y.relu(),
            z,
            torch.nn.functional.linear(x, x, x[0]), torch.nn.functional.layer_norm(y, [2]), y.exp(), y.pow(2),
        )  # fmt: skip


def in_blocks(x):
    with torch.autocast("cpu"), torch.no_grad():
        parts: list[torch.Tensor] = []
        for i in range(3):
            if i == 1:
                with torch.autocast("cpu", enabled=False):
                    parts.append(x @ x)
            else:
                parts.append(x @ x)
    return parts[0], parts[1], parts[2], x @ x


class Layers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.norm, self.cell = (
            torch.nn.Linear(2, 2),
            torch.nn.LayerNorm(2),
            torch.nn.GRUCell(2, 2),
        )
        self.attention = torch.nn.MultiheadAttention(2, 1)

    def forward(self, x):
        with torch.autocast("cpu"):
            y = self.linear(x)
            return y, self.norm(y), self.cell(x), self.linear.weight + y, self.attention(x, x, x)[0]


PROGRAMS = [
    plain, nested, disabled, other_device, two_devices, half, double_stays, of_the_cpu, of_cuda, made_before,
    called, forked, many_operators, in_blocks, Layers,
]  # fmt: skip


def dtypes(result):
    return [tensor.dtype for tensor in result] if isinstance(result, tuple) else [result.dtype]


def computed(jit, program, x):
    """What a program gives when it is called twice, and once it was saved and loaded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.cuda.amp is deprecated, and there may be no CUDA
        torch.manual_seed(0)
        compiled = jit.script(program() if isinstance(program, type) else program)
        stream = io.BytesIO()
        jit.save(compiled, stream)
        stream.seek(0)
        return [compiled(x), compiled(x), jit.load(stream)(x)]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
@pytest.mark.parametrize("around", [False, True], ids=["alone", "within torch's own"])
def test_dtypes_and_values_are_those_of_torch(program, around):
    x = torch.tensor([[1.0, 2.0], [0.5, -1.0]])
    with torch.autocast("cpu", enabled=around):
        expected, found = computed(torch.jit, program, x), computed(jitcore, program, x)
    assert [dtypes(result) for result in found] == [dtypes(result) for result in expected]
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs)


def test_it_is_so_in_the_inlined_and_rewritten_graph(tmp_path):
    path = str(tmp_path / "nested.pt")
    torch.jit.save(torch.jit.script(nested), path)
    graph = load(path).method("forward").graph.copy()
    run_pipeline(graph, ["inline", "constant-propagation", "dce", "peephole"], PassContext())
    interpreter = Interpreter()
    interpreter.materializer = Materializer("cpu", path, interpreter.call)
    x = torch.ones(2, 2)
    with torch.no_grad():
        found = interpreter.run(graph, [interpreter.materializer.object(load(path)), x])
        assert dtypes(found) == dtypes(torch.jit.load(path)(x))


def test_what_is_enabled_may_be_known_only_when_it_runs():
    """torch.jit refuses this; eager torch is right."""

    def chosen(x, enabled: bool):
        with torch.autocast("cpu", enabled=enabled):
            return x @ x

    x = torch.ones(2, 2)
    compiled = jitcore.script(chosen)
    for enabled in (True, False, True):
        assert compiled(x, enabled).dtype == chosen(x, enabled).dtype


def test_a_failure_leaves_the_autocast():
    def failing(x, fails: bool):
        with torch.autocast("cpu"):
            assert not fails
        return x @ x

    compiled = jitcore.script(failing)
    x = torch.ones(2, 2)
    with pytest.raises(torch.jit.Error):
        compiled(x, True)
    assert compiled(x, False).dtype == torch.float32


def loss(x):
    with torch.autocast("cpu"):
        return torch.nn.functional.binary_cross_entropy(x, x)


def elsewhere(x):
    with torch.autocast("xpu", dtype=torch.bfloat16):
        return x @ x


@pytest.mark.parametrize(
    ("program", "said"),
    [(loss, "Unsafe to autocast"), (elsewhere, "unrecognized device for autocast pass: xpu")],
)
@pytest.mark.parametrize("jit", [torch.jit, jitcore], ids=["torch", "ours"])
@pytest.mark.filterwarnings("ignore")
def test_what_torch_refuses_is_refused(program, said, jit):
    compiled = jit.script(program)
    with pytest.raises(RuntimeError, match=said):
        compiled(torch.ones(2, 2))


def cast_by_torch(schema, cuda):
    """What torch's pass does to the inputs of one operator: "reduced", "full" or nothing."""
    arguments = [f"%{i} : {spelt(a.type)}" for i, a in enumerate(schema.arguments) if a.name != "dtype"]
    given = ["%none" if a.name == "dtype" else f"%{i}" for i, a in enumerate(schema.arguments)]
    results = [f"%r{i} : {spelt(a.type)}" for i, a in enumerate(schema.returns)]
    text = (
        f"graph({', '.join(arguments)}):\n  %none : NoneType = prim::Constant()\n"
        f"  {', '.join(results)} = {schema.name}({', '.join(given)})\n  return (%none)\n"
    )
    graph = torch._C.parse_ir(text)
    torch.set_autocast_enabled("cuda", cuda)
    torch.set_autocast_enabled("cpu", not cuda)
    try:
        torch._C._jit_pass_autocast(graph)
    finally:
        torch.set_autocast_enabled("cuda", False)
        torch.set_autocast_enabled("cpu", False)
    kinds = " ".join(node.kind() for node in graph.nodes())
    return "reduced" if "to_reduced" in kinds else "full" if "to_full" in kinds else ""


def spelt(kind):
    text = str(kind)
    for name, short in (("Optional[", "?"), ("List[", "[]")):
        if text.startswith(name):
            return spelt(text[len(name) : -1]) + short
    return "Scalar" if text in ("number", "Scalar") else text


TAKEN = frozenset(f"{kind}{suffix}" for kind in ("Tensor", "int", "float", "bool", "Scalar")
                  for suffix in ("", "?", "[]", "[]?")) | {"str", "str?"}  # fmt: skip


@pytest.mark.parametrize("cuda", [False, True], ids=["cpu", "cuda"])
def test_the_operators_are_those_of_torchs_pass(cuda):
    found = {"reduced": set(), "full": set()}
    for schema in torch._C._jit_get_all_schemas():
        name = schema.name.removeprefix("aten::")
        is_plain = (
            all(spelt(a.type) in TAKEN for a in [*schema.arguments, *schema.returns])
            and any("Tensor" in str(a.type) for a in schema.arguments)
            and schema.returns
        )
        # What torch says of a symbolic size cannot be written down.
        writes = "!" in str(schema) or name.startswith("sym_")
        if (
            name == schema.name
            or not is_plain
            or writes
            or "autocast" in name
            or name == "binary_cross_entropy"
        ):
            continue
        cast = cast_by_torch(schema, cuda)
        if cast:
            found[cast].add(name)
    ours = FULL | FULL_WITHOUT_DTYPE | WIDEST | ({"softmax"} if cuda else set())
    assert found["reduced"] <= REDUCED
    assert found["full"] <= ours
    # Those that torch has no longer, and those that take only lists.
    registered = {schema.name.removeprefix("aten::") for schema in torch._C._jit_get_all_schemas()}
    rest = (REDUCED | ours) & registered - found["reduced"] - found["full"]
    assert rest <= {
        "_cat",
        "cat",
        "stack",
        "chain_matmul",
        "gru_cell",
        "lstm_cell",
        "binary_cross_entropy_with_logits",
    }
