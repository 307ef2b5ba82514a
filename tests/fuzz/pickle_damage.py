"""Damage to pickles: nested without end, holding themselves, naming what runs, tensors out of bounds."""

from __future__ import annotations

import pickletools
import random
import struct

from tests.archive.handmade import module_of, name, number, pickled, tensor, text
from tests.fuzz.draft import Draft

INTEGERS = (
    -(1 << 63),
    -(1 << 31),
    -2,
    -1,
    0,
    1,
    2,
    7,
    255,
    1 << 16,
    1 << 31,
    1 << 32,
    1 << 40,
    1 << 62,
    (1 << 63) - 1,
)
DEPTHS = (150, 199, 201, 900, 1_100, 5_000, 30_000, 100_000)

_CLASS = """class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  {name} : {type}
  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    return torch.neg(x)
"""


def _holding(draft: Draft, kind: str, value: bytes) -> None:
    """Make the archive one of a module with an attribute of type `kind` that is pickled as `value`."""
    draft.entries = [e for e in draft.entries if "/code/" not in e.name]
    draft.put("code/__torch__.py", _CLASS.format(name="a", type=kind).encode())
    draft.put("data.pkl", module_of(text("training"), b"\x88", text("a"), value))


def nested(rng: random.Random, draft: Draft) -> None:
    depth = rng.choice(DEPTHS)
    made = name("__torch__", "M") + b")\x81"
    kind, value = rng.choice(
        (
            ("List[int]", b"]" * depth + b"a" * (depth - 1)),
            ("Any", b"]" * depth + b"a" * (depth - 1)),
            ("Any", b")" + b"\x85" * depth),
            ("Dict[str, int]", (b"}" + text("k")) * depth + b"N" + b"s" * depth),
            ("Any", made * depth + b"N" + b"b" * depth),
            ("Any", (made + b"}" + text("a")) * depth + b"N" + b"sb" * depth),
            ("Any", b"(" * depth + b"t" * depth),
            ("Any", b"(" * depth),
            ("Any", name("__torch__", "E") * depth + b"N" + b"\x85R" * depth),
            (
                "List[List[int]]",
                (name("torch.jit._pickle", "build_intlist") + b"(") * depth + b"]" + b"tR" * depth,
            ),
            ("Any", b"(" * depth + b"l" * depth),
        )
    )
    _holding(draft, kind, value)
    if rng.random() < 0.3:
        draft.put(
            rng.choice(("constants.pkl", draft.some(rng, ".debug_pkl").name.partition("/")[2])),
            pickled(value),
        )


def holding_itself(rng: random.Random, draft: Draft) -> None:
    made = name("__torch__", "M") + b")\x81"
    kind, value = rng.choice(
        (
            ("List[int]", b"]q\x63h\x63a"),
            ("Any", b"]q\x63h\x63a"),
            ("Any", b"}q\x63" + text("k") + b"h\x63s"),
            ("Any", made + b"q\x63}" + text("a") + b"h\x63sb"),
            ("__torch__.M", made + b"q\x63}" + text("a") + b"h\x63sb"),
            ("Any", made + b"q\x63h\x63b"),
            ("Tuple[List[int], int]", b"]q\x63h\x63\x85a"),
            ("Any", b"]q\x63]q\x64h\x63ah\x64a"),
            ("Any", b"]q\x63" + name("__torch__", "E") + b"h\x63\x85Ra"),
            ("Any", b"}q\x63h\x63" + b"Ns"),
            # each list holds the one before twice
            ("Any", b"]" + b"q\x63]h\x63ah\x63a" * rng.choice((20, 26, 60, 5_000))),
            ("Any", b")" + b"q\x63h\x63\x86" * rng.choice((20, 26, 60, 5_000))),
        )
    )
    _holding(draft, kind, value)
    if rng.random() < 0.2:
        draft.put("constants.pkl", pickled(value))


def naming_what_runs(rng: random.Random, draft: Draft) -> None:
    module, attribute = rng.choice(
        (
            ("os", "system"),
            ("builtins", "eval"),
            ("builtins", "exec"),
            ("posix", "system"),
            ("nt", "system"),
            ("subprocess", "Popen"),
            ("torch.jit", "load"),
            ("torch", "load"),
            ("torch.serialization", "_load"),
            ("__builtin__", "eval"),
            ("builtins", "__import__"),
            ("importlib", "import_module"),
            ("__torch__", "os.system"),
            ("torch.utils", "model_zoo"),
            ("__torch__..", "x"),
            ("", ""),
            ("\x1b[2J", "x"),
            ("__torch__", "M" * 9_999),
            ("torch._utils", "_rebuild_tensor_v2"),
            ("torch._utils", "_rebuild_qtensor"),
            ("torch", "device"),
            ("torch._utils", "_rebuild_sparse_tensor"),
            ("torch._utils", "_rebuild_parameter"),
            ("builtins", "complex"),
            ("torch.jit._pickle", "restore_type_tag"),
            ("torch.jit._pickle", "build_tensor_from_id"),
            ("torch", "FloatStorage"),
            ("torch", "per_tensor_affine"),
        )
    )
    arguments = rng.choice(
        (
            text("touch ran") + b"\x85",
            b")",
            b"N",
            b"]",
            text("a") + text("List[" * 9_999) + b"\x86",
            b"]" + text("Li\nst") + b"\x86",
            b"]" + text("List[" * 50_000) + b"\x86",
            number(-1) + b"\x85",
            b"(" + b"N" * 7 + b"t",
        )
    )
    call = name(module, attribute) + arguments + rng.choice((b"R", b"R", b"\x81", b"b", b"\x86", b"0"))
    if rng.random() < 0.5:
        _holding(draft, rng.choice(("Any", "Tensor", "int", "List[int]")), call)
    else:
        draft.put(
            rng.choice(("data.pkl", "constants.pkl", draft.some(rng, ".debug_pkl").name.partition("/")[2])),
            pickled(call),
        )


def odd_operations(rng: random.Random, draft: Draft) -> None:
    """Operations of a pickle are dropped, doubled, swapped, or take other arguments."""
    entry = draft.some(rng, rng.choice(("data.pkl", "data.pkl", "constants.pkl", ".debug_pkl")))
    pieces = _operations(entry.content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        if len(pieces) < 3:
            return
        place, other = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        match rng.randrange(6):
            case 0:
                del pieces[place]
            case 1:
                pieces.insert(place, pieces[other])
            case 2:
                pieces[place], pieces[other] = pieces[other], pieces[place]
            case 3:
                pieces[place] = bytes([rng.randrange(256)])
            case 4:
                pieces[place] = _odd_value(rng)
            case _:
                pieces.insert(
                    place,
                    rng.choice(
                        (
                            b"r\xff\xff\xff\xff",
                            b"j\xff\xff\xff\xff",
                            b"X\xff\xff\xff\xff",
                            b"M\xff",
                            b"\x8a\xff" + b"\x7f" * 255,
                            b"\x8a\x00",
                            b"0",
                            b"1",
                            b"2",
                            b".",
                            b"Q",
                        )
                    ),
                )
    entry.content = b"".join(pieces)


def odd_values(rng: random.Random, draft: Draft) -> None:
    """Attributes hold values of other types, texts are changed."""
    entry = draft.some(rng, "data.pkl")
    pieces = _operations(entry.content)
    values = [i for i, piece in enumerate(pieces) if piece[:1] in b"NKMJ\x88\x89G\x8aX)" and piece]
    for _ in range(rng.choice((1, 1, 2))):
        if values:
            pieces[rng.choice(values)] = _odd_value(rng)
    entry.content = b"".join(pieces)


def odd_numbers(rng: random.Random, draft: Draft) -> None:
    """Integers of a pickle are others: sizes, strides, offsets, numbers of elements, positions in code."""
    entry = draft.some(rng, rng.choice(("data.pkl", "data.pkl", ".debug_pkl")))
    pieces = _operations(entry.content)
    numbers = [i for i, piece in enumerate(pieces) if piece[:1] in (b"K", b"M", b"J", b"\x8a")]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if numbers:
            pieces[rng.choice(numbers)] = number(rng.choice(INTEGERS))
    entry.content = b"".join(pieces)


def tensor_out_of_bounds(rng: random.Random, draft: Draft) -> None:
    def some_numbers() -> tuple[int, ...]:
        return tuple(rng.choice((*INTEGERS, 4, 4, 1, 1)) for _ in range(rng.choice((0, 1, 1, 2, 3, 40))))

    shape = some_numbers() if rng.random() < 0.7 else (4,)
    strides = some_numbers() if rng.random() < 0.7 else (rng.choice((0, 1)),) * len(shape)
    storage = rng.choice(
        (
            "FloatStorage",
            "DoubleStorage",
            "ComplexDoubleStorage",
            "QInt8Storage",
            "BoolStorage",
            "QUInt4x2Storage",
            "BFloat16Storage",
            "UntypedStorage",
            "OddStorage",
        )
    )
    value = tensor(
        storage,
        rng.choice(("0", "0", "0", "1", "../0", "", "0/0")),
        rng.choice((4, 4, 4, *INTEGERS)),
        rng.choice((0, 0, 0, *INTEGERS)),
        shape,
        strides,
    )
    if rng.random() < 0.2:
        value += tensor(numel=3, shape=(3,)) + b"\x86"
    _holding(draft, rng.choice(("Tensor", "Optional[Tensor]", "Any")), value)
    if rng.random() < 0.9:
        draft.put("data/0", bytes(rng.choice((16, 16, 32, 15, 0, 4))))


def odd_tensor(rng: random.Random, draft: Draft) -> None:
    """Quantized and sparse tensors whose parts do not fit."""
    plain = tensor()[: -len(b"\x89" + name("collections", "OrderedDict") + b")RtR")]
    scheme = name("torch", rng.choice(("per_tensor_affine", "per_channel_affine", "nothing")))
    scale = b"G" + struct.pack(">d", rng.choice((0.0, -1.0, float("nan"), float("inf"), 1e300, 0.5)))
    point = number(rng.choice(INTEGERS))
    inner = rng.choice((scale + point, tensor() + tensor() + point, tensor() + point, scale, b""))
    quantized = plain.replace(b"_rebuild_tensor_v2", b"_rebuild_qtensor") + b"(" + scheme + inner + b"t\x89"
    quantized += name("collections", "OrderedDict") + b")RtR"
    sparse = (
        name("torch._utils", "_rebuild_sparse_tensor") + b"(" + number(rng.choice((0, 1, 2, 3, 4, 5, 6, -1)))
    )
    sparse += b"(" + number(rng.choice(INTEGERS)) + number(rng.choice(INTEGERS)) + b"t\x89"
    sparse += rng.choice((tensor() * 2, tensor() * 3, tensor(), b"N")) + b"NtR"
    _holding(draft, rng.choice(("Tensor", "Any")), rng.choice((quantized, sparse)))
    draft.put("data/0", bytes(16))


def _operations(content: bytes) -> list[bytes]:
    """The operations of a pickle, as far as it is one."""
    places: list[int] = []
    try:
        places.extend(place for _, _, place in pickletools.genops(content) if place is not None)
    except ValueError:
        return [content]
    return [content[a:b] for a, b in zip(places, [*places[1:], len(content)], strict=True)]


def _odd_value(rng: random.Random) -> bytes:
    return rng.choice(
        (
            b"N",
            b"\x88",
            b"\x89",
            b"]",
            b")",
            b"}",
            number(rng.choice(INTEGERS)),
            text("x" * rng.choice((0, 1, 90_000))),
            text(b"\xff\xfe"),
            text("a\nb\x1b[0m"),
            b"G\x7f\xf8\0\0\0\0\0\0",
            b"G\x7f\xf0\0\0\0\0\0\0",
            text("0"),
            text("cuda:99999999999999999999"),
            name("torch", "HalfStorage"),
            name("__torch__", "Nothing") + b")\x81",
            name("__torch__", "Nothing") + b")\x81}b",
            name("__torch__.gate", "Gate") + b")\x81}b",
        )
    )


PICKLE_DAMAGE = {
    "pickles nested 100,000 deep": (nested,),
    "pickles that hold themselves": (holding_itself,),
    "pickles that name what runs": (naming_what_runs,),
    "pickles of odd operations": (odd_operations, odd_values),
    "tensors out of their storage": (tensor_out_of_bounds, tensor_out_of_bounds, odd_numbers, odd_tensor),
}
"""The rows of damage to pickles, each with its mutations."""
