"""Compiles one program with torch's Inductor, in a process of its own: compiling changes what it shares.

`python -m jitcore.exec.compiled.compile_process FILE` reads a program (see `TensorProgram.described`) as JSON
and writes what was compiled to FILE. Why nothing could be compiled stands in the last line of its errors.
Torch's caches are in the folder that TORCHINDUCTOR_CACHE_DIR names.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import torch
import torch._inductor
from torch._inductor import config

from jitcore.exec.compiled.fx_graphs import graph_of


def main() -> None:
    """Compile what the standard input says to the file that the command line names."""
    module, tensors = graph_of(json.load(sys.stdin))
    given: list[Any] = [*tensors]
    # Processes that compile beside this one would outlive it. Calls of operators are compiled too: from
    # Python each takes longer than a small product. Sizes are checked by who calls.
    settings: dict[str, Any] = {"compile_threads": 1, "cpp_wrapper": True, "size_asserts": False}
    with torch.no_grad(), config.patch(settings):
        compiled = torch._inductor.standalone_compile(module, given, dynamic_shapes="from_example_inputs")
    compiled.save(path=sys.argv[1], format="binary")


if __name__ == "__main__":
    main()
