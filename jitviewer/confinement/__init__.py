"""Takes from a process what it does not need, so that what a file makes it do stays in it.

Imports nothing of ours but itself, and nothing outside of the standard library: it runs before all else.
"""

from jitviewer.confinement.confining import Confinement, confine
from jitviewer.confinement.policy import Role

__all__ = ["Confinement", "Role", "confine"]
