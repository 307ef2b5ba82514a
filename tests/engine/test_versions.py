"""What About is told of the runner: an untested release of torch is a line, not a refusal."""

from unittest.mock import Mock

import pytest

from jitcore.ops.releases import known_releases
from jitviewer.engine.runs import Runs
from jitviewer.protocol import events
from jitviewer.protocol.runner_messages import Pong


@pytest.mark.parametrize(("version", "lines"), [(f"{known_releases()[-1]}.0+cpu", 0), ("9.1.0", 1)])
def test_an_untested_torch_is_said(version, lines):
    told: list[events.Event] = []
    runs = Runs(Mock(), told.append)
    runs.ask_versions()
    runs.handle(Pong(1, version, "3.14.0", True))
    (event,) = told
    assert isinstance(event, events.VersionsTold)
    assert ("torch", version) in event.versions
    untested = [value for name, value in event.versions if name == "Tested"]
    assert len(untested) == lines
    assert all(value.startswith("torch 9.1 was not tested") for value in untested)
