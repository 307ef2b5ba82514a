"""What confining a runner adds to the start of a run, against the same process that gives nothing up."""

import statistics
import sys
import time
from pathlib import Path

from jitviewer.child_processes import module_command, module_environment
from jitviewer.confinement import Role
from jitviewer.confinement.confining import confined_environment
from jitviewer.launching.processes import OwnProcess
from jitviewer.protocol.framing import encode, read_messages
from jitviewer.protocol.runner_messages import (
    AnyRunnerReply,
    HandedFile,
    RunFailed,
    RunRequest,
    RunResult,
    TakeFiles,
)

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "samples" / "gate.pt"
SIDES = {"confined": Role.RUNNER, "free": Role.PERSON}


def started(role: Role) -> float:
    """Seconds from the start of a runner to the result of its first run, loading torch included."""
    environment = module_environment()
    if role is not Role.PERSON:
        environment = confined_environment(environment)
    began = time.perf_counter()
    process = OwnProcess([*module_command("jitviewer.runner"), role.value], environment, takes_files=True)
    with SAMPLE.open("rb") as file:
        process.send(encode(TakeFiles(1, [HandedFile(str(SAMPLE))])), [file.fileno()])
        process.send(encode(RunRequest(1, str(SAMPLE), "", "forward", ["inline"], ["float32[1,8]"])))
        for reply in read_messages(process.replies, AnyRunnerReply):
            if isinstance(reply, RunFailed):
                sys.exit(reply.sentence)
            if isinstance(reply, RunResult):
                break
    seconds = time.perf_counter() - began
    process.kill()
    return seconds


def table(repeats: int) -> list[str]:
    """Markdown rows: the start of a run on both sides, alternating, and the difference of the medians."""
    measured: dict[str, list[float]] = {side: [] for side in SIDES}
    for number in range(repeats + 1):
        for side, role in SIDES.items():
            seconds = started(role)
            if number:
                # The first of each reads the files of torch from the disk.
                measured[side].append(seconds)
    confined, free = (statistics.median(measured[side]) for side in SIDES)
    return [
        "| confined | free | ratio | difference |",
        "|---|---|---|---|",
        (
            f"| {confined:.3f} s ({min(measured['confined']):.3f} to {max(measured['confined']):.3f}) "
            f"| {free:.3f} s ({min(measured['free']):.3f} to {max(measured['free']):.3f}) "
            f"| {confined / free:.2f} | {(confined - free) * 1000:+.0f} ms |"
        ),
    ]
