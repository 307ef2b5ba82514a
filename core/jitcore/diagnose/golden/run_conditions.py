"""What a run that was saved was made with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunConditions:
    """The program's name, the versions, the device, the pipeline as `--passes` takes it, and the seed."""

    program: str
    torch: str
    machine: str
    device: str
    passes: tuple[str, ...]
    seed: int
