"""Devices, which are written `cuda:1` or `cpu`."""

from __future__ import annotations

import re

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import op

_KNOWN = (
    "cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla",
    "lazy", "vulkan", "mps", "meta", "hpu", "mtia",
)  # fmt: skip
_DEVICE = re.compile(r"([a-zA-Z_]+)(?::([1-9][0-9]*|0))?")


@op("aten::device(str a) -> Device")
def device_of_text(a: str) -> str:
    """A device by its name; raises for a kind that torch does not know."""
    if not a:
        raise TorchScriptError("Device string must not be empty")
    match = _DEVICE.fullmatch(a)
    if match is None:
        raise TorchScriptError(f"Invalid device string: '{a}'")
    if match.group(1) not in (*_KNOWN, "privateuseone"):
        raise TorchScriptError(
            f"Expected one of {', '.join(_KNOWN)}, privateuseone device type at start of device string: "
            f"{match.group(1)}"
        )
    return a


@op("aten::device.with_index(str type, int index) -> Device")
def device_with_index(type: str, index: int) -> str:
    """Device number `index` of a kind."""
    return device_of_text(f"{type}:{index}")


@op("prim::type(Device self) -> str")
def device_type(self: object) -> str:
    """The kind of a device."""
    kind = getattr(self, "type", None)
    return kind if isinstance(kind, str) else str(self).partition(":")[0]


@op("prim::index(Device self) -> int?")
def device_index(self: object) -> int | None:
    """The number of a device, None if it has none."""
    index = str(self).partition(":")[2]
    return int(index) if index else None
