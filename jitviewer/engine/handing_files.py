"""Hands a run the files that it reads and writes."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from jitcore.archive.opened_file import OpenedFile
from jitviewer.confinement.policy import Role
from jitviewer.launching.surroundings import surroundings
from jitviewer.protocol.compared_run import ComparedRun
from jitviewer.protocol.comparison_messages import CompareRuns
from jitviewer.protocol.golden_messages import GoldenRun
from jitviewer.protocol.input_spec import files_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitviewer.engine.runner_link import File, RunnerLink
    from jitviewer.protocol.runner_messages import AnyRun


def send_run(
    link: RunnerLink,
    request: AnyRun,
    files: Mapping[str, File],
) -> None:
    """Send a run, or a comparison of two, with `files` and those that its inputs name.

    The runner is one that loaded its libraries.

    Raises `OSError` if no runner starts.
    """
    handed: dict[str, File] = {**files}
    with ExitStack() as after:
        named = [path for text in request.inputs for path in files_in(text)]
        if isinstance(request, CompareRuns):
            named.append(request.other_path)
        elif isinstance(request, ComparedRun):
            named += [request.inputs_file] if request.inputs_file else []
            named += [request.golden_file] if isinstance(request, GoldenRun) else []
        else:
            named.extend(path for run in request.staged for text in run.inputs for path in files_in(text))
            if request.inputs_file:
                named.append(request.inputs_file)
        for path in [request.path, *named]:
            if path in handed:
                continue
            try:
                file = surroundings().open(path)
            except OSError as error:
                handed[path] = error
                continue
            if isinstance(file, OpenedFile):
                after.callback(file.close)
            handed[path] = file
        role = Role.FILE_RUNNER if request.allow_files else Role.RUNNER
        link.send(request, handed, role, tuple(request.libraries))
