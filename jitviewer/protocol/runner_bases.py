"""What every message between the engine and the runner has."""

from __future__ import annotations

import msgspec

from jitviewer.protocol.bounded import Number


class RunnerRequest(msgspec.Struct, frozen=True, tag=True):
    """Base of what the engine asks; `id` comes back in every answer."""

    id: int


class RunnerReply(msgspec.Struct, frozen=True, tag=True):
    """Base of what the runner answers."""

    id: Number
