"""torch's dtypes, layouts, memory formats and quantization schemes, which are ints to TorchScript."""

from __future__ import annotations

from typing import Any

import torch

_DTYPE_NAMES = (
    "uint8 int8 int16 int32 int64 float16 float32 float64 complex32 complex64 complex128 bool qint8 quint8 "
    "qint32 bfloat16 quint4x2 quint2x4 bits1x8 bits2x4 bits4x2 bits8 bits16 float8_e5m2 float8_e4m3fn "
    "float8_e5m2fnuz float8_e4m3fnuz uint16 uint32 uint64 uint1 uint2 uint3 uint4 uint5 uint6 uint7 int1 "
    "int2 int3 int4 int5 int6 int7 float8_e8m0fnu float4_e2m1fn_x2"
)
_LAYOUT_NAMES = "strided sparse_coo sparse_csr _mkldnn sparse_csc sparse_bsr sparse_bsc jagged"
_MEMORY_FORMAT_NAMES = "contiguous_format preserve_format channels_last channels_last_3d"
_QSCHEME_NAMES = (
    "per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric "
    "per_channel_affine_float_qparams"
)


def _numbered(names: str) -> dict[Any, int]:
    return {getattr(torch, name): number for number, name in enumerate(names.split()) if hasattr(torch, name)}


NUMBERED: dict[Any, int] = {
    **_numbered(_DTYPE_NAMES), **_numbered(_LAYOUT_NAMES), **_numbered(_MEMORY_FORMAT_NAMES),
    **_numbered(_QSCHEME_NAMES),
}  # fmt: skip
"""The numbers that they are, c10's, which archives hold too."""
