"""What TorchScript calls the kinds of expressions in its messages."""

from __future__ import annotations

import ast

_KINDS: dict[type[ast.AST], str] = {
    ast.List: "list-literal", ast.Dict: "dict-literal", ast.Tuple: "tuple-literal", ast.Call: "apply",
    ast.JoinedStr: "apply", ast.IfExp: "if", ast.ListComp: "list comprehension",
    ast.DictComp: "dict comprehension", ast.Constant: "const", ast.And: "and", ast.Or: "or",
    ast.Not: "not", ast.USub: "unary minus", ast.Invert: "~", ast.Add: "+", ast.Sub: "-", ast.Mult: "*",
    ast.Div: "/", ast.FloorDiv: "floordiv", ast.Mod: "%", ast.Pow: "pow", ast.MatMult: "@", ast.BitAnd: "&",
    ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.Lt: "<", ast.Gt: ">",
    ast.LtE: "le", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne", ast.Is: "is", ast.IsNot: "isnot",
    ast.In: "in", ast.NotIn: "not",
}  # fmt: skip


def kind_of(node: ast.AST) -> str:
    """The kind of an expression, for operators that of the operator."""
    match node:
        case ast.Constant(value=bool() | None):
            return str(node.value)
        case ast.Constant(value=value) if value is Ellipsis:
            return "dots"
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) | ast.UnaryOp(op=operator):
            return kind_of(operator)
        case ast.Compare(ops=[operator, *_]):
            return kind_of(operator)
        case _:
            return _KINDS.get(type(node), type(node).__name__)
