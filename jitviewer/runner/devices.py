"""The devices of this machine, and why one that people ask for is absent."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import torch

from jitcore.exec.values import why_no_cuda
from jitviewer.protocol.rows import DeviceRow


def list_devices() -> list[DeviceRow]:
    """The CPU, then each CUDA device; without any, `cuda` with the reason."""
    threads = torch.get_num_threads()
    rows = [DeviceRow("cpu", f"{_processor()}, {threads} thread{'s' if threads != 1 else ''}", "")]
    why = why_no_cuda()
    if why:
        rows.append(DeviceRow("cuda", "CUDA GPU", why))
        return rows
    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        memory = properties.total_memory / (1 << 30)
        rows.append(DeviceRow(f"cuda:{index}", f"{properties.name}, {memory:.1f} GiB", ""))
    return rows


def _processor() -> str:
    """Name of the processor as the system tells it, else its architecture."""
    cpuinfo = Path("/proc/cpuinfo")
    if os.access(cpuinfo, os.R_OK):
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
