"""Definitions of classes, named tuples, enums and interfaces, as an archive's code files have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from jitcore.ir import Function
from jitcore.printing.code_names import is_identifier
from jitcore.printing.placeholders import EXTENSION_CLASSES
from jitcore.types import (
    STRING,
    ClassType,
    EnumType,
    FunctionType,
    InterfaceType,
    TupleType,
    Type,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.printing.code_printer import CodePrinter

HookLookup = Callable[[ClassType, str], "Function | None"]


def print_named_type(printer: CodePrinter, declared: Type, hook: HookLookup | None = None) -> None:
    """Append the definition of a class, function, named tuple, enum or interface.

    `hook` finds the forward hooks and pre-hooks of a class, which are not among its methods.
    """
    if isinstance(declared, FunctionType):
        function = declared.function
        assert isinstance(function, Function)
        printer.print_function(function)
    elif isinstance(declared, ClassType):
        _print_class(printer, declared, hook)
    elif isinstance(declared, TupleType):
        _print_named_tuple(printer, declared)
    elif isinstance(declared, InterfaceType):
        _print_interface(printer, declared)
    elif isinstance(declared, EnumType):
        _print_enum(printer, declared)
    else:
        raise TypeError(f"{declared} has no definition")


def _print_class(printer: CodePrinter, declared: ClassType, hook: HookLookup | None) -> None:
    methods = list(declared.methods.values())
    if declared.qualified_name.startswith(EXTENSION_CLASSES):
        # A class of C++ is defined where the archive is loaded, not in it.
        return
    printer.line(None, f"class {declared.name}{'(Module)' if declared.is_module else ''}:\n")
    printer.level += 1
    if declared.is_module:
        attributes = declared.attributes.values()
        _print_names(printer, "__parameters__", [a.name for a in attributes if a.is_parameter])
        _print_names(printer, "__buffers__", [a.name for a in attributes if a.is_buffer])
        if declared.forward_pre_hooks:
            _print_names(printer, "__forward_pre_hooks__", declared.forward_pre_hooks)
        if declared.forward_hooks:
            _print_names(printer, "__forward_hooks__", declared.forward_hooks)
    _print_attributes(printer, declared)
    for name, value in declared.constants.items():
        kind = declared.constant_types[name]
        printer.line(None, f"{name} : Final[{printer.annotation(kind)}] = {printer.constant(value, kind)}\n")
    for method in methods:
        assert isinstance(method, Function)
        printer.print_function(method)
    if hook is not None:
        for name in dict.fromkeys([*declared.forward_hooks, *declared.forward_pre_hooks]):
            function = hook(declared, name)
            if function is not None:
                printer.print_function(function)
    printer.level -= 1


def _print_names(printer: CodePrinter, variable: str, names: Iterable[str]) -> None:
    quoted = "".join(f'"{name}", ' for name in names)
    printer.line(None, f"{variable} = [{quoted}]\n")


def _print_attributes(printer: CodePrinter, declared: ClassType) -> None:
    for index, attribute in enumerate(declared.attributes.values()):
        printer.depend_on_parts(attribute.type)
        annotation = printer.annotation(attribute.type)
        if is_identifier(attribute.name):
            printer.line(None, f"{attribute.name} : {annotation}\n")
            continue
        if index == 0:
            # The dictionary needs to be there only if no annotation before has made it.
            printer.line(None, "__annotations__ = []\n")
        printer.line(None, f'__annotations__["{attribute.name}"] = {annotation}\n')


def _print_named_tuple(printer: CodePrinter, declared: TupleType) -> None:
    name = (declared.name or "").rpartition(".")[2]
    printer.line(None, f"class {name}(NamedTuple):\n")
    printer.level += 1
    for field, kind in zip(declared.field_names or (), declared.parts, strict=True):
        printer.line(None, f"{field} : {printer.annotation(kind)}\n")
    printer.level -= 1


def _print_interface(printer: CodePrinter, declared: InterfaceType) -> None:
    printer.line(
        None, f"class {declared.name}({'ModuleInterface' if declared.is_module else 'Interface'}):\n"
    )
    printer.level += 1
    for name, schema in declared.methods.items():
        arguments = "self"
        for argument in schema.arguments[1:]:
            printer.depend_on_parts(argument.type)
            arguments += f", {argument.name}: {printer.annotation(argument.type)}"
        result = schema.returns[0].type
        printer.depend_on_parts(result)
        printer.line(None, f"def {name}({arguments}) -> {printer.annotation(result)}:\n")
        printer.line(None, "  pass\n")
    printer.level -= 1


def _print_enum(printer: CodePrinter, declared: EnumType) -> None:
    printer.line(None, f"class {declared.name}(Enum):\n")
    printer.level += 1
    for name, value in declared.members:
        shown = (
            f'"{value}"' if declared.value_type is STRING else printer.constant(value, declared.value_type)
        )
        printer.line(None, f"{name} = {shown}\n")
    printer.level -= 1
