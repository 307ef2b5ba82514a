"""Frozen, optimized, mobile and partly traced archives, and modules with several methods."""

import io
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

PROGRAMS = Programs()
X = torch.linspace(-1, 1, 8).reshape(2, 4)
PICTURE = torch.linspace(-1, 1, 3 * 64).reshape(1, 3, 8, 8)


class Picture(nn.Module):
    """A small network of what optimizers fold."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.linear = nn.Linear(4, 5)
        self.scale = 2
        self.names = ["a", "b"]

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.norm(self.conv(x)))
        y = self.drop(y.mean([2, 3])) * self.scale
        if self.training:
            y = y + len(self.names)
        return self.linear(y)

    @torch.jit.export
    def features(self, x: Tensor) -> Tuple[Tensor, List[str]]:
        return self.conv(x), self.names


@PROGRAMS.build((PICTURE,))
def frozen() -> Any:
    return torch.jit.freeze(torch.jit.script(Picture().eval()))


@PROGRAMS.build((PICTURE,))
def frozen_with_attributes() -> Any:
    module = torch.jit.script(Picture().eval())
    return torch.jit.freeze(module, preserved_attrs=["features", "scale", "training"])


@PROGRAMS.build((PICTURE,))
def frozen_unoptimized() -> Any:
    return torch.jit.freeze(torch.jit.script(Picture().eval()), optimize_numerics=False)


@PROGRAMS.build((PICTURE,))
def frozen_trace() -> Any:
    return torch.jit.freeze(torch.jit.trace(Picture().eval(), PICTURE))


@PROGRAMS.build((PICTURE,))
def mobile() -> bytes:
    return torch.jit.script(Picture().eval())._save_to_buffer_for_lite_interpreter()


@PROGRAMS.build((PICTURE,))
def with_extra_files() -> bytes:
    buffer = io.BytesIO()
    torch.jit.save(
        torch.jit.script(Picture().eval()),
        buffer,
        _extra_files={"notes.txt": "caf\u00e9", "deep/b.bin": b"\0\1"},
    )
    return buffer.getvalue()


class Methods(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)

    def twice(self, x: Tensor, y: Tensor) -> Tensor:
        return self.linear(self.linear(x)) + y


@PROGRAMS.build((X,))
def traced_methods() -> Any:
    return torch.jit.trace_module(Methods(), {"forward": X, "twice": (X, X)})


class Typed(NamedTuple):
    left: Tensor
    right: Tensor


@PROGRAMS.trace((X,))
def traced_named_tuple(x: Tensor) -> Any:
    return Typed(x + 1, x - 1)


@PROGRAMS.build((X,))
def traced_dict_result() -> Any:
    def parts(x: Tensor) -> Any:
        return {"sum": x + x, "difference": x - 1}

    return torch.jit.trace(parts, X, strict=False)


@PROGRAMS.build(({"a": X, "b": X + 1}, (X, [X, X * 2])))
def traced_nested_arguments() -> Any:
    def nested(table: Any, pair: Any) -> Any:
        return (table["a"] + pair[0], (table["b"] * pair[1][0], [pair[1][1], table["a"]]))

    return torch.jit.trace(nested, ({"a": X, "b": X + 1}, (X, [X, X * 2])), strict=False)


@torch.jit.script
def branches(x: Tensor, limit: float) -> Tensor:
    if bool(x.sum() > limit):
        return x * 2
    return x - 1


class ScriptedInside(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.loop = torch.jit.script(Picture().eval())

    def forward(self, x: Tensor) -> Tensor:
        return branches(self.loop(x * 2), 0.5)


@PROGRAMS.build((PICTURE,), (-PICTURE,))
def scripted_in_traced() -> Any:
    return torch.jit.trace(ScriptedInside().eval(), PICTURE)


class TracedInside(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.traced = torch.jit.trace(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), X)
        self.other = torch.jit.trace(nn.Sequential(nn.Linear(4, 4), nn.Sigmoid()), X)

    def forward(self, x: Tensor, n: int) -> Tensor:
        for i in range(n):
            x = self.traced(x) if i % 2 == 0 else self.other(x)
        return x


@PROGRAMS.build((X, 3))
def traced_in_scripted() -> Any:
    return torch.jit.script(TracedInside())


@PROGRAMS.build((X,))
def traced_in_training() -> Any:
    torch.manual_seed(0)
    return torch.jit.trace(nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5)).train(), X, check_trace=False)


@PROGRAMS.build((X.requires_grad_(False),))
def traced_with_gradients() -> Any:
    def grad_modes(x: Tensor) -> Tensor:
        with torch.no_grad():
            y = x * 2
        return (y + x).detach()

    return torch.jit.trace(grad_modes, X)


@PROGRAMS.build((X,))
def traced_buffers_and_inplace() -> Any:
    class Running(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("mean", torch.zeros(4))
            self.register_buffer("steps", torch.zeros((), dtype=torch.int64), persistent=False)

        def forward(self, x: Tensor) -> Tensor:
            self.mean.mul_(0.9).add_(x.mean(0), alpha=0.1)
            self.steps += 1
            y = x.clone()
            y[0] = self.mean
            y[:, ::2] *= self.steps
            return y

    return torch.jit.trace(Running(), X, check_trace=False)


@PROGRAMS.build((X,))
def shared_storages() -> Any:
    class Shared(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            whole = torch.arange(24.0)
            self.register_buffer("whole", whole)
            self.register_buffer("view", whole[4:12].view(2, 4))
            self.register_buffer("strided", whole[::2].view(3, 4).t())
            self.register_buffer("same", whole)
            self.register_buffer("expanded", torch.ones(1).expand(2, 4))
            self.register_buffer("scalar", torch.tensor(3.0))
            self.register_buffer("empty", torch.zeros(0, 4))
            self.tied = nn.Linear(4, 4)
            self.also = nn.Linear(4, 4)
            self.also.weight = self.tied.weight

        def forward(self, x: Tensor) -> List[Tensor]:
            self.whole[5] = 100.0
            views = [self.view + x, self.strided.sum(0), self.same, self.expanded]
            return views + [self.scalar, self.empty, self.also(self.tied(x))]

    return torch.jit.script(Shared())


@PROGRAMS.build((X,))
def none_everywhere() -> Any:
    class Nones(nn.Module):
        label: Optional[str]
        table: Optional[Dict[str, int]]

        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(4, 4, bias=False)
            self.register_parameter("missing", None)
            self.register_buffer("absent", None)
            self.label = None
            self.table = None
            self.down = None

        def forward(self, x: Tensor) -> Tensor:
            if self.down is not None:
                x = self.down(x)
            if self.absent is not None:
                x = x + self.absent
            label = self.label
            if label is not None:
                x = x * len(label)
            return self.linear(x)

    return torch.jit.script(Nones())


@PROGRAMS.build((X,))
def frozen_with_submodule_methods() -> Any:
    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(4))
            self.table = {"a": 1, "b": 2}

        def forward(self, x: Tensor) -> Tensor:
            return x * self.weight + self.table["a"]

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.ModuleList([Inner(), Inner()])
            self.pairs = (1, 2.5)

        def forward(self, x: Tensor) -> Tensor:
            for each in self.inner:
                x = each(x)
            return x * self.pairs[1]

    return torch.jit.freeze(torch.jit.script(Outer().eval()))
