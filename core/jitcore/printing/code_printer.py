"""Prints functions as TorchScript source, as torch's `.code` and archives show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from jitcore.ir import CONSTANT, Block, Function, Graph, Node, Value
from jitcore.printing.code_constants import ConstantTable, constant_text
from jitcore.printing.code_expressions import write_expression
from jitcore.printing.code_inlining import Inlining
from jitcore.printing.code_names import UniqueNames
from jitcore.printing.code_pieces import Pieces
from jitcore.printing.code_statements import print_block, statement_of
from jitcore.printing.listing import Listing
from jitcore.source import SourceError
from jitcore.types import NONE, Argument, FunctionSchema, ListType, TupleType, Type, TypePrinter

if TYPE_CHECKING:
    from jitcore.printing.code_dependencies import Dependencies

_LONG = 40


class CodePrinter:
    """Prints any number of functions into one text.

    `constants` is the table that `CONSTANTS.cN` refers to and `dependencies`, if given, collects the
    classes, functions and named tuples that the code names; both may be shared by several printers.
    `type_printer` renames types. An `importable` printer raises `SourceError` for what an archive
    could not be loaded with; with `has_stand_ins` calls of Python functions stand as values without
    contents, for readers who have the graphs from elsewhere.

    While a function is printed: `body` is the text so far, `level` the depth of indentation,
    `names` the variables taken, `annotated` the values whose annotation was written.
    """

    def __init__(
        self,
        constants: ConstantTable | None = None,
        dependencies: Dependencies | None = None,
        type_printer: TypePrinter | None = None,
        importable: bool = False,
        has_stand_ins: bool = False,
    ) -> None:
        self.constants = constants if constants is not None else ConstantTable()
        self.dependencies = dependencies
        self.type_printer = type_printer
        self.importable = importable
        self.has_stand_ins = has_stand_ins
        self.body = Pieces()
        self.level = 0
        self.names = UniqueNames()
        self.annotated: set[Value] = set()
        self._schema_of: Callable[[Node], FunctionSchema | None] | None = None
        self._inlining = Inlining()
        self._variables: dict[Value, str] = {}
        self._expressions: dict[Value, Pieces] = {}
        self._split_up_to: dict[Node, int] = {}
        self._writing: list[Node | None] = [None]

    # --- whole functions -----------------------------------------------------------------------

    def print_function(self, function: Function, first_argument_typed: bool = True) -> None:
        """Append `function`; a method's first argument needs no type where the class is clear."""
        self.print_graph(function.graph, function.name, function.schema, first_argument_typed)

    def print_method(self, function: Function) -> None:
        """Append a method as `.code` shows it."""
        self.print_function(function, first_argument_typed=False)

    def print_graph(
        self, graph: Graph, name: str, schema: FunctionSchema, first_argument_typed: bool = True
    ) -> None:
        """Append `graph` as the body of a function of that name and signature."""
        self.names.begin_function()
        parameters = graph.block.param_node
        self._writing.append(parameters)
        self.indent(parameters)
        body = self.body
        body.write(f"def {name}(", parameters)
        for index, (argument, value) in enumerate(zip(schema.arguments, graph.inputs, strict=True)):
            self.depend_on_parts(argument.type)
            variable = self.names.take(argument.name)
            text = variable if index == 0 else f",\n    {variable}"
            if index or first_argument_typed:
                text += f": {self.annotation(argument.type)}"
                self.annotated.add(value)
            body.write(text + self._default(argument), parameters)
            self._variables[value] = variable
        result = _result_type(schema)
        body.write(f") -> {self.annotation(result)}:\n", parameters)
        self.depend_on_parts(result)
        self.print_body(graph.block)
        self._writing.pop()

    def _default(self, argument: Argument) -> str:
        if not argument.has_default:
            return ""
        value = argument.default
        if isinstance(argument.type, ListType) and isinstance(value, (bool, int, float)) and argument.size:
            value = [value] * argument.size
        return f"={self.constant(value, argument.type)}"

    def print_body(self, block: Block) -> None:
        """Append constants that are too long to be written in place, then the nodes, then the return."""
        constants = self._inlining.constants_of(block)
        self._inlining.scan(block)
        self.level += 1
        for node in constants:
            self._print(node)
        print_block(self, block, bool(block.outputs))
        self._print(block.return_node)
        self.level -= 1

    # --- nodes ---------------------------------------------------------------------------------

    def print_node(self, node: Node) -> None:
        """Append the statement of a node, or keep its expression for the place that reads it."""
        if node.kind != CONSTANT:
            self._print(node)

    def _print(self, node: Node) -> None:
        self._writing.append(node)
        self._depend_on_types_of(node)
        statement = statement_of(node)
        if statement is not None:
            statement(self, node)
        else:
            self._print_expression(node)
        self._writing.pop()

    def _print_expression(self, node: Node) -> None:
        expression = Pieces()
        write_expression(self, node, expression)
        if node not in self._inlining or (node.kind == CONSTANT and self._is_long(expression)):
            self.define(node, expression)
            return
        self._expressions[node.outputs[0]] = expression
        if self._is_long(expression):
            self._split(node.outputs[0])

    def _is_long(self, expression: Pieces) -> bool:
        return expression.length + self.level * 2 >= _LONG

    def define(self, node: Node, expression: Pieces | str) -> None:
        """Append `outputs = expression` as a statement, giving the outputs names."""
        self.assign_names(node.outputs)
        writing = self._writing[-1]
        self.body.write("  " * self.level, writing, node)
        if node.outputs:
            for index, value in enumerate(node.outputs):
                self.body.write(", " if index else "", writing, node)
                self.body.write(self._variables[value], writing, node)
            self.body.write(" = ", writing, node)
        if isinstance(expression, str):
            self.body.write(expression, writing, node)
        else:
            self.body.extend(expression)
        self.body.write("\n", writing, node)

    def _split(self, value: Value) -> None:
        """Write the long `value` as a statement, and everything first that is computed before it.

        In `r = f(x.add_(y), long)` the long argument cannot be moved out alone: `x` would then be
        changed after it. So all arguments left of it that were written in place move out as well,
        in every expression around it.
        """
        node, index = next(iter(value.uses))
        found: list[Value] = []
        while True:
            seen = self._split_up_to.get(node)
            for position in range(index, -1 if seen is None else seen, -1):
                argument = node.inputs[position]
                if argument.node.kind != CONSTANT and argument.node in self._inlining:
                    found.append(argument)
            self._split_up_to[node] = index
            if seen is not None or node not in self._inlining:
                break
            node, index = next(iter(node.outputs[0].uses))
            index -= 1
        for argument in reversed(found):
            # What unpacks a list of one tensor has a statement already, and as in libtorch gets another one.
            expression = Pieces()
            self.write_use(argument, expression)
            self.define(argument.node, expression)

    # --- values --------------------------------------------------------------------------------

    def assign_names(self, values: Iterable[Value]) -> None:
        """Give each value a variable of its own."""
        for value in values:
            self._variables[value] = self.names.take_for(value)

    def assign_same(self, value: Value, other: Value) -> None:
        """Write `value` as `other` is written."""
        variable = self._variables.get(other)
        if variable is not None:
            # Not its variable: what is looked up later is the expression, as for any value without a name.
            use = Pieces()
            use.write(variable, self._writing[-1])
            self._expressions[value] = use
        else:
            self._expressions[value] = self._expressions[other]

    def has_expression(self, value: Value) -> bool:
        """Whether an expression, and not only a variable, is kept for `value`."""
        return value in self._expressions

    def write_use(self, value: Value, out: Pieces) -> None:
        """Append what stands for `value` where it is read."""
        variable = self._variables.get(value)
        if variable is not None:
            out.write(variable, self._writing[-1])
        else:
            out.extend(self._expressions[value])

    def use_text(self, value: Value) -> str:
        """What stands for `value` where it is read."""
        variable = self._variables.get(value)
        return variable if variable is not None else self._expressions[value].text()

    # --- text ----------------------------------------------------------------------------------

    def indent(self, node: Node | None) -> None:
        """Begin a line."""
        self.body.write("  " * self.level, node)

    def line(self, node: Node | None, *parts: str | Value) -> None:
        """Append a line of texts and uses of values; the line end is part of the last text."""
        self.indent(node)
        for part in parts:
            if isinstance(part, str):
                self.body.write(part, node)
            else:
                self.write_use(part, self.body)

    def annotation(self, declared: Type) -> str:
        """A type as code writes it."""
        return declared.annotation(self.type_printer)

    def constant(self, value: object, declared: Type | None) -> str:
        """A constant as code writes it."""
        return constant_text(value, declared, self.constants, self.type_printer, self.importable)

    def schema_of(self, node: Node) -> FunctionSchema | None:
        """Schema of the operator that `node` is; None for one nobody declared."""
        lookup = self._schema_of
        if lookup is None:
            # The table of schemas is not needed by whoever only imports the printer.
            from jitcore.ops import schema_of

            lookup = self._schema_of = schema_of
        return lookup(node)

    # --- what an archive needs -----------------------------------------------------------------

    def refuse_if_importable(self, node: Node, message: str) -> None:
        """Raise `SourceError` if the text is to be loaded again."""
        if not self.importable:
            return
        if node.source_range is not None:
            raise node.source_range.origin().error(message)
        raise SourceError(message)

    def depend_on(self, declared: Type) -> None:
        """Note that the code names a class or function."""
        if self.dependencies is not None:
            self.dependencies.add(declared)

    def depend_on_parts(self, declared: Type) -> None:
        """Note all that a type names."""
        if self.dependencies is not None:
            self.dependencies.add_parts(declared)

    def _depend_on_types_of(self, node: Node) -> None:
        dependencies = self.dependencies
        if dependencies is None:
            return
        for value in node.inputs:
            dependencies.add_parts(value.type)
        for value in node.outputs:
            dependencies.add_parts(value.type)
        for attribute in node.attributes.values():
            items = attribute if isinstance(attribute, (list, tuple)) else (attribute,)
            for item in items:
                if isinstance(item, Type):
                    dependencies.add_parts(item)

    # --- results -------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.body.text()

    def listing(self) -> Listing:
        """All that was printed, its lines tied to nodes."""
        lines, node_ids = self.body.lines()
        return Listing(lines, node_ids, is_graph=False)


def _result_type(schema: FunctionSchema) -> Type:
    """What a function gives; the graph of a text may give nothing, or several values."""
    given = tuple(result.type for result in schema.returns)
    return given[0] if len(given) == 1 else TupleType(given) if given else NONE
