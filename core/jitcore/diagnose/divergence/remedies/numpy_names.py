"""What functions of numpy and of Python are called in torch."""

from __future__ import annotations

from typing import Final

TORCH_NAMES: Final = {
    "clip": "clamp", "abs": "abs", "absolute": "abs", "sqrt": "sqrt", "exp": "exp", "log": "log",
    "tanh": "tanh",
    "sin": "sin", "cos": "cos", "floor": "floor", "ceil": "ceil", "round": "round", "rint": "round",
    "sum": "sum", "mean": "mean", "max": "amax", "min": "amin", "amax": "amax", "amin": "amin",
    "prod": "prod",
    "argmax": "argmax", "argmin": "argmin", "argsort": "argsort", "cumsum": "cumsum", "where": "where",
    "maximum": "maximum", "minimum": "minimum", "add": "add", "subtract": "sub", "multiply": "mul",
    "divide": "div", "power": "pow", "square": "square", "sign": "sign", "isnan": "isnan", "median": "median",
    "ones": "ones", "zeros": "zeros", "full": "full", "arange": "arange", "linspace": "linspace",
    "eye": "eye",
    "triu": "triu", "tril": "tril", "ones_like": "ones_like", "zeros_like": "zeros_like", "outer": "outer",
    "concatenate": "cat", "stack": "stack", "log1p": "log1p", "expm1": "expm1", "isfinite": "isfinite",
    "logical_and": "logical_and", "logical_or": "logical_or", "logical_not": "logical_not", "flip": "flip",
    "roll": "roll", "negative": "neg", "reciprocal": "reciprocal", "matmul": "matmul", "dot": "dot",
    "all": "all", "any": "any", "meshgrid": "meshgrid", "repeat": "repeat_interleave", "std": "std",
    "var": "var", "argwhere": "nonzero", "searchsorted": "searchsorted", "diff": "diff",
    "count_nonzero": "count_nonzero", "isin": "isin", "tile": "tile", "cumprod": "cumprod",
    "bincount": "bincount", "nan_to_num": "nan_to_num", "cosh": "cosh", "sinh": "sinh", "tan": "tan",
    "arctan": "atan", "arctan2": "atan2", "arcsin": "asin", "arccos": "acos", "log2": "log2",
    "log10": "log10", "exp2": "exp2", "mod": "remainder", "remainder": "remainder",
    "floor_divide": "floor_divide", "trunc": "trunc", "hypot": "hypot", "isinf": "isinf",
    "deg2rad": "deg2rad", "rad2deg": "rad2deg", "einsum": "einsum", "kron": "kron", "trace": "trace",
    "diag": "diag", "vstack": "vstack", "hstack": "hstack", "fliplr": "fliplr", "flipud": "flipud",
    "moveaxis": "movedim", "swapaxes": "swapaxes", "greater": "gt", "less": "lt", "equal": "eq",
    "not_equal": "ne", "float_power": "float_power",
}  # fmt: skip
"""Names below `numpy`, and those below `torch` that do the same."""

MATH_NAMES: Final = {
    "sqrt": "sqrt", "exp": "exp", "log": "log", "tanh": "tanh", "sin": "sin", "cos": "cos", "floor": "floor",
    "ceil": "ceil", "log2": "log2", "log10": "log10", "pow": "pow", "fabs": "abs", "isnan": "isnan",
    "isfinite": "isfinite", "log1p": "log1p", "atan": "atan", "atan2": "atan2", "tan": "tan",
    "trunc": "trunc",
    "isinf": "isinf", "erf": "erf", "acos": "acos", "asin": "asin", "expm1": "expm1", "hypot": "hypot",
}  # fmt: skip
"""Names below `math`, and those below `torch` that do the same with tensors."""


def full_name(name: str) -> str:
    """A dotted name with the usual short name of numpy spelled out."""
    return f"numpy.{name.removeprefix('np.')}" if name.startswith("np.") else name
