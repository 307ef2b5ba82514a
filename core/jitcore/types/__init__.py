"""The TorchScript type system: types, their spellings, subtyping and unification."""

from jitcore.types.base import (
    ANY, ANY_CLASS, ANY_ENUM, ANY_LIST, ANY_TUPLE, BOOL, CAPSULE, COMPLEX, DEVICE, FLOAT, GENERATOR, INT,
    LAYOUT, MEMORY_FORMAT, NONE, NUMBER, NUMERIC_TYPES, PY_OBJECT, QSCHEME, QUANTIZER, SCALAR_TYPE, STORAGE,
    STREAM, STRING, SYM_BOOL, SYM_FLOAT, SYM_INT, SimpleType, Type, TypePrinter, VarType,
)  # fmt: skip
from jitcore.types.classes import Attribute, ClassType, EnumType, FunctionType, InterfaceType, MethodLike, NominalType
from jitcore.types.containers import (
    AwaitType, DictType, FutureType, ListType, OptionalType, RRefType, TupleType, UnionType, make_optional,
)  # fmt: skip
from jitcore.types.printing import ir_text
from jitcore.types.relations import (
    TypeEnv, can_hold, eval_type_variables, is_subtype, make_union, match_type_variables, schema_is_subtype,
    subtract, unify, unify_all, unshaped,
)  # fmt: skip
from jitcore.types.schema import NO_DEFAULT, AliasInfo, Argument, FunctionSchema
from jitcore.types.tensor import INFERRED_TENSOR, SCALAR_TYPE_NAMES, TENSOR, TensorType

__all__ = [name for name in dir() if not name.startswith("_")]
