"""The methods that a person came by in a document, to go back to and forward again."""

from __future__ import annotations

from collections import deque

Place = tuple[str, str]
"""Path of a module, and a method of it."""

_MOST = 200


class PlaceHistory:
    """Methods shown before the present one, and those that were gone back from, without Qt."""

    __slots__ = ("_after", "_before", "_going")

    def __init__(self) -> None:
        self._before: deque[Place] = deque(maxlen=_MOST)
        self._after: deque[Place] = deque(maxlen=_MOST)
        self._going = 0

    @property
    def can_go_back(self) -> bool:
        """Whether another method was shown before."""
        return bool(self._before)

    @property
    def can_go_forward(self) -> bool:
        """Whether a method was gone back from."""
        return bool(self._after)

    def aim(self, by: int) -> Place | None:
        """The method to be asked for to go back (-1) or forward (1), None if there is none."""
        places = self._before if by < 0 else self._after
        if not places:
            return None
        self._going = by
        return places[-1]

    def give_up(self) -> None:
        """What was asked for cannot be shown."""
        self._going = 0

    def moved(self, before: Place, now: Place) -> None:
        """`now` is shown in the place of `before`."""
        going, self._going = self._going, 0
        source, target = (self._before, self._after) if going < 0 else (self._after, self._before)
        if going and source and source[-1] == now:
            source.pop()
            target.append(before)
        else:
            self._before.append(before)
            self._after.clear()
