"""What every message between the engine and the runner has."""

from __future__ import annotations

import msgspec


class RunnerRequest(msgspec.Struct, frozen=True, tag=True):
    """Base of what the engine asks; `id` comes back in every answer."""

    id: int


class RunnerReply(msgspec.Struct, frozen=True, tag=True):
    """Base of what the runner answers."""

    id: int
