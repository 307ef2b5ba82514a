"""Inputs made of given ones, to set a trace apart from its program: other values, sizes, types, modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import torch

from jitcore.diagnose.divergence.containers import like, tensors_in, with_tensors
from jitcore.diagnose.divergence.subject import Arguments
from jitcore.diagnose.divergence.trial import Trial

OTHER_SEED: Final = 20_011
"""A seed that a program will hardly set itself."""


def calls_in_a_row(arguments: Arguments) -> Iterator[Trial]:
    """The same call again, and from other seeds."""
    yield Trial((arguments,) * 3, "calls", "the same inputs, three times in a row")
    yield Trial((arguments,), "seed", "the same inputs from another seed", seed=OTHER_SEED)


def other_calls(arguments: Arguments) -> Iterator[Trial]:
    """Calls with other values after the first: what is kept of it may be used again."""
    for change in (_drawn(1), _floats(lambda tensor: tensor * -3 + 1)):
        changed = with_tensors(arguments, change)
        if _differs(arguments, changed):
            yield Trial((arguments, changed), "calls", "a second call with other values")
            yield Trial((changed, arguments), "calls", "a first call with other values", "other values")


def modes(arguments: Arguments, training: bool | None) -> Iterator[Trial]:
    """The other of train and eval mode, with and without gradients."""
    if training is not None:
        name = "eval" if training else "train"
        yield Trial((arguments,), "mode", f"the module in {name} mode", training=not training)
    grad = torch.is_grad_enabled()
    yield Trial((arguments,), "grad", f"gradients turned {'off' if grad else 'on'}", grad=not grad)


def other_modes(arguments: Arguments, asked: Callable[[str], bool]) -> Iterator[Trial]:
    """Modes of torch's own, for programs that ask whether they are in one: `asked` says so of a word."""
    if asked("autocast"):
        yield Trial((arguments,), "mode", "the program under torch.autocast", within="autocast")
    if asked("inference"):
        yield Trial((arguments,), "mode", "the program in inference mode", within="inference mode")


def followed_inputs(arguments: Arguments) -> Iterator[Trial]:
    """Inputs whose gradients are asked for, or not; for programs that look whether they are."""
    for made, asked in (("inputs that require gradients", True), ("inputs that require none", False)):
        changed = with_tensors(
            arguments,
            lambda tensor, asked=asked: (
                tensor.detach().clone().requires_grad_(asked)
                if tensor.is_floating_point() or tensor.is_complex()
                else tensor.clone()
            ),
        )
        pairs = zip(tensors_in(arguments), tensors_in(changed), strict=True)
        if any(one.requires_grad != other.requires_grad for one, other in pairs):
            yield Trial((changed,), "grad", made)


# --- values -----------------------------------------------------------------------------------------


def other_whole_numbers(arguments: Arguments) -> Iterator[Trial]:
    """Other values of whole numbers beside floating point ones, of which most changes are."""
    kinds = {tensor.is_floating_point() or tensor.is_complex() for tensor in tensors_in(arguments)}
    if len(kinds) < 2:
        return
    for made, change in _WHOLE_VALUES:
        changed = with_tensors(arguments, change)
        if _differs(arguments, changed):
            yield Trial((changed,), "values", made)


def other_values(arguments: Arguments) -> Iterator[Trial]:
    """The same sizes with other values in all tensors at once, then in one at a time."""
    for made, change in _VALUES:
        changed = with_tensors(arguments, change)
        if _differs(arguments, changed):
            yield Trial((changed,), "values", made)
    count = sum(1 for _ in tensors_in(arguments))
    if count < 2:
        return
    for place in range(count):
        for made, change in _VALUES:
            changed = _with_one(arguments, place, change)
            if _differs(arguments, changed):
                yield Trial((changed,), "values", f"{made}, in input tensor {place + 1} only")


def _drawn(seed: int) -> Callable[[torch.Tensor], torch.Tensor]:
    def change(tensor: torch.Tensor) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        if tensor.dtype is torch.bool:
            return torch.randint(0, 2, tensor.shape, generator=generator).to(tensor.dtype)
        if tensor.is_floating_point():
            made = torch.randn(tensor.shape, generator=generator)
            low, high = _range(tensor)
            if low >= 0.0 and high <= 1.0:
                made = torch.rand(tensor.shape, generator=generator)
            return made.to(tensor.dtype)
        if tensor.is_complex():
            return torch.randn(tensor.shape, generator=generator, dtype=torch.complex64).to(tensor.dtype)
        low, high = _range(tensor)
        return torch.randint(int(low), int(high) + 1, tensor.shape, generator=generator).to(tensor.dtype)

    return change


def _range(tensor: torch.Tensor) -> tuple[float, float]:
    if not tensor.numel():
        return 0.0, 1.0
    return float(tensor.min()), float(tensor.max())


def _filled(number: float) -> Callable[[torch.Tensor], torch.Tensor]:
    def change(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.dtype is torch.bool:
            return torch.full_like(tensor, number > 0)
        return torch.full_like(
            tensor, number if tensor.is_floating_point() or tensor.is_complex() else int(number)
        )

    return change


def _floats(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """A change of floating point numbers; the others stay."""
    return lambda tensor: (
        change(tensor) if tensor.is_floating_point() or tensor.is_complex() else tensor.clone()
    )


def _whole(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """A change of whole numbers; the others stay."""

    def changed(tensor: torch.Tensor) -> torch.Tensor:
        is_whole = not (tensor.is_floating_point() or tensor.is_complex() or tensor.dtype is torch.bool)
        return change(tensor) if is_whole else tensor.clone()

    return changed


def _others(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """A change of whole numbers and truths; floating point numbers stay."""
    return lambda tensor: (
        tensor.clone() if tensor.is_floating_point() or tensor.is_complex() else change(tensor)
    )


def _signed(change: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """A change of numbers; truths stay."""
    return lambda tensor: tensor.clone() if tensor.dtype is torch.bool else change(tensor)


def _inverted(tensor: torch.Tensor) -> torch.Tensor:
    return ~tensor if tensor.dtype is torch.bool else tensor.clone()


def _flipped(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.flip(list(range(tensor.dim()))) if tensor.dim() else tensor.clone()


def _extreme(tensor: torch.Tensor, number: Callable[[float, float], float]) -> torch.Tensor:
    return _filled(number(*_range(tensor)))(tensor) if tensor.dtype is not torch.bool else tensor.clone()


def _spiked(tensor: torch.Tensor) -> torch.Tensor:
    made = tensor.clone()
    if made.numel() and made.dtype is not torch.bool:
        made.view(-1)[0] = 100 if made.is_floating_point() else int(_range(tensor)[1])
    return made


def _sparse(tensor: torch.Tensor) -> torch.Tensor:
    made = tensor.clone().contiguous()
    made.view(-1)[made.numel() // 3 :] = 0
    return made


def _sorted(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.flatten().sort().values.view(tensor.shape) if tensor.numel() else tensor.clone()


def _moved(tensor: torch.Tensor) -> torch.Tensor:
    """Whole numbers of the same sum, as lengths of parts have to be."""
    made = tensor.clone().contiguous()
    if made.numel() > 1:
        made.view(-1)[0] += 1
        made.view(-1)[-1] -= 1
    return made


def _one_nan(tensor: torch.Tensor) -> torch.Tensor:
    made = tensor.clone().contiguous()
    if made.numel():
        made.view(-1)[made.numel() // 2] = float("nan")
    return made


_VALUES: Final[tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...]] = (
    ("other random values", _drawn(1)),
    ("the values negated", _floats(lambda tensor: -tensor)),
    ("zeros", _filled(0)),
    ("the values a hundred times as large", _floats(lambda tensor: tensor * 100)),
    ("the values a hundredth as large", _floats(lambda tensor: tensor * 0.01)),
    ("the values plus ten", _floats(lambda tensor: tensor + 10)),
    ("the values minus ten", _floats(lambda tensor: tensor - 10)),
    ("truths inverted", _inverted),
    ("ones", _filled(1)),
    ("the least of the values everywhere", lambda tensor: _extreme(tensor, min)),
    ("the greatest of the values everywhere", lambda tensor: _extreme(tensor, max)),
    ("the values in reverse order", _flipped),
    ("one large value", _spiked),
    ("two thirds zeros", _sparse),
    ("the values in rising order", _sorted),
    ("whole numbers plus one", _whole(lambda tensor: tensor + 1)),
    ("whole numbers negated, less one", _whole(lambda tensor: -tensor - 1)),
    ("whole numbers plus ten", _whole(lambda tensor: tensor + 10)),
    ("one more at first, and one less at last, of whole numbers", _whole(_moved)),
    ("twos", _signed(_filled(2))),
    ("threes", _signed(_filled(3))),
    ("other random values", _drawn(2)),
    ("other random values", _drawn(3)),
    ("other random values", _drawn(4)),
    ("minus ones", _floats(_filled(-1))),
    ("the values ten times as large", _floats(lambda tensor: tensor * 10)),
    ("the values plus one", _floats(lambda tensor: tensor + 1)),
    ("the values minus one", _floats(lambda tensor: tensor - 1)),
    ("the values three times as large", _floats(lambda tensor: tensor * 3)),
    ("a third of the values", _floats(lambda tensor: tensor / 3)),
    ("a tenth of the values", _floats(lambda tensor: tensor / 10)),
    ("the values thousands of times as large", _floats(lambda tensor: tensor * 3e3)),
    ("one value that is not a number", _floats(_one_nan)),
)  # fmt: skip


_WHOLE_VALUES: Final[tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...]] = (
    ("the whole numbers in reverse order", _others(_flipped)),
    ("other random whole numbers", _others(_drawn(5))),
    ("the greatest of the whole numbers everywhere", _others(lambda tensor: _extreme(tensor, max))),
    ("other random whole numbers", _others(_drawn(6))),
)


def _differs(one: Any, other: Any) -> bool:
    pairs = zip(tensors_in(one), tensors_in(other), strict=True)
    return any(a.shape != b.shape or a.dtype != b.dtype or not torch.equal(a, b) for a, b in pairs)


def _with_one(arguments: Arguments, place: int, change: Callable[[torch.Tensor], torch.Tensor]) -> Arguments:
    numbers = iter(range(1 << 30))
    return with_tensors(
        arguments, lambda tensor: change(tensor) if next(numbers) == place else tensor.clone()
    )


# --- sizes ------------------------------------------------------------------------------------------


class _At(NamedTuple):
    """A dimension of an input: of which tensor, which one, how long it is."""

    place: int
    dim: int
    size: int


def other_sizes(arguments: Arguments) -> Iterator[Trial]:
    """Each size changed, in all tensors that share it; then in one dimension alone."""
    shapes = [tuple(tensor.shape) for tensor in tensors_in(arguments)]
    # The first dimension, most often a batch, is changed on its own: another may be as long by chance.
    firsts = sorted({shape[0] for shape in shapes if shape})
    for size in firsts:
        for new in _other(size):
            yield _resized(arguments, _first_sizes(size, new), f"first size {new} in place of {size}", size)
    for size in dict.fromkeys(size for shape in shapes for size in shape):
        for new in _other(size):
            yield _resized(arguments, _all_sizes(size, new), f"size {new} in place of {size}", size)
    for place, shape in enumerate(shapes):
        for dim, size in enumerate(shape):
            for new in _other(size):
                made = f"size {new} in place of {size} in dimension {dim} of input tensor {place + 1}"
                parts = _is_shared(shapes, place, size)
                yield _resized(arguments, _one_size((place, dim), new), made, size, parts)
    for made, change in (
        ("all sizes behind the second times 2", lambda size: size * 2),
        ("all sizes behind the second times 3", lambda size: size * 3),
        ("all sizes behind the second halved", lambda size: max(1, size // 2)),
    ):
        yield _resized(arguments, lambda at, change=change: change(at.size) if at.dim >= 2 else at.size, made)
    for size in firsts:
        yield _resized(arguments, _first_sizes(size, 0), f"first size 0 in place of {size}", size)
    for size in dict.fromkeys(size for shape in shapes for size in shape):
        yield _resized(arguments, _all_sizes(size, 0), f"size 0 in place of {size}", size)
    for place, shape in enumerate(shapes):
        for dim, size in enumerate(shape):
            made = f"size 0 in place of {size} in dimension {dim} of input tensor {place + 1}"
            parts = _is_shared(shapes, place, size)
            yield _resized(arguments, _one_size((place, dim), 0), made, size, parts)


def other_ranks(arguments: Arguments) -> Iterator[Trial]:
    """One dimension more, or less, in all tensors or in one; for programs that ask how many there are."""
    count = sum(1 for _ in tensors_in(arguments))
    for made, change in (("one dimension more", _wrapped), ("one dimension less", _first_of)):
        yield Trial((with_tensors(arguments, change),), "sizes", made)
        for place in range(count if count > 1 else 0):
            changed = _with_one(arguments, place, change)
            yield Trial((changed,), "sizes", f"{made} in input tensor {place + 1}")


def _wrapped(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.unsqueeze(0).clone()


def _first_of(tensor: torch.Tensor) -> torch.Tensor:
    return tensor[0].clone() if tensor.dim() and tensor.shape[0] else tensor.clone()


def other_lengths(arguments: Arguments) -> Iterator[Trial]:
    """Lists of tensors with one more, and with one less."""
    for place, value in enumerate(arguments):
        if not isinstance(value, list) or not value:
            continue
        for made, new in (("one more", [*value, value[-1]]), ("one less", value[:-1])):
            if new:
                changed = (*arguments[:place], new, *arguments[place + 1 :])
                yield Trial((changed,), "sizes", f"{made} in the list of argument {place + 1}")


def _first_sizes(size: int, new: int) -> Callable[[_At], int]:
    return lambda at: new if at.dim == 0 and at.size == size else at.size


def _all_sizes(size: int, new: int) -> Callable[[_At], int]:
    return lambda at: new if at.size == size else at.size


def _one_size(where: tuple[int, int], new: int) -> Callable[[_At], int]:
    return lambda at: new if (at.place, at.dim) == where else at.size


def _other(size: int) -> list[int]:
    """Other lengths for one, the likely ones first."""
    return list(
        dict.fromkeys(
            new
            for new in (1, size + 1, size * 2, size - 1, size * 3 + 1, 2, size * 8)
            if new > 0 and new != size
        )
    )


def _is_shared(shapes: list[tuple[int, ...]], place: int, size: int) -> bool:
    """Whether another tensor has a dimension of this size."""
    return any(size in shape for other, shape in enumerate(shapes) if other != place)


def _resized(
    arguments: Arguments,
    length: Callable[[_At], int],
    made: str,
    changed_size: int | None = None,
    parts_sizes: bool = False,
) -> Trial:
    numbers = iter(range(1 << 30))

    def change(tensor: torch.Tensor) -> torch.Tensor:
        place = next(numbers)
        shape = [length(_At(place, dim, size)) for dim, size in enumerate(tensor.shape)]
        return tensor.clone() if shape == list(tensor.shape) else _stretched(tensor, shape)

    changed = with_tensors(arguments, change)
    return Trial((changed,), "sizes", made, changed_size=changed_size, parts_sizes=parts_sizes)


def _stretched(tensor: torch.Tensor, shape: list[int]) -> torch.Tensor:
    """The values repeated, or the first of them, in another shape."""
    made = tensor
    for dim, size in enumerate(shape):
        now = made.shape[dim]
        if now == size:
            continue
        if not now:
            return torch.zeros(shape, dtype=tensor.dtype, device=tensor.device)
        made = made.index_select(dim, torch.arange(size, device=tensor.device) % now)
    return made.clone()


# --- types and arguments ----------------------------------------------------------------------------


def other_types(arguments: Arguments, has_parameters: bool) -> Iterator[Trial]:
    """Double and half precision in place of single, and the reverse; other whole numbers."""
    for name, kind in (("float64", torch.float64), ("float16", torch.float16), ("bfloat16", torch.bfloat16)):
        changed = with_tensors(
            arguments,
            lambda tensor, kind=kind: tensor.to(kind) if tensor.is_floating_point() else tensor.clone(),
        )
        if _differs(arguments, changed):
            yield Trial((changed,), "dtype", f"inputs of type {name}")
    for name, kind in (("int64", torch.int64), ("uint8", torch.uint8)):
        changed = with_tensors(
            arguments,
            lambda tensor, kind=kind: (
                _as_whole(tensor, kind) if tensor.is_floating_point() else tensor.clone()
            ),
        )
        if not has_parameters and _differs(arguments, changed):
            yield Trial((changed,), "dtype", f"whole numbers of type {name} in place of floating point ones")
    for name, kind in (("int32", torch.int32), ("int64", torch.int64), ("float32", torch.float32)):
        changed = with_tensors(
            arguments,
            lambda tensor, kind=kind: (
                tensor.clone() if tensor.is_floating_point() or tensor.is_complex() or tensor.dtype is
                torch.bool
                else tensor.to(kind)
            ),
        )  # fmt: skip
        if _differs(arguments, changed):
            yield Trial((changed,), "dtype", f"whole numbers of type {name}")


def complex_types(arguments: Arguments) -> Iterator[Trial]:
    """Complex numbers in place of real ones; for programs that ask which they are."""
    changed = with_tensors(
        arguments,
        lambda tensor: (
            torch.complex(tensor.float(), tensor.float()) if tensor.is_floating_point() else tensor.clone()
        ),
    )
    if _differs(arguments, changed):
        yield Trial((changed,), "dtype", "inputs of type complex64")


def _as_whole(tensor: torch.Tensor, kind: torch.dtype) -> torch.Tensor:
    """Whole numbers that tell small ones apart: most inputs lie between zero and one."""
    return (tensor.abs() * 10).nan_to_num(0.0, 0.0, 0.0).clamp(max=255).to(kind)


def other_arguments(arguments: Arguments, places: list[int]) -> Iterator[Trial]:
    """Numbers, truths and texts among the arguments changed, which a trace has no inputs for."""
    for place, value in enumerate(arguments):
        if place in places:
            continue
        for new in _other_plain(value):
            changed = (*arguments[:place], new, *arguments[place + 1 :])
            yield Trial((changed,), "argument", f"{new!r} in place of {value!r} as argument {place + 1}")


def _other_plain(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value * 2, 0, -value, 1]
    if isinstance(value, float):
        return [value * 2 + 1, -value, 0.0]
    if isinstance(value, tuple | list):
        return [like(value, list(value)[::-1])] if len(value) > 1 else []
    return []


def optimized(arguments: Arguments) -> Trial:
    """The inputs of the trace often enough that an executor has optimized the graph."""
    made = "the same inputs once the executor has optimized the graph"
    return Trial((arguments, arguments, arguments), "calls", made, within="the executor")
