"""Arguments for the module classes of torch.nn that torch's own tests know none for."""

import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Built = tuple[nn.Module, tuple[Any, ...]]


class _Indexed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ModuleList([nn.Linear(4, 4), nn.Tanh()])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for item in self.items:
            x = item(x)
        return self.items[0](x)


class _Named(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ModuleDict({"first": nn.Linear(4, 4), "second": nn.Tanh()})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for name, item in self.items.items():
            x = item(x)
            if name == "first":
                x = x + 1
        return self.items["first"](x)


class _Parameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ParameterList([nn.Parameter(torch.rand(4)) for _ in range(2)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for item in self.items:
            x = x * item
        return x


class _NamedParameters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.items = nn.ParameterDict({"scale": nn.Parameter(torch.rand(4))})

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.items["scale"]


def _picture(*shape: int) -> tuple[torch.Tensor, ...]:
    return (torch.rand(shape),)


def _legacy(name: str) -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(nn, name)()


EXTRA: dict[str, Callable[[], Built]] = {
    "Sequential": lambda: (nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)), _picture(2, 4)),
    "ModuleList": lambda: (_Indexed(), _picture(2, 4)),
    "ModuleDict": lambda: (_Named(), _picture(2, 4)),
    "ParameterList": lambda: (_Parameters(), _picture(2, 4)),
    "ParameterDict": lambda: (_NamedParameters(), _picture(2, 4)),
    "Identity": lambda: (nn.Identity(), _picture(2, 4)),
    "Flatten": lambda: (nn.Flatten(1, -1), _picture(2, 3, 4)),
    "Unflatten": lambda: (nn.Unflatten(1, (2, 3)), _picture(2, 6)),
    "Fold": lambda: (nn.Fold((4, 5), (2, 2)), _picture(1, 12, 12)),
    "Unfold": lambda: (nn.Unfold((2, 3), stride=2), _picture(1, 2, 5, 6)),
    "PixelShuffle": lambda: (nn.PixelShuffle(2), _picture(1, 8, 3, 3)),
    "PixelUnshuffle": lambda: (nn.PixelUnshuffle(2), _picture(1, 2, 4, 4)),
    "ChannelShuffle": lambda: (nn.ChannelShuffle(2), _picture(1, 4, 2, 2)),
    "Upsample": lambda: (nn.Upsample(scale_factor=2, mode="nearest"), _picture(1, 2, 3, 3)),
    "Upsample_bilinear": lambda: (
        nn.Upsample(size=(5, 7), mode="bilinear", align_corners=True),
        _picture(1, 2, 3, 3),
    ),
    "UpsamplingNearest2d": lambda: (nn.UpsamplingNearest2d(scale_factor=2), _picture(1, 2, 3, 3)),
    "UpsamplingBilinear2d": lambda: (nn.UpsamplingBilinear2d(size=(4, 5)), _picture(1, 2, 3, 3)),
    "Dropout": lambda: (nn.Dropout(0.4), _picture(3, 4)),
    "Dropout1d": lambda: (nn.Dropout1d(0.4), _picture(2, 3, 4)),
    "Dropout2d": lambda: (nn.Dropout2d(0.4), _picture(2, 3, 4, 4)),
    "Dropout3d": lambda: (nn.Dropout3d(0.4), _picture(2, 3, 2, 2, 2)),
    "AlphaDropout": lambda: (nn.AlphaDropout(0.4), _picture(3, 4)),
    "FeatureAlphaDropout": lambda: (nn.FeatureAlphaDropout(0.4), _picture(3, 4)),
    "CosineSimilarity": lambda: (nn.CosineSimilarity(), (torch.rand(3, 4), torch.rand(3, 4))),
    "PairwiseDistance": lambda: (nn.PairwiseDistance(), (torch.rand(3, 4), torch.rand(3, 4))),
    "MaxUnpool1d": lambda: (nn.MaxUnpool1d(2), nn.MaxPool1d(2, return_indices=True)(torch.rand(1, 2, 6))),
    "MaxUnpool2d": lambda: (nn.MaxUnpool2d(2), nn.MaxPool2d(2, return_indices=True)(torch.rand(1, 2, 6, 6))),
    "MaxUnpool3d": lambda: (
        nn.MaxUnpool3d(2),
        nn.MaxPool3d(2, return_indices=True)(torch.rand(1, 2, 4, 4, 4)),
    ),
    "EmbeddingBag": lambda: (
        nn.EmbeddingBag(10, 4, mode="sum"),
        (torch.tensor([1, 2, 4, 5, 4, 3]), torch.tensor([0, 3])),
    ),
    "EmbeddingBag_weighted": lambda: (
        nn.EmbeddingBag(10, 4, mode="sum"),
        (torch.tensor([1, 2, 4]), torch.tensor([0, 2]), torch.rand(3)),
    ),
    "Embedding_renormalized": lambda: (
        nn.Embedding(10, 4, 0, max_norm=0.5),
        (torch.tensor([[1, 0], [2, 9]]),),
    ),
    "AdaptiveLogSoftmaxWithLoss": lambda: (
        nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10], div_value=2.0),
        (torch.rand(6, 8), torch.randint(0, 20, (6,))),
    ),
    "LSTM": lambda: (nn.LSTM(4, 5, 2, bidirectional=True, batch_first=True), _picture(2, 3, 4)),
    "LSTM_projected": lambda: (
        nn.LSTM(4, 5, proj_size=3),
        (torch.rand(3, 2, 4), (torch.rand(1, 2, 3), torch.rand(1, 2, 5))),
    ),
    "GRU": lambda: (nn.GRU(4, 5, 2, dropout=0.2), (torch.rand(3, 2, 4), torch.rand(2, 2, 5))),
    "RNN": lambda: (nn.RNN(4, 5, nonlinearity="relu"), (torch.rand(3, 2, 4), torch.rand(1, 2, 5))),
    "RNNCell": lambda: (nn.RNNCell(4, 5), (torch.rand(2, 4), torch.rand(2, 5))),
    "GRUCell": lambda: (nn.GRUCell(4, 5), (torch.rand(2, 4), torch.rand(2, 5))),
    "LSTMCell": lambda: (nn.LSTMCell(4, 5), (torch.rand(2, 4), (torch.rand(2, 5), torch.rand(2, 5)))),
    "Transformer": lambda: (
        nn.Transformer(8, 2, 1, 1, 16, batch_first=True),
        (torch.rand(2, 3, 8), torch.rand(2, 4, 8)),
    ),
    "TransformerEncoder": lambda: (
        nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2),
        _picture(2, 3, 8),
    ),
    "TransformerDecoder": lambda: (
        nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, norm_first=True), 2, nn.LayerNorm(8)),
        (torch.rand(3, 2, 8), torch.rand(4, 2, 8)),
    ),
    "MultiheadAttention": lambda: (
        nn.MultiheadAttention(8, 2, add_bias_kv=True, add_zero_attn=True),
        (torch.rand(3, 2, 8), torch.rand(4, 2, 8), torch.rand(4, 2, 8)),
    ),
    "MultiheadAttention_other_widths": lambda: (
        nn.MultiheadAttention(8, 2, kdim=5, vdim=6, batch_first=True),
        (torch.rand(2, 3, 8), torch.rand(2, 4, 5), torch.rand(2, 4, 6)),
    ),
    "Bilinear": lambda: (nn.Bilinear(3, 4, 2, bias=False), (torch.rand(5, 3), torch.rand(5, 4))),
    "Softmax2d": lambda: (nn.Softmax2d(), _picture(1, 2, 3, 3)),
    "FractionalMaxPool2d": lambda: (
        nn.FractionalMaxPool2d(2, output_size=3, _random_samples=torch.rand(1, 2, 2)),
        _picture(1, 2, 6, 6),
    ),
    "FractionalMaxPool3d": lambda: (
        nn.FractionalMaxPool3d(2, output_ratio=0.5, _random_samples=torch.rand(1, 2, 3)),
        _picture(1, 2, 6, 6, 6),
    ),
    "LPPool3d": lambda: (nn.LPPool3d(2, 2), _picture(1, 2, 4, 4, 4)),
    "RMSNorm": lambda: (nn.RMSNorm([4]), _picture(2, 4)),
    "SyncBatchNorm": lambda: (nn.SyncBatchNorm(3), _picture(2, 3, 4)),
    "CircularPad1d": lambda: (nn.CircularPad1d(1), _picture(1, 2, 4)),
    "CircularPad2d": lambda: (nn.CircularPad2d((1, 2, 0, 1)), _picture(1, 2, 4, 4)),
    "CircularPad3d": lambda: (nn.CircularPad3d(1), _picture(1, 2, 4, 4, 4)),
    "ZeroPad1d": lambda: (nn.ZeroPad1d(1), _picture(1, 2, 4)),
    "ZeroPad2d": lambda: (nn.ZeroPad2d((1, 0, -1, 2)), _picture(1, 2, 4, 4)),
    "ZeroPad3d": lambda: (nn.ZeroPad3d(1), _picture(1, 2, 4, 4, 4)),
    "Hardsigmoid": lambda: (nn.Hardsigmoid(), _picture(2, 4)),
    "RReLU": lambda: (nn.RReLU(0.1, 0.4), (torch.randn(3, 4),)),
    "CrossMapLRN2d": lambda: (nn.CrossMapLRN2d(2), _picture(1, 3, 2, 2)),
    "NLLLoss2d": lambda: (_legacy("NLLLoss2d"), (torch.rand(1, 3, 2, 2), torch.randint(0, 3, (1, 2, 2)))),
    "TripletMarginLoss": lambda: (
        nn.TripletMarginLoss(margin=0.5, swap=True),
        (torch.rand(3, 4), torch.rand(3, 4), torch.rand(3, 4)),
    ),
    "CTCLoss": lambda: (
        nn.CTCLoss(),
        (
            torch.randn(6, 2, 5).log_softmax(2),
            torch.randint(1, 5, (2, 3)),
            torch.tensor([6, 5]),
            torch.tensor([3, 2]),
        ),
    ),
    "TripletMarginWithDistanceLoss": lambda: (
        nn.TripletMarginWithDistanceLoss(),
        (torch.rand(3, 4), torch.rand(3, 4), torch.rand(3, 4)),
    ),
}


def _initialized(module: nn.Module, *shape: int) -> Built:
    """A lazy module after its first call, which tells it the sizes of its parameters."""
    inputs = _picture(*shape)
    module(*inputs)
    return module, inputs


LAZY: dict[str, Callable[[], Built]] = {
    "LazyLinear": lambda: _initialized(nn.LazyLinear(3), 2, 4),
    "LazyConv1d": lambda: _initialized(nn.LazyConv1d(2, 3), 1, 2, 5),
    "LazyConv2d": lambda: _initialized(nn.LazyConv2d(2, 3), 1, 2, 5, 5),
    "LazyConv3d": lambda: _initialized(nn.LazyConv3d(2, 3), 1, 2, 4, 4, 4),
    "LazyConvTranspose1d": lambda: _initialized(nn.LazyConvTranspose1d(2, 3), 1, 2, 5),
    "LazyConvTranspose2d": lambda: _initialized(nn.LazyConvTranspose2d(2, 3), 1, 2, 5, 5),
    "LazyConvTranspose3d": lambda: _initialized(nn.LazyConvTranspose3d(2, 3), 1, 2, 4, 4, 4),
    "LazyBatchNorm1d": lambda: _initialized(nn.LazyBatchNorm1d(), 2, 3, 4),
    "LazyBatchNorm2d": lambda: _initialized(nn.LazyBatchNorm2d(), 2, 3, 4, 4),
    "LazyBatchNorm3d": lambda: _initialized(nn.LazyBatchNorm3d(), 2, 3, 2, 2, 2),
    "LazyInstanceNorm1d": lambda: _initialized(nn.LazyInstanceNorm1d(affine=True), 2, 3, 4),
    "LazyInstanceNorm2d": lambda: _initialized(nn.LazyInstanceNorm2d(affine=True), 2, 3, 4, 4),
    "LazyInstanceNorm3d": lambda: _initialized(nn.LazyInstanceNorm3d(affine=True), 2, 3, 2, 2, 2),
}
