"""Networks as model collections have them, small enough to be run in a test."""

from collections import OrderedDict
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

programs = Programs()
PICTURE = torch.linspace(-1, 1, 3 * 32 * 32).reshape(1, 3, 32, 32)
TOKENS = torch.arange(10).reshape(2, 5)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inside: int, width: int, stride: int = 1, down: Optional[nn.Module] = None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * self.expansion, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(width * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = down
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class ResidualNetwork(nn.Module):
    """The residual network of so many bottlenecks a stage: (3, 4, 6, 3) has 50 layers."""

    def __init__(self, counts: Tuple[int, ...] = (3, 4, 6, 3), width: int = 64, classes: int = 1000) -> None:
        super().__init__()
        self.inside = width
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = self._stage(width, counts[0], 1)
        self.layer2 = self._stage(width * 2, counts[1], 2)
        self.layer3 = self._stage(width * 4, counts[2], 2)
        self.layer4 = self._stage(width * 8, counts[3], 2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(width * 8 * Bottleneck.expansion, classes)

    def _stage(self, width: int, count: int, stride: int) -> nn.Sequential:
        outside = width * Bottleneck.expansion
        down = nn.Sequential(nn.Conv2d(self.inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))
        blocks = [Bottleneck(self.inside, width, stride, down)]
        self.inside = outside
        blocks += [Bottleneck(outside, width) for _ in range(1, count)]
        return nn.Sequential(*blocks)

    def _forward_impl(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))

    def forward(self, x: Tensor) -> Tensor:
        return self._forward_impl(x)


@programs.script((PICTURE,))
def residual_network() -> nn.Module:
    return ResidualNetwork(width=4, classes=10).eval()


class ConvNormActivation(nn.Sequential):
    def __init__(self, inside: int, outside: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU6(inplace=True),
        )


class SqueezeExcitation(nn.Module):
    def __init__(self, channels: int, squeeze: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, channels, 1)
        self.activation = nn.SiLU()
        self.scale_activation = nn.Hardsigmoid()

    def _scale(self, input: Tensor) -> Tensor:
        scale = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(scale))

    def forward(self, input: Tensor) -> Tensor:
        return self._scale(input) * input


class InvertedResidual(nn.Module):
    def __init__(self, inside: int, outside: int, stride: int, ratio: int) -> None:
        super().__init__()
        hidden = inside * ratio
        self.use_res_connect = stride == 1 and inside == outside
        layers: List[nn.Module] = []
        if ratio != 1:
            layers.append(ConvNormActivation(inside, hidden, 1))
        layers += [
            ConvNormActivation(hidden, hidden, 3, stride, hidden),
            SqueezeExcitation(hidden, 4),
            nn.Conv2d(hidden, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
        ]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        if self.use_res_connect:
            return x + self.conv(x)
        return self.conv(x)


@programs.script((PICTURE,))
class MobileNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        blocks = [InvertedResidual(8, 8, 1, 1), InvertedResidual(8, 12, 2, 2), InvertedResidual(12, 12, 1, 2)]
        self.features = nn.Sequential(ConvNormActivation(3, 8, 3, 2), *blocks)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(12, 5))
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = nn.functional.adaptive_avg_pool2d(x, (1, 1))
        return self.classifier(torch.flatten(x, 1))


class DenseLayer(nn.Module):
    def __init__(self, inside: int, growth: int, drop_rate: float) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inside)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(inside, growth, 3, padding=1, bias=False)
        self.drop_rate = float(drop_rate)

    def bottleneck(self, inputs: List[Tensor]) -> Tensor:
        return self.conv1(self.relu1(self.norm1(torch.cat(inputs, 1))))

    @torch.jit._overload_method
    def forward(self, input: List[Tensor]) -> Tensor:  # noqa: F811
        pass

    @torch.jit._overload_method
    def forward(self, input: Tensor) -> Tensor:  # noqa: F811
        pass

    def forward(self, input: Any) -> Tensor:  # noqa: F811
        if isinstance(input, Tensor):
            features = [input]
        else:
            features = input
        new = self.bottleneck(features)
        if self.drop_rate > 0:
            new = nn.functional.dropout(new, p=self.drop_rate, training=self.training)
        return new


class DenseBlock(nn.ModuleDict):
    def __init__(self, count: int, inside: int, growth: int) -> None:
        super().__init__()
        for i in range(count):
            self.add_module(f"denselayer{i + 1}", DenseLayer(inside + i * growth, growth, 0.1))

    def forward(self, init_features: Tensor) -> Tensor:
        features = [init_features]
        for name, layer in self.items():
            features.append(layer(features))
        return torch.cat(features, 1)


@programs.script((PICTURE,))
class DenseNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict([
                ("conv0", nn.Conv2d(3, 4, 3, padding=1, bias=False)),
                ("block1", DenseBlock(3, 4, 2)),
                ("pool", nn.AvgPool2d(2)),
                ("block2", DenseBlock(2, 10, 2)),
            ])
        )  # fmt: skip
        self.classifier = nn.Linear(14, 3)
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        out = nn.functional.relu(self.features(x), inplace=True)
        return self.classifier(torch.flatten(nn.functional.adaptive_avg_pool2d(out, (1, 1)), 1))


class Attention(nn.Module):
    fused: torch.jit.Final[bool]

    def __init__(self, dim: int, heads: int, fused: bool) -> None:
        super().__init__()
        self.num_heads = heads
        self.head_dim = dim // heads
        self.scale = self.head_dim**-0.5
        self.fused = fused
        self.qkv = nn.Linear(dim, dim * 3)
        self.q_norm = nn.Identity()
        self.k_norm = nn.LayerNorm(self.head_dim)
        self.attn_drop = nn.Dropout(0.0)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        q, k = self.q_norm(q), self.k_norm(k)
        if self.fused:
            x = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        else:
            attn = (q * self.scale) @ k.transpose(-2, -1)
            if mask is not None:
                attn = attn + mask
            attn = self.attn_drop(attn.softmax(dim=-1))
            x = attn @ v
        x = x.transpose(1, 2).reshape(b, n, c)
        return self.proj(x)


class DropPath(nn.Module):
    def __init__(self, drop_prob: float = 0.0, scale_by_keep: bool = True) -> None:
        super().__init__()
        self.drop_prob = drop_prob
        self.scale_by_keep = scale_by_keep

    def forward(self, x: Tensor) -> Tensor:
        return drop_path(x, self.drop_prob, self.training, self.scale_by_keep)


def drop_path(
    x: Tensor, drop_prob: float = 0.0, training: bool = False, scale_by_keep: bool = True
) -> Tensor:
    if drop_prob == 0.0 or not training:
        return x
    keep_prob = 1 - drop_prob
    shape = [x.shape[0]] + [1] * (x.ndim - 1)
    random = x.new_empty(shape).bernoulli_(keep_prob)
    if keep_prob > 0.0 and scale_by_keep:
        random.div_(keep_prob)
    return x * random


class LayerScale(nn.Module):
    def __init__(self, dim: int, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace
        self.gamma = nn.Parameter(1e-1 * torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return x.mul_(self.gamma) if self.inplace else x * self.gamma


class Mlp(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.norm = nn.Identity()
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.norm(self.act(self.fc1(x))))


class Block(nn.Module):
    def __init__(self, dim: int, heads: int, fused: bool) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads, fused)
        self.ls1 = LayerScale(dim)
        self.drop_path1 = DropPath(0.1)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, dim * 2)
        self.ls2 = nn.Identity()
        self.drop_path2 = DropPath(0.1)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.drop_path1(self.ls1(self.attn(self.norm1(x))))
        return x + self.drop_path2(self.ls2(self.mlp(self.norm2(x))))


@programs.script((PICTURE,))
class VisionTransformer(nn.Module):
    dynamic: torch.jit.Final[bool]

    def __init__(self) -> None:
        super().__init__()
        self.dynamic = False
        self.patch = nn.Conv2d(3, 8, 8, 8)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.pos_embed = nn.Parameter(torch.linspace(-1, 1, 17 * 8).reshape(1, 17, 8))
        self.blocks = nn.Sequential(*[Block(8, 2, fused=i % 2 == 0) for i in range(3)])
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 4)
        self.global_pool = "token"
        self.eval()

    def forward_features(self, x: Tensor) -> Tensor:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1)
        x = x + self.pos_embed
        return self.norm(self.blocks(x))

    def forward_head(self, x: Tensor, pre_logits: bool = False) -> Tensor:
        if self.global_pool == "token":
            x = x[:, 0]
        else:
            x = x[:, 1:].mean(dim=1)
        return x if pre_logits else self.head(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.forward_head(self.forward_features(x))


class DoubleConv(nn.Module):
    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(inside, outside, 3, padding=1), nn.GroupNorm(2, outside), nn.LeakyReLU(0.1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.double_conv(x)


@programs.script((PICTURE,))
class UNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = [4, 8, 16]
        self.inside = DoubleConv(3, widths[0])
        self.down = nn.ModuleList([DoubleConv(a, b) for a, b in zip(widths, widths[1:])])
        self.up = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, 2) for a, b in zip(widths, widths[1:])][::-1])
        self.fuse = nn.ModuleList([DoubleConv(2 * a, a) for a in widths[:-1]][::-1])
        self.pool = nn.MaxPool2d(2)
        self.outside = nn.Conv2d(4, 2, 1)
        self.eval()

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        skips: List[Tensor] = [self.inside(x)]
        for down in self.down:
            skips.append(down(self.pool(skips[-1])))
        y = skips[-1]
        for index, (up, fuse) in enumerate(zip(self.up, self.fuse)):
            y = up(y)
            y = fuse(torch.cat([y, skips[-2 - index]], dim=1))
        return {"mask": self.outside(y), "bottom": skips[-1]}


class InceptionAuxiliary(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1))


class Inception(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.branch1 = nn.Conv2d(3, 2, 1)
        self.branch2 = nn.Sequential(nn.Conv2d(3, 2, 1), nn.Conv2d(2, 2, 3, padding=1))
        self.branch3 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), nn.Conv2d(3, 2, 1))

    def _forward(self, x: Tensor) -> List[Tensor]:
        return [self.branch1(x), self.branch2(x), self.branch3(x)]

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat(self._forward(x), 1)


@programs.script((PICTURE,))
class GoogleNetwork(nn.Module):
    __constants__ = ["aux_logits", "transform_input"]

    def __init__(self) -> None:
        super().__init__()
        self.aux_logits = True
        self.transform_input = True
        self.inception = Inception()
        self.aux1: Optional[nn.Module] = InceptionAuxiliary()
        self.aux2: Optional[nn.Module] = None
        self.fc = nn.Linear(6, 3)
        self.eval()

    def _transform_input(self, x: Tensor) -> Tensor:
        if self.transform_input:
            channels = [torch.unsqueeze(x[:, i], 1) * (0.2 + i) for i in range(3)]
            x = torch.cat((channels[0], channels[1], channels[2]), 1)
        return x

    def _forward(self, x: Tensor) -> Tuple[Tensor, Optional[Tensor]]:
        x = self.inception(x)
        aux: Optional[Tensor] = None
        if self.aux1 is not None:
            if self.training:
                aux = self.aux1(x)
        return self.fc(torch.flatten(nn.functional.adaptive_avg_pool2d(x, 1), 1)), aux

    def forward(self, x: Tensor) -> Tuple[Tensor, Optional[Tensor]]:
        return self._forward(self._transform_input(x))


@programs.script((TOKENS, torch.tensor([5, 3])))
class Tagger(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(20, 6, padding_idx=0)
        self.lstm = nn.LSTM(6, 4, 2, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(8, 4, batch_first=True)
        self.tags = nn.Linear(4, 3)
        self.eval()

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tuple[Tensor, Tensor]:
        x = self.embedding(tokens)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        packed_output, (hidden, cell) = self.lstm(packed)
        output, _ = nn.utils.rnn.pad_packed_sequence(packed_output, batch_first=True)
        output, _ = self.gru(output)
        return self.tags(output).log_softmax(-1), hidden + cell


class PositionalEncoding(nn.Module):
    def __init__(self, dim: int, length: int = 16) -> None:
        super().__init__()
        self.dropout = nn.Dropout(p=0.1)
        position = torch.arange(length).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, dim, 2) * -1.1)
        pe = torch.zeros(length, 1, dim)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.pe[: x.size(0)]
        return self.dropout(x)


@programs.script((TOKENS, TOKENS + 3))
class Translator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.source = nn.Embedding(20, 8)
        self.target = nn.Embedding(20, 8)
        self.positions = PositionalEncoding(8)
        self.transformer = nn.Transformer(8, 2, 1, 1, 16, 0.0)
        self.generator = nn.Linear(8, 20)
        self.eval()

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = torch.triu(torch.full((target.size(0), target.size(0)), float("-inf")), diagonal=1)
        memory_in = self.positions(self.source(source))
        return self.generator(self.transformer(memory_in, self.positions(self.target(target)), tgt_mask=mask))


class ConvBlock(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, dim * 2)
        self.gamma = nn.Parameter(torch.full((dim,), 0.1))
        self.drop_path = DropPath(0.2)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x
        x = self.dwconv(x).permute(0, 2, 3, 1)
        x = self.mlp(self.norm(x)) * self.gamma
        return shortcut + self.drop_path(x.permute(0, 3, 1, 2))


@programs.script((PICTURE,))
class FeaturePyramid(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleDict({
            "c1": nn.Sequential(nn.Conv2d(3, 4, 2, 2), ConvBlock(4)),
            "c2": nn.Sequential(nn.Conv2d(4, 8, 2, 2), ConvBlock(8)),
        })  # fmt: skip
        self.inner = nn.ModuleList([nn.Conv2d(4, 4, 1), nn.Conv2d(8, 4, 1)])
        self.layer = nn.ModuleList([nn.Conv2d(4, 4, 3, padding=1) for _ in range(2)])
        self.eval()

    def inner_block(self, x: Tensor, idx: int) -> Tensor:
        num_blocks = len(self.inner)
        if idx < 0:
            idx += num_blocks
        out = x
        for i, module in enumerate(self.inner):
            if i == idx:
                out = module(x)
        return out

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        names: List[str] = []
        features: List[Tensor] = []
        for name, stage in self.stages.items():
            x = stage(x)
            names.append(name)
            features.append(x)
        last = self.inner_block(features[-1], -1)
        results = [last]
        for idx in range(len(features) - 2, -1, -1):
            lateral = self.inner_block(features[idx], idx)
            top = nn.functional.interpolate(last, size=lateral.shape[-2:], mode="nearest")
            last = lateral + top
            results.insert(0, last)
        return {k: v for k, v in zip(names, results)}


@programs.script((torch.linspace(-1, 1, 8).reshape(2, 4),))
class VariationalAutoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(4, 8), nn.PReLU())
        self.heads = nn.ModuleDict({"mean": nn.Linear(8, 2), "log_var": nn.Linear(8, 2)})
        self.decoder = nn.Linear(2, 4)

    def encode(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        h = self.encoder(x)
        return self.heads["mean"](h), self.heads["log_var"](h)

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        mean, log_var = self.encode(x)
        noise = torch.ones_like(mean) if not self.training else torch.zeros_like(mean)
        z = mean + noise * torch.exp(0.5 * log_var)
        loss = -0.5 * torch.mean(1 + log_var - mean.pow(2) - log_var.exp())
        return torch.sigmoid(self.decoder(z)), loss
