"""Random programs of operators that torch fuses: chains, broadcasts, branches, loops, sizes, views."""

import random
from collections.abc import Iterator

import torch

from tests.differential.corpus.batch import Batch, Call, saved

_UNARY = (
    "torch.relu({0})", "torch.tanh({0})", "torch.sigmoid({0})", "{0}.abs()", "-{0}", "torch.exp({0} * 0.1)",
    "torch.clamp({0}, -1.0, 2.0)", "torch.clamp({0}, min=0.5)", "{0}.floor()", "torch.sin({0})",
    "{0} * 2", "{0} + 1", "1.5 - {0}", "{0} / 3.0", "torch.nn.functional.gelu({0})", "{0}.neg()",
    "torch.nn.functional.hardtanh({0})", "torch.nn.functional.silu({0})", "torch.nn.functional.elu({0})",
    "torch.pow({0}.abs(), 2)", "torch.erf({0})", "torch.sqrt({0}.abs())", "{0}.reciprocal()",
    "torch.nn.functional.leaky_relu({0}, 0.2)", "torch.nn.functional.softplus({0})", "torch.log1p({0}.abs())",
    "({0} > 0).float()", "{0}.to(torch.float64)", "{0}.to(torch.float32)", "{0}.int().float()",
    "torch.trunc({0})", "torch.frac({0})", "{0}.round()", "torch.nn.functional.hardswish({0})",
    "{0}.type_as(x)", "{0}.double().float()", "torch.nn.functional.dropout({0}, 0.5, False)",
)  # fmt: skip
_BINARY = (
    "{0} + {1}", "{0} * {1}", "{0} - {1}", "{0} / ({1}.abs() + 1)", "torch.max({0}, {1})",
    "torch.min({0}, {1})", "torch.where({0} > {1}, {0}, {1})", "torch.lerp({0}, {1}, 0.3)",
    "torch.atan2({0}, {1})", "torch.fmod({0}, {1}.abs() + 1.0)", "torch.add({0}, {1}, alpha=2)",
    "torch.addcmul({0}, {0}, {1})", "torch.where({0} > 0, {1}, 0.5)",
)  # fmt: skip
_WHOLE = (
    "{0}.sum()", "{0}.softmax(0)", "torch.cat([{0}, {1}], 0)", "torch.cat([{0}, {0}, {1}], 1)",
    "{0}.unsqueeze(0).squeeze(0)", "torch.cumsum({0}, 0)", "{0}.t().contiguous().t()", "{0}.expand_as({1})",
    "{0}.chunk(2, 1)[0].repeat(1, 2)", "{0}.view({1}.size())", "{0}.transpose(0, 1).transpose(0, 1)",
    "{0}.clone()", "torch.ones_like({0})", "torch.zeros({0}.size())", "{0}.mean(1, keepdim=True)",
)  # fmt: skip
_NUMBERS = ("{0}.size(0)", "{0}.dim()", "len({0}.size())", "{0}.numel()", "{0}.size()[1]")


def batches(count: int = 120, first: int = 0) -> Iterator[Batch]:
    """Saved modules, each with a call on tensors of float32."""
    for seed in range(first, first + count):
        source = program(seed)

        class Holder(torch.jit.ScriptModule):
            """Of a class of its own, since a class has one `forward`."""

        module = Holder()
        module.define(source)
        inputs = (torch.randn(3, 4), torch.randn(3, 4), torch.randn(3, 1))
        yield Batch(f"pointwise.{seed}", saved(module), [Call("forward", inputs)])


def program(seed: int) -> str:
    """The source of a `forward` of three matrices, the last with one column."""
    return _Writer(random.Random(seed)).source()


class _Writer:
    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._lines: list[str] = []
        self._count = 0
        self._tensors = ["x", "y"]

    def source(self) -> str:
        for _ in range(self._draw.randint(2, 12)):
            self._statement("  ")
        chosen = self._draw.sample(self._tensors, min(len(self._tensors), self._draw.randint(1, 3)))
        if self._draw.random() < 0.3:
            chosen.append(self._draw.choice(self._tensors) + ".size()")
        results = ", ".join(dict.fromkeys(chosen))
        return "\n".join(["def forward(self, x, y, b):", *self._lines, f"  return {results}", ""])

    def _name(self) -> str:
        self._count += 1
        return f"t{self._count}"

    def _expression(self) -> str:
        a, b = (self._draw.choice(self._tensors) for _ in range(2))
        kind = self._draw.random()
        if kind < 0.45:
            return self._draw.choice(_UNARY).format(a)
        if kind < 0.8:
            return self._draw.choice(_BINARY).format(a, self._draw.choice((b, b, "b")))
        if kind < 0.85:
            return f"{a} + {self._draw.choice(_NUMBERS).format(b)}"
        return self._draw.choice(_BINARY[:4]).format(self._draw.choice(_WHOLE[:1] + _WHOLE[4:5]).format(a), b)

    def _statement(self, indent: str) -> None:
        kind = self._draw.random()
        name = self._name()
        if kind < 0.7:
            self._lines.append(f"{indent}{name} = {self._expression()}")
        elif kind < 0.78:
            whole = self._draw.choice(_WHOLE).format(*self._draw.choices(self._tensors, k=2))
            other = self._draw.choice(self._tensors)
            self._lines.append(f"{indent}w{name} = {whole}")
            self._lines.append(f"{indent}{name} = torch.tanh(w{name}) * 2 + {other} * w{name}.sum()")
        elif kind < 0.86:
            last = self._tensors[-1]
            test = self._draw.choice(("x.size(0) > 4", f"bool({last}.sum() > 0)", "x.dim() == 2"))
            self._lines += [
                f"{indent}if {test}:", f"{indent}  {name} = {self._expression()}",
                f"{indent}  {name} = torch.relu({name}) + 1", f"{indent}else:",
                f"{indent}  {name} = {self._expression()}",
            ]  # fmt: skip
        elif kind < 0.92:
            self._lines += [
                f"{indent}{name} = {self._draw.choice(self._tensors)}", f"{indent}for i in range(x.size(1)):",
                f"{indent}  {name} = torch.tanh({name} * i) + {self._draw.choice(self._tensors)}",
            ]  # fmt: skip
        else:
            value = self._draw.choice(self._tensors)
            write = self._draw.choice(("add_(1)", "mul_(2)", "relu_()", "zero_()"))
            self._lines += [
                f"{indent}{name} = {value} * 1.5", f"{indent}{name}.{write}",
                f"{indent}{name} = {name} + {value}",
            ]  # fmt: skip
        self._tensors.append(name)
