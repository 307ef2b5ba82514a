"""Programs as people write them for their research: decoding, detection, sequences, tokenizers."""

import math
from typing import Dict, List, NamedTuple, Optional, Tuple, Union
import torch
import torch.nn.functional as F
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)
V = torch.tensor([3.0, 1.0, 2.0, 5.0])


@programs.script((torch.tensor([[0.0, 0, 2, 2], [0.1, 0, 2, 2], [5, 5, 6, 6]]), torch.tensor([0.9, 0.8, 0.7]), 0.5))
def greedy_nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    keep: List[int] = []
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while order.numel() > 0:
        i = int(order[0].item())
        keep.append(i)
        if order.numel() == 1:
            break
        rest = order[1:]
        left_top = torch.max(boxes[i, :2], boxes[rest, :2])
        right_bottom = torch.min(boxes[i, 2:], boxes[rest, 2:])
        w, h = (right_bottom - left_top).clamp(min=0).unbind(1)
        overlap = w * h / (areas[i] + areas[rest] - w * h)
        order = rest[overlap <= threshold]
    return torch.tensor(keep)


@programs.script((torch.tensor([1, 1, 0, 2, 2, 0, 2]), 0), (torch.tensor([0]), 0))
def ctc_collapse(path: Tensor, blank: int = 0) -> List[int]:
    out: List[int] = []
    previous = -1
    for token in torch.jit.annotate(List[int], path.tolist()):
        if token != previous and token != blank:
            out.append(token)
        previous = token
    return out


@programs.script((torch.tensor([1, 1, 0, 2]),))
def list_of_tensor(path: Tensor) -> List[int]:
    values: List[int] = path.tolist()
    return [v * 2 for v in values]


@programs.script((["a b", "c"], {"a": 1, "b": 2}), ([], {"x": 1}))
def lookup(texts: List[str], vocabulary: Dict[str, int]) -> List[List[int]]:
    unknown = len(vocabulary)
    result: List[List[int]] = []
    for text in texts:
        row = torch.jit.annotate(List[int], [])
        for word in text.split(" "):
            row.append(vocabulary[word] if word in vocabulary else unknown)
        result.append(row)
    return result


@programs.script((["a", "b", "a"],))
def count_words(words: List[str]) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


@programs.script((["b", "a", "b"],))
def most_common(words: List[str]) -> List[Tuple[int, str]]:
    counts: Dict[str, int] = {}
    for w in words:
        if w not in counts:
            counts[w] = 0
        counts[w] += 1
    pairs = [(-n, w) for w, n in counts.items()]
    pairs.sort()
    return pairs[:2]


@programs.script((torch.tensor([2, 3, 1]), None), (torch.tensor([2, 1]), 4))
def lengths_to_mask(lengths: Tensor, longest: Optional[int]) -> Tensor:
    if longest is None:
        longest = int(lengths.max())
    return torch.arange(longest, device=lengths.device)[None, :] < lengths[:, None]


@programs.script((X, X, X, None), (X, X, X, torch.tensor([[True, False, True]] * 3)))
def attention(q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor] = None) -> Tuple[Tensor, Tensor]:
    scores = q @ k.t() / math.sqrt(q.size(-1))
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = F.softmax(scores, dim=-1)
    return weights @ v, weights


@programs.script((torch.arange(6).float(), 4))
def sinusoids(position: Tensor, width: int) -> Tensor:
    half = width // 2
    rate = torch.exp(torch.arange(half, dtype=torch.float) * -(math.log(10000.0) / half))
    angles = position[:, None] * rate[None]
    return torch.cat([angles.sin(), angles.cos()], -1)


class Detection(NamedTuple):
    box: Tensor
    score: float
    label: int = 0
    note: Optional[str] = None


@programs.script((X, 0.5))
def named_with_defaults(x: Tensor, s: float) -> Tuple[Detection, Detection]:
    a = Detection(x[0], s)
    b = Detection(box=x[1], score=s * 2, note="b")
    return a, b


@programs.script((X,))
def fields_of_named(x: Tensor) -> Tensor:
    d = Detection(x, 0.5, 3)
    box, score, label, note = d
    if note is None:
        box = box + 1
    return box * score + d.label + d[2] + len(d)


@programs.script(([torch.ones(2, 3), torch.ones(3, 2)], 1.0))
def pad_and_stack(items: List[Tensor], fill: float) -> Tensor:
    shape = [max([t.size(i) for t in items]) for i in range(2)]
    batch = items[0].new_full([len(items)] + shape, fill)
    for i, item in enumerate(items):
        batch[i, : item.shape[0], : item.shape[1]].copy_(item)
    return batch


@programs.script((X, 3))
def sample_rows(x: Tensor, n: int) -> Tuple[Tensor, Tensor]:
    picked = torch.randperm(x.size(0), generator=None)[:n].sort()[0]
    return x[picked], picked


@programs.script((X, torch.tensor([0, 2, 1])))
def cross_entropy_by_hand(x: Tensor, target: Tensor) -> Tensor:
    shifted = x - x.max(dim=1, keepdim=True).values
    logp = shifted - shifted.exp().sum(1, keepdim=True).log()
    return -logp.gather(1, target.unsqueeze(-1)).squeeze(-1).mean()


@programs.script((torch.ones(1, 1, 4, 4), 3))
def pyramid(x: Tensor, levels: int) -> List[Tensor]:
    out = [x]
    for _ in range(levels - 1):
        last = out[-1]
        out.append(F.avg_pool2d(last, 2) if last.size(-1) >= 2 else last)
    return out[::-1]


@programs.script(("hello world", 3))
def ngrams(text: str, n: int) -> List[str]:
    return [text[i : i + n] for i in range(len(text) - n + 1)]


@programs.script(("kitten", "sitting"), ("", "ab"))
def edit_distance(a: str, b: str) -> int:
    row = [i for i in range(len(b) + 1)]
    for i in range(1, len(a) + 1):
        previous = row[:]
        row[0] = i
        for j in range(1, len(b) + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            row[j] = min(min(previous[j] + 1, row[j - 1] + 1), previous[j - 1] + cost)
    return row[-1]


@programs.script(([3, 1, 2],))
def bubble_sort(values: List[int]) -> List[int]:
    n = len(values)
    for i in range(n):
        swapped = False
        for j in range(n - i - 1):
            if values[j] > values[j + 1]:
                values[j], values[j + 1] = values[j + 1], values[j]
                swapped = True
        if not swapped:
            break
    return values


@programs.script((27,), (1,))
def collatz(n: int) -> Tuple[int, int]:
    steps, peak = 0, n
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
        peak = max(peak, n)
    return steps, peak


@programs.script((30,))
def sieve(n: int) -> List[int]:
    prime = [True] * (n + 1)
    prime[0], prime[1] = False, False
    for i in range(2, int(n**0.5) + 1):
        if prime[i]:
            for j in range(i * i, n + 1, i):
                prime[j] = False
    return [int(p) for p in prime]


@programs.script((X, X * 2), (X, None))
def residual(x: Tensor, skip: Optional[Tensor]) -> Tensor:
    return x + (skip if skip is not None else torch.zeros_like(x))


@programs.script((V, 3), (V, 9))
def top_k_or_all(x: Tensor, k: int) -> Tuple[Tensor, Tensor]:
    values, indices = torch.topk(x, k=min(k, x.numel()), dim=0, largest=True, sorted=True)
    return values, indices


@programs.script((X, 1.0, 0.5))
def nucleus(logits: Tensor, temperature: float, p: float) -> Tensor:
    probs = (logits / max(temperature, 1e-5)).softmax(-1)
    ordered, indices = probs.sort(descending=True, dim=-1)
    drop = ordered.cumsum(-1) - ordered > p
    ordered = ordered.masked_fill(drop, 0.0)
    ordered /= ordered.sum(-1, keepdim=True)
    return torch.zeros_like(probs).scatter_(-1, indices, ordered)


@programs.script((X, [1, 2]), (X, 2))
def union_of_sizes(x: Tensor, size: Union[int, List[int]]) -> int:
    if isinstance(size, int):
        return size * 2
    else:
        return size[0] + size[1]


@programs.script((X,))
def welford(x: Tensor) -> Tuple[Tensor, Tensor]:
    count = 0
    mean = torch.zeros(x.size(1))
    m2 = torch.zeros_like(mean)
    for row in x:
        count += 1
        delta = row - mean
        mean = mean + delta / count
        m2 += delta * (row - mean)
    return mean, m2 / count


@programs.script((X, 2))
def windows(x: Tensor, size: int) -> List[Tensor]:
    return [piece for piece in x.unfold(1, size, 1).unbind(1)]


@programs.script((torch.tensor([[1, 2], [3, 0]]), ["<pad>", "a", "b", "c"]))
def detokenize(ids: Tensor, words: List[str]) -> List[str]:
    out: List[str] = []
    for row in ids:
        parts: List[str] = []
        for i in row:
            if int(i) == 0:
                continue
            parts.append(words[int(i)])
        out.append(" ".join(parts))
    return out


@programs.script((X, "mean"), (X, "sum"), (X, "none"), (X, "odd"))
def reduced(x: Tensor, reduction: str = "mean") -> Tensor:
    if reduction == "mean":
        return x.mean()
    elif reduction == "sum":
        return x.sum()
    elif reduction == "none":
        return x
    else:
        raise ValueError(f"unknown reduction {reduction}")


@programs.script((X, 0.1, 3))
def gradient_steps(x: Tensor, rate: float, steps: int) -> Tensor:
    w = torch.zeros_like(x)
    for step in range(steps):
        grad = 2 * (w - x)
        w = w - rate * grad
        if grad.norm().item() < 1e-6:
            return w
    return w


@programs.script((torch.ones(2, 3, 4),))
def swap_axes(x: Tensor) -> Tuple[List[int], int, int]:
    b, c, l = x.shape
    y = x.permute(0, 2, 1).contiguous()
    return y.size(), b * c * l, y.shape[-1]


@programs.script((X, X), (X, X[:2]))
def checked_shapes(a: Tensor, b: Tensor) -> Tensor:
    assert a.shape == b.shape, f"shapes differ: {a.shape} and {b.shape}"
    if a.dim() != 2 or not a.is_floating_point():
        raise RuntimeError("bad input {}".format(a.dim()))
    return a * b


@programs.script((V, 2), (V, 0))
def moving_average(x: Tensor, window: int) -> Optional[Tensor]:
    if window <= 0:
        return None
    kernel = torch.ones(1, 1, window) / window
    return F.conv1d(x[None, None], kernel)[0, 0]


@programs.script((X, 3), (X, 0))
def histogram(x: Tensor, bins: int) -> Dict[int, int]:
    out: Dict[int, int] = {b: 0 for b in range(bins)}
    if bins > 0:
        low, high = float(x.min()), float(x.max())
        for v in x.flatten():
            b = min(int((float(v) - low) / (high - low + 1e-9) * bins), bins - 1)
            out[b] += 1
    return out


@programs.script(([1, 2, 3, 4], 2), ([1, 2, 3], 2))
def chunked(values: List[int], size: int) -> List[List[int]]:
    return [values[i : i + size] for i in range(0, len(values), size)]


@programs.script((torch.eye(3), 2))
def matrix_power(m: Tensor, n: int) -> Tensor:
    out = torch.eye(m.size(0), dtype=m.dtype, device=m.device)
    while n > 0:
        if n & 1:
            out = out @ m
        m = m @ m
        n >>= 1
    return out
