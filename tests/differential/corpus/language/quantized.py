"""Quantized modules: packed weights of every kind, per tensor and per channel, static and dynamic."""

import copy
import warnings
from typing import Any

import torch
from torch import Tensor, nn
from torch.ao.nn import quantizable, quantized
from torch.ao.nn.intrinsic import quantized as fused
from torch.ao.nn.quantized import dynamic
from torch.ao.quantization import (
    FakeQuantize,
    FusedMovingAvgObsFakeQuantize,
    HistogramObserver,
    MinMaxObserver,
    MovingAverageMinMaxObserver,
    NoopObserver,
    PlaceholderObserver,
    convert,
    default_qconfig,
    prepare,
    quantize_dynamic,
)

from tests.differential.corpus.language.programs import Programs

PROGRAMS = Programs()
X = torch.linspace(-1, 1, 8).reshape(2, 4)
PICTURE = torch.linspace(-1, 1, 3 * 64).reshape(1, 3, 8, 8)
SEQUENCE = torch.linspace(-1, 1, 3 * 2 * 4).reshape(3, 2, 4)


def converted(module: nn.Module, example: Tensor, qconfig: Any = default_qconfig) -> Any:
    """The module calibrated with the example and converted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = module.eval()
        module.qconfig = qconfig
        prepared = prepare(module)
        prepared(example)
        return convert(prepared)


class Wrapped(nn.Module):
    """Quantizes before and dequantizes after some layers."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.quant = torch.ao.quantization.QuantStub()
        self.layers = nn.Sequential(*layers)
        self.dequant = torch.ao.quantization.DeQuantStub()

    def forward(self, x: Tensor) -> Tensor:
        return self.dequant(self.layers(self.quant(x)))


@PROGRAMS.build((X,))
def static_linear() -> Any:
    return torch.jit.script(converted(Wrapped(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)), X))


@PROGRAMS.build((X,))
def traced_linear() -> Any:
    return torch.jit.trace(converted(Wrapped(nn.Linear(4, 5), nn.ReLU()), X), X)


@PROGRAMS.build((PICTURE,))
def static_convolution() -> Any:
    layers = (nn.Conv2d(3, 4, 3, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1))
    return torch.jit.script(converted(Wrapped(*layers), PICTURE))


@PROGRAMS.build((PICTURE,))
def per_channel_convolution() -> Any:
    qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    return torch.jit.script(converted(Wrapped(nn.Conv2d(3, 4, 3, groups=1, padding=1)), PICTURE, qconfig))


@PROGRAMS.build((PICTURE,))
def frozen_convolution() -> Any:
    qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    return torch.jit.freeze(torch.jit.script(converted(Wrapped(nn.Conv2d(3, 4, 3)), PICTURE, qconfig)))


@PROGRAMS.build((PICTURE,))
def transposed_convolution() -> Any:
    return torch.jit.script(converted(Wrapped(nn.ConvTranspose2d(3, 4, 3)), PICTURE))


@PROGRAMS.build((torch.linspace(-1, 1, 3 * 16).reshape(1, 3, 16),))
def one_dimensional_convolution() -> Any:
    return torch.jit.script(converted(Wrapped(nn.Conv1d(3, 4, 3)), torch.ones(1, 3, 16)))


@PROGRAMS.build((torch.linspace(-1, 1, 3 * 125).reshape(1, 3, 5, 5, 5),))
def three_dimensional_convolution() -> Any:
    return torch.jit.script(converted(Wrapped(nn.Conv3d(3, 4, 3)), torch.ones(1, 3, 5, 5, 5)))


@PROGRAMS.build((PICTURE,))
def normalizations() -> Any:
    layers = (nn.BatchNorm2d(3), nn.Hardswish(), nn.LeakyReLU(), nn.ELU(), nn.InstanceNorm2d(3, affine=True))
    return torch.jit.script(converted(Wrapped(*layers), PICTURE))


@PROGRAMS.build((X,))
def float_functional() -> Any:
    class Arithmetic(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.quant = torch.ao.quantization.QuantStub()
            self.add = quantized.FloatFunctional()
            self.cat = quantized.FloatFunctional()
            self.dequant = torch.ao.quantization.DeQuantStub()

        def forward(self, x: Tensor) -> Tensor:
            x = self.quant(x)
            y = self.add.add_relu(x, x)
            return self.dequant(self.cat.cat([x, self.add.mul_scalar(y, 0.5)], 1))

    return torch.jit.script(converted(Arithmetic(), X))


@PROGRAMS.build((X,))
def dynamic_linear() -> Any:
    return torch.jit.script(quantize_dynamic(nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2)), {nn.Linear}))


@PROGRAMS.build((X,))
def dynamic_half() -> Any:
    return torch.jit.script(
        quantize_dynamic(nn.Sequential(nn.Linear(4, 4)), {nn.Linear}, dtype=torch.float16)
    )


@PROGRAMS.build()
def dynamic_lstm() -> Any:
    return torch.jit.script(quantize_dynamic(nn.LSTM(4, 3, num_layers=2, bidirectional=True), {nn.LSTM}))


@PROGRAMS.build()
def dynamic_gru() -> Any:
    return torch.jit.script(quantize_dynamic(nn.GRU(4, 3), {nn.GRU}))


@PROGRAMS.build((X,))
def dynamic_cells() -> Any:
    cells = nn.ModuleList([nn.LSTMCell(4, 3), nn.GRUCell(4, 3), nn.RNNCell(4, 3)])

    class Cells(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.long, self.gated, self.plain = cells

        def forward(self, x: Tensor) -> Tensor:
            return self.long(x)[0] + self.gated(x) + self.plain(x)

    return torch.jit.script(quantize_dynamic(Cells(), {nn.LSTMCell, nn.GRUCell, nn.RNNCell}))


@PROGRAMS.build((torch.tensor([[0, 2], [1, 1]]),))
def embeddings() -> Any:
    class Embeddings(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.single = quantized.Embedding(4, 8)
            self.bag = quantized.EmbeddingBag(4, 8, mode="sum", include_last_offset=True)

        def forward(self, indices: Tensor) -> Tensor:
            return self.single(indices)

    return torch.jit.script(Embeddings())


@PROGRAMS.build((X,))
def fused_modules() -> Any:
    return torch.jit.script(
        nn.Sequential(
            quantized.Quantize(0.1, 3, torch.quint8), fused.LinearReLU(4, 3), quantized.DeQuantize()
        )
    )


@PROGRAMS.build((X,))
def shared_packed_weights() -> Any:
    linear = dynamic.Linear(4, 4)
    return torch.jit.script(nn.Sequential(linear, nn.ReLU(), linear, copy.deepcopy(linear)))


@PROGRAMS.build((SEQUENCE,))
def quantizable_lstm() -> Any:
    return torch.jit.script(quantizable.LSTM(4, 3).eval())


class Observed(nn.Module):
    """Modules that watch or imitate quantization, called by hand."""

    def __init__(self, *watching: nn.Module) -> None:
        super().__init__()
        self.watching = nn.ModuleList(watching)

    def forward(self, x: Tensor) -> Tensor:
        for each in self.watching:
            x = each(x)
        return x


@PROGRAMS.build((X,), (X * 2,))
def fake_quantized() -> Any:
    return torch.jit.script(Observed(FakeQuantize(), FusedMovingAvgObsFakeQuantize()))


@PROGRAMS.build((X,), (X * 2,))
def observers() -> Any:
    return torch.jit.script(Observed(MinMaxObserver(), MovingAverageMinMaxObserver()))


@PROGRAMS.build((X,), (X * 2,))
def histogram_observers() -> Any:
    return torch.jit.script(Observed(HistogramObserver(), PlaceholderObserver(), NoopObserver()))


@PROGRAMS.build((X,))
def quantized_by_graph() -> Any:
    module = torch.jit.script(nn.Sequential(nn.Linear(4, 4), nn.ReLU()).eval())
    from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic_jit

    return quantize_dynamic_jit(module, {"": per_channel_dynamic_qconfig})


@PROGRAMS.script((X,))
def quantized_functions(x: Tensor) -> Tensor:
    q = torch.quantize_per_tensor(x, 0.05, 2, torch.quint8)
    c = torch.quantize_per_channel(x, torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.qint8)
    y = torch.ops.quantized.add(q, q, 0.1, 0)
    return y.dequantize() + c.dequantize() + torch.fake_quantize_per_tensor_affine(x, 0.1, 0, 0, 255)
