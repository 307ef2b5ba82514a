"""How types relate: subtyping, unification, unions, and type variables of schemas."""

from __future__ import annotations

from collections.abc import Sequence

from jitcore.types.base import (
    ANY,
    ANY_CLASS,
    ANY_ENUM,
    ANY_LIST,
    ANY_TUPLE,
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    NUMERIC_TYPES,
    SYM_BOOL,
    SYM_FLOAT,
    SYM_INT,
    Type,
    VarType,
)  # fmt: skip
from jitcore.types.classes import ClassType, EnumType, InterfaceType
from jitcore.types.containers import (
    AwaitType,
    FutureType,
    ListType,
    OptionalType,
    RRefType,
    TupleType,
    UnionType,
)  # fmt: skip
from jitcore.types.schema import FunctionSchema
from jitcore.types.tensor import TENSOR, TensorType


def is_subtype(a: Type, b: Type) -> bool:
    """Whether a value of type `a` can be used where `b` is asked for, without conversion."""
    if a is b or b is ANY or a == b:
        return True
    if isinstance(a, TensorType) and isinstance(b, TensorType):
        return a.merge(b) == b
    if isinstance(a, UnionType):
        return all(is_subtype(member, b) for member in a.parts)
    if isinstance(a, OptionalType):
        if isinstance(b, OptionalType):
            return is_subtype(a.element, b.element)
        if isinstance(b, UnionType):
            return can_hold(b, NONE) and can_hold(b, a.element)
        return False
    if a is NONE and isinstance(b, OptionalType):
        return True
    if a is NUMBER and isinstance(b, UnionType):
        return can_hold(b, NUMBER)
    if b is NUMBER:
        return a is INT or a is FLOAT or a is COMPLEX
    if isinstance(b, OptionalType):
        return is_subtype(a, b.element)
    if isinstance(b, UnionType):
        return any(is_subtype(a, member) for member in b.parts)
    if isinstance(a, ListType):
        return b is ANY_LIST
    if isinstance(a, TupleType):
        return b is ANY_TUPLE or (isinstance(b, TupleType) and _tuple_is_subtype(a, b))
    if isinstance(a, EnumType):
        return b is ANY_ENUM
    if isinstance(a, ClassType):
        return b is ANY_CLASS or (isinstance(b, InterfaceType) and _implements(a, b))
    if isinstance(a, InterfaceType):
        return isinstance(b, InterfaceType) and _extends(a, b)
    if isinstance(a, FutureType | AwaitType | RRefType) and type(a) is type(b):
        return is_subtype(a.element, b.parts[0])
    return (a is INT and b is SYM_INT) or (a is FLOAT and b is SYM_FLOAT) or (a is BOOL and b is SYM_BOOL)


def can_hold(union: UnionType, member: Type) -> bool:
    """Whether `member` is a subtype of one of the union's members."""
    if member is NUMBER:
        return all(can_hold(union, t) for t in NUMERIC_TYPES)
    return any(is_subtype(member, part) for part in union.parts)


def _tuple_is_subtype(a: TupleType, b: TupleType) -> bool:
    if b.field_names is not None and a.field_names != b.field_names:
        return False
    return len(a.parts) == len(b.parts) and all(
        is_subtype(x, y) for x, y in zip(a.parts, b.parts, strict=True)
    )


def schema_is_subtype(a: FunctionSchema, b: FunctionSchema, is_method: bool) -> bool:
    """Whether a function of schema `a` can stand in for `b`: contravariant in, covariant out."""
    if len(a.arguments) != len(b.arguments) or len(a.returns) != len(b.returns):
        return False
    for index, (mine, theirs) in enumerate(zip(a.arguments, b.arguments, strict=True)):
        if index == 0 and is_method:
            continue
        if mine.name != theirs.name or not is_subtype(theirs.type, mine.type):
            return False
    return all(is_subtype(x.type, y.type) for x, y in zip(a.returns, b.returns, strict=True))


def _implements(cls: ClassType, interface: InterfaceType) -> bool:
    return (cls.is_module or not interface.is_module) and unlike_method(cls, interface) is None


def unlike_method(cls: ClassType, interface: InterfaceType) -> str | None:
    """The first method of the interface that the class lacks or has with a schema that does not fit."""
    for name, schema in interface.methods.items():
        method = cls.methods.get(name)
        if method is None or not schema_is_subtype(method.schema, schema, is_method=True):
            return name
    return None


def _extends(a: InterfaceType, b: InterfaceType) -> bool:
    if b.is_module and not a.is_module:
        return False
    for name, schema in b.methods.items():
        mine = a.methods.get(name)
        if mine is None or not schema_is_subtype(mine, schema, is_method=True):
            return False
    return True


def unshaped(t: Type) -> Type:
    """The type with everything forgotten that is known of tensors inside it."""
    if isinstance(t, TensorType):
        return TENSOR
    if not t.has_shapes:
        return t
    # Kept: of a deep type each part is asked for by itself too.
    if t.unshaped_form is None:
        t.unshaped_form = rebuilt(t, tuple(map(unshaped, t.parts)))
    return t.unshaped_form


def unify(a: Type, b: Type, default_to_union: bool = False, hint: Type | None = None) -> Type | None:
    """The type that values of `a` and `b` share, None if there is none (or their union if asked)."""
    found = _unify(a, b, default_to_union, hint)
    if found is None and default_to_union:
        return make_union((a, b))
    return found


def _unify(a: Type, b: Type, default_to_union: bool, hint: Type | None) -> Type | None:
    if is_subtype(a, b):
        return b
    if is_subtype(b, a):
        return a
    if isinstance(a, TensorType) and isinstance(b, TensorType):
        return a.merge(b)
    if a is NONE:
        return make_optional(b)
    if b is NONE:
        return make_optional(a)
    if isinstance(a, OptionalType):
        element = unify(a.element, b)
        if element is not None:
            return make_optional(element)
    elif isinstance(b, OptionalType):
        element = unify(b.element, a)
        if element is not None:
            return make_optional(element)
    if isinstance(a, TupleType) and isinstance(b, TupleType):
        if len(a.parts) != len(b.parts):
            return None
        elements: list[Type] = []
        for x, y in zip(a.parts, b.parts, strict=True):
            unified = unify(x, y, default_to_union)
            if unified is None:
                return None
            elements.append(unified)
        return TupleType(tuple(elements))
    if isinstance(a, FutureType) and isinstance(b, FutureType):
        element = unify(a.element, b.element)
        if element is not None:
            return FutureType(element)
    plain_a, plain_b = unshaped(a), unshaped(b)
    if is_subtype(plain_a, plain_b):
        return plain_b
    if is_subtype(plain_b, plain_a):
        return plain_a
    if hint is not None and is_subtype(a, hint) and is_subtype(b, hint):
        return hint
    return None


def unify_all(types: Sequence[Type], default_to_union: bool = False, hint: Type | None = None) -> Type | None:
    """Left fold of `unify` over `types`; None for an empty list or when two do not unify."""
    if not types:
        return None
    result = types[0]
    for t in types[1:]:
        unified = unify(result, t, default_to_union, hint)
        if unified is None:
            return None
        result = unified
    return result


def make_optional(element: Type) -> OptionalType:
    """`Optional[element]`, without nesting optionals."""
    if isinstance(element, OptionalType):
        return element
    if isinstance(element, UnionType) and set(element.parts) == set(NUMERIC_TYPES):
        return OptionalType(NUMBER)
    if isinstance(element, UnionType) and NONE in element.parts:
        rest = tuple(t for t in element.parts if t is not NONE)
        return OptionalType(rest[0] if len(rest) == 1 else make_union(rest))
    return OptionalType(element)


def rebuilt(t: Type, parts: tuple[Type, ...]) -> Type:
    """The same sort of type over other parts, of which TorchScript may make another union or optional."""
    if isinstance(t, UnionType):
        return make_union(parts)
    if isinstance(t, OptionalType):
        return make_optional(parts[0])
    return t.over_exactly(parts)


def make_union(members: Sequence[Type]) -> Type:
    """`Union[members]` as TorchScript normalizes it: flattened, merged, sorted, Optional where it is one."""
    flat = union_members(members)
    if len(flat) == 1:
        return flat[0]
    if NONE in flat:
        rest = [t for t in flat if t is not NONE]
        if len(rest) == 1:
            return make_optional(rest[0])
        if set(rest) == set(NUMERIC_TYPES):
            return OptionalType(NUMBER)
    return UnionType(tuple(flat))


def union_members(types: Sequence[Type]) -> list[Type]:
    """The members that a union of `types` would have: flattened, those that unify merged, sorted."""
    flat: list[Type] = []
    for t in types:
        _flatten(t, flat)
    _merge_related(flat)
    flat.sort(key=lambda t: (t.order, str(t)))
    return flat


def _flatten(t: Type, into: list[Type]) -> None:
    if isinstance(t, UnionType):
        for part in t.parts:
            _flatten(part, into)
    elif isinstance(t, OptionalType):
        _flatten(t.element, into)
        into.append(NONE)
    elif t is NUMBER:
        into.extend(NUMERIC_TYPES)
    else:
        into.append(t)


def _merge_related(types: list[Type]) -> None:
    """Merge members that unify, from the right, in the order TorchScript does it."""
    end = len(types) - 1
    for i in range(len(types) - 1, 0, -1):
        for j in range(min(i - 1, end), -1, -1):
            a, b = types[i], types[j]
            if (a is NONE) != (b is NONE):
                continue
            unified = unify(a, b)
            if unified is not None:
                types[j] = unified
                types[i] = types[end]
                end -= 1
                break
    del types[end + 1 :]


def subtract(t: UnionType | OptionalType, removed: Sequence[Type]) -> Type | None:
    """What remains of a union when the members that are subtypes of `removed` are taken away."""
    members: tuple[Type, ...] = (t.element, NONE) if isinstance(t, OptionalType) else t.parts
    rest = [m for m in members if not any(is_subtype(m, r) for r in removed)]
    if not rest:
        return None
    return rest[0] if len(rest) == 1 else make_union(rest)


TypeEnv = dict[str, Type]


def match_type_variables(formal: Type, actual: Type, env: TypeEnv) -> str | None:
    """Bind the free variables of `formal` so that it fits `actual`; the reason if it cannot be done."""
    if not formal.has_free_variables:
        return None
    if isinstance(formal, VarType):
        bound = env.get(formal.name)
        if bound is None:
            env[formal.name] = actual
            return None
        if unify(bound, actual) is not None:
            return None
        return (
            f"Type variable '{formal.name}' previously matched to type {bound.repr_str} "
            f"is matched to type {actual.repr_str}"
        )
    if isinstance(formal, ListType):
        if isinstance(actual, ListType):
            return match_type_variables(formal.element, actual.element, env)
        if isinstance(actual, TupleType):
            unified = unify_all(actual.parts)
            if unified is not None:
                return match_type_variables(formal.element, unified, env)
        return f"Cannot match {formal.repr_str} to {actual.repr_str}"
    if isinstance(formal, OptionalType):
        if isinstance(actual, OptionalType):
            return match_type_variables(formal.element, actual.element, env)
        if actual is NONE:
            return None
        return match_type_variables(formal.element, actual, env)
    if isinstance(formal, TupleType):
        if not isinstance(actual, TupleType):
            return f"Cannot match a tuple to {actual.repr_str}"
        if len(formal.parts) != len(actual.parts):
            return "Cannot match tuples of mismatched size"
    elif type(formal) is not type(actual):
        what = {"FutureType": "a future", "RRefType": "a rref", "DictType": "a dict", "AwaitType": "an await"}
        return f"Cannot match {what.get(formal.kind, formal.kind)} to {actual.repr_str}"
    for inner, given in zip(formal.parts, actual.parts, strict=True):
        why = match_type_variables(inner, given, env)
        if why is not None:
            return why
    return None


def eval_type_variables(t: Type, env: TypeEnv) -> Type | None:
    """`t` with its variables replaced by what they are bound to; None if one is not bound."""
    if not t.has_free_variables:
        return t
    if isinstance(t, VarType):
        return env.get(t.name)
    parts: list[Type] = []
    for part in t.parts:
        evaluated = eval_type_variables(part, env)
        if evaluated is None:
            return None
        parts.append(evaluated)
    return rebuilt(t, tuple(parts))
