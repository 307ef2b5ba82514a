"""What a window shows of groups and graphs that are compiled."""

from __future__ import annotations

from typing import NamedTuple


class VersionRecord(NamedTuple):
    """What became of a group for inputs of one description.

    `state` is waiting, compiled, slower or refused, and `reason` says why it runs uncompiled. `seconds` went
    into compiling, unless it `was_kept` from before. `compiled` and `uncompiled` are microseconds of one
    call, the best of some that were measured beside each other; 0 before that. `runs` went by compiled code.
    `times` are those of all forms that were tried, by their names; `form` is the one that runs.
    """

    inputs: str
    state: str
    reason: str
    seconds: float
    was_kept: bool
    compiled: float
    uncompiled: float
    runs: int
    times: tuple[tuple[str, float], ...] = ()
    form: str = ""


class GroupRecord(NamedTuple):
    """What a window shows of one group: its name, what compiles it, why nothing does, and its versions."""

    name: str
    engine: str
    refused: str
    versions: tuple[VersionRecord, ...]


def refused_group(name: str, reason: str) -> GroupRecord:
    """The record of a group that nothing compiles."""
    return GroupRecord(name, "", reason, ())


def inputs_text(key: tuple[object, ...]) -> str:
    """The inputs that code was made for, from what it is chosen by."""
    return " ".join(str(part).removeprefix("torch.") for part in key if not isinstance(part, type))
