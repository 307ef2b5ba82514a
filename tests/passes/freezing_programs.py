"""Modules that give freezing, and the passes of frozen graphs, something to do."""

import torch
from torch import nn


def numbered(module: nn.Module) -> nn.Module:
    """The module in evaluation, its parameters and buffers filled with small numbers in order."""
    with torch.no_grad():
        for count, value in enumerate([*module.parameters(), *module.buffers()], 1):
            if value.is_floating_point():
                value.copy_(torch.arange(1.0, 1 + value.numel()).reshape(value.shape) / (4 * count))
    return module.eval()


class ConvolutionsAndNorms(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.plain = nn.Conv2d(1, 2, 1)
        self.norm = nn.BatchNorm2d(2)
        self.without_bias = nn.Conv2d(2, 2, 1, bias=False)
        self.without_weight = nn.BatchNorm2d(2, affine=False)
        self.read_twice = nn.Conv2d(2, 2, 1)
        self.last = nn.BatchNorm2d(2)
        self.of_its_input = nn.BatchNorm2d(2, track_running_stats=False)

    def forward(self, x):
        x = self.without_weight(self.without_bias(self.norm(self.plain(x))))
        y = self.read_twice(x)
        return self.last(y) + y, self.of_its_input(self.plain(x[:, :1]))


class NormInABranch(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(2, 2, 1)
        self.norm = nn.BatchNorm1d(2)
        self.linear = nn.Linear(3, 2)

    def forward(self, x, deep: bool):
        if deep:
            x = self.norm(self.convolution(x)) + 2
        return torch.dropout(self.linear(x), 0.5, self.training)


class SumsAndProducts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 1)
        self.second = nn.Conv2d(2, 2, 1, bias=False)
        self.third = nn.Conv3d(1, 2, 1)
        self.by_channel = nn.Buffer(torch.tensor([2.0, 4.0]).reshape(1, 2, 1, 1))
        self.whole = nn.Buffer(torch.tensor(3))
        self.by_place = nn.Buffer(torch.ones(3, 3))

    def forward(self, x):
        x = (self.first(x) + self.by_channel) * 2
        x = (self.second(x) - 1.5) / self.by_channel
        y = self.third(x[:, None, :1]) - self.whole
        return (self.second(x) * self.by_place, self.second(x) + torch.ones(1), y / 4)


class LinearAndNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.norm = nn.BatchNorm1d(2)
        self.without_bias = nn.Linear(2, 2, bias=False)
        self.again = nn.BatchNorm1d(2, affine=False)
        self.dropout = nn.Dropout()

    def forward(self, x):
        return self.again(self.without_bias(self.dropout(self.norm(self.linear(x)))))


class ForOneDnn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 1)
        self.second = nn.Conv2d(2, 2, 1, bias=False)
        self.norm = nn.LayerNorm(4)
        self.linear = nn.Linear(4, 2)
        self.offset = nn.Buffer(torch.ones(2, 1, 1))

    def forward(self, x):
        x = torch.relu_(self.first(x))
        y = nn.functional.hardswish(self.second(x)) + x
        y = torch.clamp(nn.functional.relu6(y), -1.0, 2.0) * 0.5
        z = nn.functional.hardtanh(nn.functional.hardsigmoid(self.second(y))) * self.offset
        z = nn.functional.max_pool2d(z + y, 1)
        return self.linear(self.norm(self.second(z))), torch.clamp(y, 0.5, 1.0), torch.sigmoid(x)


class BranchForOneDnn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, 2, 1, padding="same")
        self.other = nn.Conv2d(1, 2, 1)

    def forward(self, x, deep: bool):
        if deep:
            y = self.other(x).add_(1.0)
            return torch.tanh(self.convolution(x)) + y
        return x


class Changing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.scale = 2.0
        self.written = nn.Buffer(torch.zeros(2))
        self.read = nn.Buffer(torch.ones(2))
        self.sizes = [1, 2]
        self.grown = [1]
        self.kept = (1, torch.ones(1))
        self.nothing: int | None = None
        self.device = torch.device("cpu")
        self.instances = nn.InstanceNorm1d(2, track_running_stats=True)
        self.linear = nn.Linear(2, 2)

    def forward(self, x):
        self.count += 1
        self.written.add_(1)
        self.grown.append(2)
        y = self.linear(x) * self.scale + self.written + self.read
        if self.nothing is None:
            y = y + self.kept[1] + self.sizes[1]
        y = y + torch.ones(2, device=self.device) + self.instances(y[None, :, None])[0, :, 0]
        return y.detach() + len(self.grown)

    @torch.jit.export
    def other(self, x):
        return self.linear(x) - self.count


@torch.jit.interface
class Layer(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pass


class Doubling(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.factor = nn.Buffer(torch.tensor([2.0]))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor


class ByInterface(nn.Module):
    layer: Layer

    def __init__(self) -> None:
        super().__init__()
        self.layer = Doubling()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer.forward(x) + 1


class Forking(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Doubling()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        future = torch.jit.fork(self.inner, x)
        return torch.jit.wait(future) + x


class Repeated(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Doubling(), Doubling()])
        self.pair = (1, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        held = [x]
        for number in range(3):
            held.append(held[-1] + number)
        on_cpu = True
        for tensor in (self.layers[0].factor, self.layers[1].factor):
            on_cpu = on_cpu and tensor.device.type in ["cpu", "cuda"]
        pair = (held[-1], x.detach())
        return pair[0] + pair[1] + self.pair[1] + int(on_cpu)


class ComparesIdentity(nn.Module):
    def forward(self, x: torch.Tensor) -> bool:
        return x.detach() is x


class CallsOfNorms(nn.Module):
    """Calls of norms behind convolutions: at the top, in containers, of one class twice, and with a bias."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(2)
        self.blocks = nn.ModuleList(
            [nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2, affine=number > 0)) for number in range(3)]
        )
        self.deep = nn.Sequential(nn.Conv3d(2, 2, 1, bias=False), nn.BatchNorm3d(2))
        self.flat = nn.Sequential(nn.Conv1d(2, 2, 1, bias=False), nn.BatchNorm1d(2))
        self.read_twice = nn.Conv2d(2, 2, 1)
        self.last = nn.BatchNorm2d(2)
        self.of_its_input = nn.BatchNorm2d(2, track_running_stats=False)

    def forward(self, x):
        x = self.norm(self.convolution(x))
        for block in self.blocks:
            x = block(x)
        x = self.of_its_input(self.flat(self.deep(x[:, :, None]).flatten(2))[:, :, None])
        y = self.read_twice(x)
        return self.last(y) + y


class BareConvolution(nn.Conv2d):
    """A convolution itself, without a bias."""

    def __new__(cls):
        return nn.Conv2d(1, 2, 1, bias=False)


class CallsAgain(nn.Module):
    """Calls modules more than once: by two names, in a branch, in an inner one, and in another method."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.same = self.linear
        self.relu = nn.ReLU()
        self.inner = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
        self.relu_0 = nn.ReLU()

    def forward(self, x):
        x = self.relu(self.linear(self.relu(self.same(x))))
        if x.sum() > 0:
            x = self.relu_0(self.inner[0](self.inner(self.inner[0](self.relu(x)))))
        return x

    @torch.jit.export
    def other(self, x):
        return self.relu(self.linear(x))


class CallsOfOneClass(nn.Module):
    """Calls parts of two modules of one class again, of the second one by its own method too."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.ReLU(), nn.Linear(2, 2))
        self.second = nn.Sequential(nn.ReLU(), nn.Linear(2, 2))

    def forward(self, x):
        return self.first[0](self.first[0](x)) + self.second(x)


PICTURE = torch.linspace(-1, 1, 16).reshape(1, 1, 4, 4)


class Autocasting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(2, 2)
        self.second = nn.Linear(2, 2)

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = self.linear(x).exp() + x
            with torch.autocast("cpu", enabled=False):
                z = self.second(x)
        return y, z + self.linear(x)


PROGRAMS = {
    "convolutions-and-norms": (ConvolutionsAndNorms, (PICTURE,)),
    "norm-in-a-branch": (NormInABranch, (torch.ones(1, 2, 3), True)),
    "sums-and-products": (SumsAndProducts, (PICTURE[..., :3, :3],)),
    "linear-and-norm": (LinearAndNorm, (torch.ones(3, 2),)),
    "for-onednn": (ForOneDnn, (PICTURE,)),
    "branch-for-onednn": (BranchForOneDnn, (PICTURE, True)),
    "changing": (Changing, (torch.ones(2),)),
    "by-interface": (ByInterface, (torch.ones(2),)),
    "forking": (Forking, (torch.ones(2),)),
    "repeated": (Repeated, (torch.ones(2),)),
    "autocasting": (Autocasting, (torch.ones(3, 2),)),
    "calls-of-norms": (CallsOfNorms, (PICTURE,)),
    "bare-convolution": (BareConvolution, (PICTURE,)),
    "calls-again": (CallsAgain, (torch.ones(3, 2),)),
    "calls-of-one-class": (CallsOfOneClass, (torch.ones(3, 2),)),
    "compares-identity": (ComparesIdentity, (torch.ones(2),)),
}
"""Name -> the class of a module, and the arguments of a call."""

TRACED = ("convolutions-and-norms", "for-onednn", "calls-of-norms", "bare-convolution")
"""Programs that are traced too: traces call `aten::_convolution`."""


def module(name: str) -> nn.Module:
    """A fresh module of a program."""
    return numbered(PROGRAMS[name][0]())
