"""Attributes of tensors, devices and optionals that are operators, and the casting methods of tensors."""

from __future__ import annotations

CASTS: dict[str, int] = {
    "byte": 0, "char": 1, "short": 2, "int": 3, "long": 4, "half": 5, "float": 6, "double": 7,
    "cfloat": 9, "cdouble": 10,
}  # fmt: skip
"""Casting methods and the number of the dtype they cast to."""

PROPERTIES: dict[str, dict[str, str]] = {
    "OptionalType": {"unchecked_unwrap_optional": "prim"},
    "TensorType": {
        "dtype": "prim", "device": "prim", "grad": "prim", "data": "prim", "shape": "prim", "is_cuda": "prim",
        "is_cpu": "prim", "is_xla": "prim", "is_xpu": "prim", "is_mtia": "prim", "is_sparse": "prim",
        "is_sparse_csr": "prim", "is_mkldnn": "prim", "is_mps": "prim", "is_quantized": "prim",
        "is_vulkan": "prim", "is_ipu": "prim", "is_meta": "prim", "is_maia": "prim", "is_leaf": "aten",
        "is_nested": "prim", "requires_grad": "prim", "layout": "prim", "T": "prim", "H": "prim",
        "mT": "aten", "mH": "aten", "ndim": "prim", "name": "prim", "real": "aten", "imag": "aten",
        "retains_grad": "aten", "itemsize": "prim", "nbytes": "prim",
    },
    "DeviceObjType": {"type": "prim", "index": "prim"},
}  # fmt: skip
"""Attribute names by kind of type, and the namespace of the operator of that name."""
