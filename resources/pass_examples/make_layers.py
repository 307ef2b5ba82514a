"""Saves `layers.pt` again from `layers.py`, the same wherever that is done."""

import io
import sys
from pathlib import Path

import torch

import jitcore

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "samples")]

import make_samples
from layers import Layers


def main() -> None:
    """Weights and statistics are small numbers in order."""
    module = Layers().eval()
    with torch.no_grad():
        for count, value in enumerate([*module.parameters(), *module.buffers()], 1):
            if value.is_floating_point():
                value.copy_(torch.arange(1.0, 1 + value.numel()).reshape(value.shape) / (1 + count % 4))
    make_samples.ABSOLUTE_PREFIXES = (f"{FOLDER}/", *make_samples.ABSOLUTE_PREFIXES)
    buffer = io.BytesIO()
    jitcore.save(jitcore.script(module), buffer)
    archive = make_samples.with_relative_places(buffer.getvalue())
    (FOLDER / "layers.pt").write_bytes(archive)
    print(f"layers.pt: {len(archive):,} bytes")


if __name__ == "__main__":
    main()
