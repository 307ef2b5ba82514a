"""Numbered hostile files: which mutations a number stands for, and the bytes that they lead to."""

from __future__ import annotations

import random

from tests.fuzz.code_damage import CODE_DAMAGE
from tests.fuzz.container_damage import CONTAINER_DAMAGE
from tests.fuzz.draft import Damage, Draft
from tests.fuzz.growth_damage import GROWTH_DAMAGE
from tests.fuzz.nesting_damage import NESTING_DAMAGE
from tests.fuzz.pickle_damage import PICKLE_DAMAGE
from tests.fuzz.size_damage import SIZE_DAMAGE

ROWS: dict[str, tuple[Damage, ...]] = {
    **CONTAINER_DAMAGE,
    **PICKLE_DAMAGE,
    **NESTING_DAMAGE,
    **CODE_DAMAGE,
    **GROWTH_DAMAGE,
    **SIZE_DAMAGE,
}
"""What is done to files, each row with its mutations."""

_NAMES = tuple(ROWS)


def row_of(index: int) -> str:
    """The row that case `index` belongs to; rows take turns."""
    return _NAMES[index % len(_NAMES)]


def make_case(seed: int, index: int, archives: list[bytes]) -> bytes:
    """The bytes of case `index`: one mutation of its row, and now and then a second of any row."""
    rng = random.Random(f"{seed}/{index}")
    draft = Draft.of(rng.choice(archives))
    rng.choice(ROWS[row_of(index)])(rng, draft)
    if rng.random() < 0.1 and draft.entries:
        rng.choice(ROWS[rng.choice(_NAMES)])(rng, draft)
    return draft.to_bytes()
