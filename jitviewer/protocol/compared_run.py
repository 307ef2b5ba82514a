"""What requests have that run a method of an archive once or twice and compare its values."""

from __future__ import annotations

import msgspec

from jitviewer.protocol.runner_bases import RunnerRequest


class ComparedRun(RunnerRequest, frozen=True, kw_only=True):
    """A method of an archive with its inputs, and how far values may be apart.

    What has the name of something in a `RunRequest` is the same. `name` is what sentences call it. `relative`
    is the tolerance as a part of the largest element, negative for the usual one; `dtype_tolerances` and
    `result_tolerances` are those of single kinds of elements and of results.
    """

    path: str
    name: str
    module_path: str
    method: str
    passes: list[str]
    inputs: list[str]
    inputs_file: str = ""
    device: str = "cpu"
    seed: int = 0
    relative: float = -1.0
    dtype_tolerances: dict[str, float] = msgspec.field(default_factory=dict)
    result_tolerances: dict[int, float] = msgspec.field(default_factory=dict)
    memory: int = -1
    memory_advice: str = "allow more with --memory, or lift the limit with --memory 0"
    compiled: bool = False
    allow_files: bool = False
    libraries: tuple[str, ...] = ()
