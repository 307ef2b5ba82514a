"""Classes and modules from their class statements: slots, constants, methods and hooks."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jitcore.frontend.annotations import Annotations, base_name
from jitcore.frontend.defaults import Declared
from jitcore.frontend.positions import decoded
from jitcore.ops.custom_classes import complete_class
from jitcore.types import TENSOR, ClassType, Type

if TYPE_CHECKING:
    from jitcore.frontend.code_files import CodeFile
    from jitcore.frontend.importer import SourceImporter
    from jitcore.ir import Function

_MANGLING = re.compile(r"\.___torch_mangle_\d+")
_LINEAR = "__torch__.torch.classes.quantized.LinearPackedParamsBase"
_CONV2D = "__torch__.torch.classes.quantized.Conv2dPackedParamsBase"
_CONV3D = "__torch__.torch.classes.quantized.Conv3dPackedParamsBase"
_PACKED_PARAMETERS: dict[str, str] = {
    f"__torch__.torch.{prefix}nn.quantized.{name}": packed
    for prefix in ("", "ao.")
    for name, packed in (
        ("modules.linear.LinearPackedParams", _LINEAR),
        ("modules.linear.Linear", _LINEAR),
        ("dynamic.modules.linear.Linear", _LINEAR),
        ("modules.conv.Conv2d", _CONV2D),
        ("modules.conv.Conv3d", _CONV3D),
    )
} | {
    "__torch__.torch.nn.intrinsic.quantized.modules.conv_relu.ConvReLU2d": _CONV2D,
    "__torch__.torch.nn.intrinsic.quantized.modules.conv_relu.ConvReLU3d": _CONV3D,
}
"""Modules whose packed weights were declared as tensors before they were objects."""


class ClassImport:
    """The import of the class `type`: first its attributes and constants, then its methods.

    `hooks` are the forward hooks and pre-hooks, which are no methods.
    """

    def __init__(self, type: ClassType, node: ast.ClassDef, file: CodeFile) -> None:
        self.type = type
        self.hooks: list[Function] = []
        self._file = file
        self._positions = file.positions
        self._packed = _PACKED_PARAMETERS.get(_MANGLING.sub("", type.qualified_name))
        self._lists: dict[str, list[str]] = {}
        self._definitions: list[ast.FunctionDef] = []
        self._attributes: list[ast.AnnAssign | ast.Assign] = []
        for statement in node.body:
            self._sort(statement)

    def add_attributes(self, importer: SourceImporter) -> None:
        """Add slots and constants; their types may lead to other classes."""
        annotations = Annotations(importer, self._positions)
        declared = Declared(importer, self._positions, importer.constants)
        for statement in self._attributes:
            self._add_attribute(statement, annotations, declared)

    def _sort(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.FunctionDef):
            self._definitions.append(statement)
        elif isinstance(statement, ast.AnnAssign) or (
            isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
        ):
            self._attributes.append(statement)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if isinstance(statement.value, ast.List):
                self._lists[name] = [self._text(e) for e in statement.value.elts]
            elif name != "__annotations__":
                raise self._positions.of(statement).error(f"unexpected assignment of {name} in a class body")
        elif not isinstance(statement, ast.Pass):
            raise self._positions.of(statement).error(
                f"Unexpected statement kind in class body: {type(statement).__name__}"
            )

    def _text(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise self._positions.of(node).error("expected a string literal")
        return decoded(node.value, self._positions.of(node).text())

    def _add_attribute(
        self, statement: ast.AnnAssign | ast.Assign, annotations: Annotations, declared: Declared
    ) -> None:
        if isinstance(statement, ast.AnnAssign):
            if not isinstance(statement.target, ast.Name):
                raise self._positions.of(statement).error("expected the name of an attribute")
            name = statement.target.id
            if statement.value is not None:
                self._add_constant(name, statement.annotation, statement.value, annotations, declared)
                return
            kind = annotations.type_of(statement.annotation)
        else:
            # `__annotations__["0"] = T` declares an attribute whose name is no identifier.
            target = statement.targets[0]
            assert isinstance(target, ast.Subscript)
            name = self._text(target.slice)
            kind = annotations.type_of(statement.value)
        self.type.add_attribute(
            name,
            self._repaired(name, kind),
            name in self._lists.get("__parameters__", ()),
            name in self._lists.get("__buffers__", ()),
        )

    def _repaired(self, name: str, kind: Type) -> Type:
        if self._packed is not None and name == "_packed_params" and kind is TENSOR:
            return complete_class(self._packed)
        return kind

    def _add_constant(
        self, name: str, annotation: ast.expr, value: ast.expr, annotations: Annotations, declared: Declared
    ) -> None:
        if not isinstance(annotation, ast.Subscript) or base_name(annotation.value) != "Final":
            raise self._positions.of(annotation).error("Base type must be Final for class constant")
        kind = annotations.type_of(annotation.slice)
        self.type.add_constant(name, declared.evaluate(value, kind), kind)

    def add_methods(self, importer: SourceImporter) -> None:
        """Add methods, hooks and pre-hooks, whose bodies are lowered later."""
        kind = self.type
        pre_hooks = self._lists.get("__forward_pre_hooks__", [])
        hooks = self._lists.get("__forward_hooks__", [])
        for node in self._definitions:
            function = importer.make_function(f"{kind.qualified_name}.{node.name}", node, self._file, kind)
            if node.name in pre_hooks or node.name in hooks:
                self.hooks.append(function)
            else:
                kind.methods[node.name] = function
        kind.forward_pre_hooks.extend(pre_hooks)
        kind.forward_hooks.extend(hooks)
