"""Tensors of every dtype and layout as parameters, buffers, attributes, constants and in containers."""

from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import Tensor, nn

from tests.differential.corpus.language.programs import Programs

PROGRAMS = Programs()
X = torch.linspace(-1, 1, 8).reshape(2, 4)

DTYPES = (
    torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32, torch.uint64,
    torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex32, torch.complex64,
    torch.complex128, torch.bool, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz,
    torch.float8_e5m2fnuz,
)  # fmt: skip
COO = torch.sparse_coo_tensor(torch.tensor([[0, 1, 1], [2, 0, 2]]), torch.tensor([3.0, 4.0, 5.0]), (2, 3))
CSR = torch.sparse_csr_tensor([0, 2, 4], [0, 1, 0, 1], torch.tensor([1.0, 2.0, 3.0, 4.0]), (2, 2))
QUANTIZED = torch.quantize_per_tensor(X, 0.1, 3, torch.quint8)
PER_CHANNEL = torch.quantize_per_channel(
    X, torch.tensor([0.1, 0.05]), torch.tensor([0, 1]), axis=0, dtype=torch.qint8
)


def every_dtype() -> Dict[str, Tensor]:
    """A tensor for each dtype that torch stores."""
    values = torch.tensor([0, 1, 2, 3])
    return {f"of_{dtype}".replace("torch.", ""): values.to(dtype) for dtype in DTYPES}


@PROGRAMS.build((X,))
def buffers_of_every_dtype() -> Any:
    class Module(nn.Module):
        table: Dict[str, Tensor]

        def __init__(self) -> None:
            super().__init__()
            for name, value in every_dtype().items():
                self.register_buffer(name, value)
            self.table = every_dtype()
            self.listed = list(every_dtype().values())
            self.pair = (torch.tensor([1.5]), torch.tensor(True))

        def forward(self, x: Tensor) -> Dict[str, Tensor]:
            found: Dict[str, Tensor] = {}
            for name, value in self.table.items():
                found[name] = value
            found["half"] = self.of_float16 + self.of_bfloat16
            found["first"] = self.listed[0]
            found["pair"] = self.pair[0] * self.pair[1]
            found["small"] = self.of_float8_e4m3fn.to(torch.float32)
            return found

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def frozen_dtypes() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, value in every_dtype().items():
                self.register_buffer(name, value)

        def forward(self, x: Tensor) -> List[Tensor]:
            whole = [self.of_uint8, self.of_int8, self.of_int16, self.of_int32, self.of_int64, self.of_bool]
            real = [
                self.of_float16,
                self.of_bfloat16,
                self.of_float64,
                self.of_float8_e5m2,
                self.of_float8_e4m3fn,
            ]
            return (
                whole
                + real
                + [self.of_complex64, self.of_complex128, self.of_uint16, self.of_uint32, self.of_uint64]
            )

    return torch.jit.freeze(torch.jit.script(Module().eval()))


@PROGRAMS.build((X,))
def traced_constants_of_dtypes() -> Any:
    def f(x: Tensor) -> Any:
        real = [
            torch.tensor([1.5, float("nan"), float("inf"), -0.0], dtype=d)
            for d in (torch.float16, torch.bfloat16)
        ]
        wide = torch.tensor([1e-300, 1.7976931348623157e308], dtype=torch.float64)
        return x + 1, real[0] + 1, real[1], wide, torch.tensor([1 + 2j, 3j]), torch.tensor([[True], [False]])

    return torch.jit.trace(f, X, check_trace=False)


@PROGRAMS.build((torch.ones(3, 2),))
def sparse_buffers() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("coo", COO)
            self.register_buffer("whole", COO.coalesce())
            self.held = COO * 2

        def forward(self, x: Tensor) -> List[Tensor]:
            return [
                torch.sparse.mm(self.coo, x),
                self.whole.to_dense(),
                self.held.to_dense(),
                self.whole.values(),
            ]

    return torch.jit.script(Module())


@PROGRAMS.build((torch.ones(2, 2),))
def compressed_tensors() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.csr = CSR

        def forward(self, x: Tensor) -> List[Tensor]:
            return [self.csr.to_dense() @ x, self.csr.crow_indices(), self.csr.values()]

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def frozen_constants() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.coo = COO
            self.csr = CSR
            self.channel = PER_CHANNEL
            self.single = torch.quantize_per_tensor(torch.ones(1), 0.1, 3, torch.qint32)
            self.conjugate = torch.tensor([1 + 2j, 3.0]).conj()
            self.negative = torch.tensor([1 + 2j, 3.0]).conj().imag
            self.one = torch.tensor([1 - 2j]).conj()
            self.falling = torch.tensor([-1.0, -100000.0])
            self.scaled = torch.tensor([10000000.5, -2081.25], dtype=torch.float64)
            self.exponents = torch.tensor([1.0, 2.0]).to(torch.float8_e8m0fnu)

        def forward(self, x: Tensor) -> List[Tensor]:
            odd = [self.coo.to_dense(), self.csr, self.channel, self.single, self.exponents]
            return odd + [self.coo, self.conjugate, self.negative, self.one, self.falling, self.scaled]

    return torch.jit.freeze(torch.jit.script(Module().eval()))


@PROGRAMS.build((X,))
def quantized_buffers() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("tensor", QUANTIZED)
            self.register_buffer("channel", PER_CHANNEL)
            self.listed = [QUANTIZED, PER_CHANNEL]

        def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, float, int, Tensor, Tensor]:
            scale, zero = self.tensor.q_scale(), self.tensor.q_zero_point()
            whole = self.tensor.dequantize() + x
            return whole, self.channel.dequantize(), scale, zero, self.tensor.int_repr(), self.listed[1]

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def meta_buffers() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("shape_only", torch.empty(3, 5, device="meta"))
            self.weight = nn.Parameter(torch.ones(4))

        def forward(self, x: Tensor) -> Tuple[List[int], Tensor]:
            return self.shape_only.size(), x * self.weight

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def conjugate_and_negative_views() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("z", torch.tensor([1 + 2j, -3.5 + 0j]))
            self.register_buffer("conjugate", torch.tensor([1 + 2j, -3.5 + 1j]).conj())

        def forward(self, x: Tensor) -> Tuple[Tensor, Tensor, Tensor, complex]:
            return self.z.conj(), self.z.imag, torch.view_as_real(self.conjugate), complex(self.z[0].item())

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def frozen_parameters_and_gradients() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fixed = nn.Parameter(torch.ones(4), requires_grad=False)
            self.learned = nn.Parameter(torch.zeros(4, dtype=torch.float64))
            self.register_buffer("tracked", torch.ones(4, requires_grad=True).detach())
            self.plain = torch.arange(4.0)
            self.grown = torch.ones(2, 2, requires_grad=True)

        def forward(self, x: Tensor) -> Tuple[Tensor, bool, bool, bool]:
            result = x * self.fixed + self.learned + self.plain
            return result, self.fixed.requires_grad, self.learned.requires_grad, self.grown.requires_grad

    return torch.jit.script(Module())


@PROGRAMS.build((X,))
def strides_and_formats() -> Any:
    class Module(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer(
                "last", torch.arange(48.0).reshape(1, 3, 4, 4).to(memory_format=torch.channels_last)
            )
            self.register_buffer("turned", torch.arange(8.0).reshape(2, 4).t())
            self.register_buffer("zero", torch.zeros((0,)))
            self.register_buffer("none", torch.zeros((2, 0, 3)))
            self.register_buffer("deep", torch.zeros((1,) * 12))
            self.register_buffer("offset", torch.arange(10)[3:])

        def forward(self, x: Tensor) -> Tuple[List[int], List[int], Tensor, Tensor, Tensor, Tensor]:
            return self.last.stride(), self.turned.stride(), self.zero, self.none, self.deep, self.offset

    return torch.jit.script(Module())


@PROGRAMS.script((X,))
class HeldInContainers(nn.Module):
    states: Dict[str, Tuple[Tensor, Optional[Tensor]]]
    nested: List[List[Tensor]]
    maybe: Optional[Dict[int, List[Tensor]]]

    def __init__(self) -> None:
        super().__init__()
        shared = torch.arange(4.0)
        self.states = {"a": (shared, None), "b": (shared + 1, torch.ones(1))}
        self.nested = [[shared, shared], [], [torch.zeros(1)]]
        self.maybe = {3: [shared * 3]}

    def forward(self, x: Tensor) -> Tensor:
        first, second = self.states["b"]
        if second is not None:
            first = first + second
        for row in self.nested:
            for each in row:
                x = x + each.sum()
        maybe = self.maybe
        if maybe is not None:
            x = x + maybe[3][0]
        return x * first
