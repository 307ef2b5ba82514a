"""Choosing the list or dict type that an annotation of union type asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jitcore.source import SourceRange
from jitcore.types import ANY, DictType, ListType, OptionalType, Type, UnionType, is_subtype, unify


def refine(
    at: SourceRange, hint: Type, what: str, matches: Callable[[Type], bool], if_any: Type | None = None
) -> tuple[Type, list[Type]]:
    """The container type that `hint` asks for, and the candidates if a union has more than one.

    `if_any` is the type to take where the hint is Any; without it Any stays.
    """
    refined = hint
    if isinstance(hint, UnionType):
        candidates = [t for t in hint.parts if matches(t)]
        if not candidates:
            raise at.error(
                f"Expected an Union type annotation with an inner {what} type, but got {hint.repr_str}"
            )
        if len(candidates) > 1:
            return hint, candidates
        refined = candidates[0]
    elif isinstance(hint, OptionalType):
        refined = hint.element
    if not matches(refined):
        if refined is ANY:
            return (if_any or refined), []
        raise at.error(f"Expected an annotation of type {what} but got {hint.repr_str}")
    return refined, []


def choose_list(at: SourceRange, hint: Type | None, candidates: Sequence[Type], element: Type) -> ListType:
    """The list type among the candidates that holds elements of type `element`."""
    greatest: Type | None = None
    for candidate in candidates:
        theirs = candidate.parts[0]
        if is_subtype(element, theirs):
            greatest = theirs if greatest is None else unify(greatest, theirs)
    if greatest is None:
        raise at.error(
            f"Union type annotation `{hint.repr_str if hint else ''}` can hold {_listing(candidates)}, "
            "but none of "
            "those types match the types of the given list elements, which were unified to "
            f"{element.repr_str}"
        )
    return ListType(greatest)


def choose_dict(at: SourceRange, hint: Type, candidates: Sequence[Type], key: Type, value: Type) -> DictType:
    """The dict type among the candidates that holds keys and values of these types."""
    chosen: DictType | None = None
    for candidate in candidates:
        assert isinstance(candidate, DictType)
        if not is_subtype(key, candidate.key_type) or not is_subtype(value, candidate.value_type):
            continue
        if chosen is None or (
            is_subtype(chosen.key_type, candidate.key_type)
            and is_subtype(chosen.value_type, candidate.value_type)
        ):
            chosen = candidate
    if chosen is None:
        raise at.error(
            f"Union type annotation `{hint.repr_str}` can hold {_listing(candidates)}, but none of those "
            "dict types "
            "can hold the types of the given keys and values, which were unified to "
            f"Dict[{key.repr_str}, {value.repr_str}"
        )
    return chosen


def _listing(types: Sequence[Type]) -> str:
    names = [t.repr_str for t in types]
    if len(names) < 2:
        return "".join(names)
    separator = ", " if len(names) > 2 else ""
    return ", ".join(names[:-1]) + f"{separator} or {names[-1]}"
