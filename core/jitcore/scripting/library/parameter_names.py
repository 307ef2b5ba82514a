"""What the parameters of a graph are called in its schema, as libtorch infers it."""

from __future__ import annotations


def parameter_name(debug_name: str | None, place: int) -> str:
    """The name of a parameter, without the number that tells a value from others of its name.

    What has no name, as the inputs of a trace of `*arguments`, is called by its place (as
    `defaultSchemaFor` does it, in `torch/csrc/jit/api/function_impl.cpp`).
    """
    if debug_name is None:
        return f"argument_{place}"
    base, dot, number = debug_name.rpartition(".")
    return base if dot and number.isdigit() else debug_name
