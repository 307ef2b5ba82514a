"""What the signatures of forward hooks and pre-hooks have to be, given that of `forward`."""

from __future__ import annotations

from collections.abc import Sequence

from jitcore.source import SourceError
from jitcore.types import NONE, ClassType, FunctionSchema, TupleType, Type


def check_pre_hook(owner: ClassType, name: str, schema: FunctionSchema) -> None:
    """Raise `SourceError` unless a pre-hook of that schema can stand before `forward` of `owner`."""
    module = owner.name
    subject = f"Pre-hook '{name}' on module '{module}'"
    inputs = _inputs_of_forward(owner)
    given = TupleType(inputs).annotation()
    allowed = f"'None' or '{given}'"
    if len(inputs) == 1:
        allowed = f"'None', '{inputs[0].annotation()}', or '{given}'"
    advice = (
        f"This error occurred while scripting the forward pre-hook '{name}' on module '{module}'. If you did "
        "not want to script this pre-hook remove it from the original NN module before scripting. Pre-hooks "
        f"for module '{module}' are expected to have the following signature: {name}(self, input: {given}) "
        f"with a return type of either {allowed}."
    )
    _check_count(subject, schema, 2, advice)
    _check_input(subject, schema, inputs, advice)
    if not schema.returns:
        raise SourceError(
            f"{subject} is missing a return annotation. Return annotations are required, please add one.\n"
            f"{advice}"
        )
    problem = _problem_of_result(schema.returns[0].type, inputs)
    if problem is not None:
        wrong = schema.returns[0].type.annotation()
        raise SourceError(f"{subject} returned the wrong type of: '{wrong}'.{problem}\n{advice}")


def check_hook(owner: ClassType, name: str, schema: FunctionSchema, before: Sequence[FunctionSchema]) -> None:
    """The same for a hook behind `forward`; `before` are the schemas of the hooks in front of it."""
    module = owner.name
    subject = f"Hook '{name}' on module '{module}'"
    inputs = _inputs_of_forward(owner)
    output = _forward(owner).returns[0].type
    for earlier in before:
        if earlier.returns and earlier.returns[0].type is not NONE:
            output = earlier.returns[0].type
    given = TupleType(inputs).annotation()
    advice = (
        f"This error occurred while scripting the forward hook '{name}' on module {module}. If you did not "
        "want to script this hook remove it from the original NN module before scripting. This hook was "
        f"expected to have the following signature: {name}(self, input: {given}, output: "
        f"{output.annotation()}). The type of the output arg is the returned type from either the forward "
        "method or the previous hook if it exists. Note that hooks can return anything, but if the hook is "
        "on a submodule the outer module is expecting the same return type as the submodule's forward."
    )
    _check_count(subject, schema, 3, advice)
    _check_input(subject, schema, inputs, advice)
    found = schema.arguments[2].type
    if found != output:
        raise SourceError(
            f"{subject} has the wrong type for the output argument. Received type: '{found.annotation()}'. "
            f"Expected type: '{output.annotation()}'.\n{advice}"
        )


def _forward(owner: ClassType) -> FunctionSchema:
    return owner.methods["forward"].schema


def _inputs_of_forward(owner: ClassType) -> tuple[Type, ...]:
    return tuple(argument.type for argument in _forward(owner).arguments[1:])


def _check_count(subject: str, schema: FunctionSchema, count: int, advice: str) -> None:
    found = len(schema.arguments)
    if found != count:
        raise SourceError(
            f"{subject} was expected to only have exactly {count} inputs but it had {found} inputs. {advice}"
        )


def _check_input(subject: str, schema: FunctionSchema, inputs: tuple[Type, ...], advice: str) -> None:
    given = schema.arguments[1].type
    if not isinstance(given, TupleType):
        raise SourceError(
            f"{subject} expected the input argument to be typed as a Tuple but found type: "
            f"'{given.annotation()}' instead.\n{advice}"
        )
    found = given.annotation()
    if not inputs and given.parts:
        raise SourceError(
            f"{subject} was expecting Tuple[()] as the input type. Received type: '{found}'.\n{advice}"
        )
    if len(inputs) != len(given.parts):
        raise SourceError(
            f"{subject} has the wrong number of contained types for the input argument's Tuple. Received "
            f"type: '{found}'.\n{advice}"
        )
    if inputs != given.parts:
        raise SourceError(
            f"{subject} has the wrong inner types for the input tuple argument. Received type: "
            f"'{found}'.\n{advice}"
        )


def _problem_of_result(result: Type, inputs: tuple[Type, ...]) -> str | None:
    """What is wrong with what a pre-hook gives; None if nothing is."""
    if result is NONE:
        return None
    if len(inputs) == 1 and result == inputs[0]:
        # A tuple by itself would be taken for all the arguments.
        if not isinstance(result, TupleType):
            return None
        return (
            " When forward has a single tuple input argument, the return needs to be 'None' or a nested "
            f"tuple containing forward's input tuple argument as in: 'Tuple[{result.annotation()}]'."
        )
    if not isinstance(result, TupleType):
        return ""
    if not inputs:
        if not result.parts:
            return None
        return " Was expecting either 'None' or 'Tuple[()]' since forward had no arguments."
    if len(result.parts) != len(inputs):
        return " The returned tuple contains the wrong number of contained types."
    if result.parts != inputs:
        return " The returned tuple contains the wrong inner types."
    return None
