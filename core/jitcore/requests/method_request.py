"""What is asked for of a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jitcore.requests.stage import Stage


class MethodRequest(NamedTuple):
    """A method of the module at a dotted path, and the passes that rewrite its graph, with their options.

    For `method` see `Program.find`.
    """

    module_path: str = ""
    method: str = ""
    passes: Sequence[str] = ()
    stage: Stage = Stage.AS_WRITTEN
