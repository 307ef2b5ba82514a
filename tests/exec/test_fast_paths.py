"""Bindings that stand for overloads choose these overloads, and compute what they compute."""

import warnings

import pytest
import torch

from jitcore.exec.fast_paths import FAST, fast_call

X = torch.linspace(-2, 2, 24).reshape(2, 3, 4)
IMAGE = torch.linspace(-1, 1, 192).reshape(1, 3, 8, 8)
SQUARE = torch.linspace(0, 1, 16).reshape(4, 4)
THREE = torch.tensor([1.0, 2.0, 0.5])
FOUR = torch.tensor([1.0, 2.0, 0.5, -1.0])
INDEX = torch.tensor([1, 0])
MASK = X > 0

ARGUMENTS = {
    "aten::_convolution": [
        (
            IMAGE,
            torch.ones(2, 3, 3, 3),
            None,
            [1, 1],
            [1, 1],
            [1, 1],
            False,
            [0, 0],
            1,
            False,
            False,
            True,
            True,
        )
    ],
    "aten::adaptive_avg_pool2d": [(IMAGE, [2, 2]), (IMAGE, [1, 3])],
    "aten::addmm": [(FOUR, SQUARE, SQUARE)],
    "aten::argmax": [(X,), (X, 1), (X, 1, True), (X, None, True)],
    "aten::atan2": [(X, X)],
    "aten::avg_pool2d": [(IMAGE, [2, 2]), (IMAGE, [3, 3], [2, 2], [1, 1], True, False, 2), (IMAGE, [2], [])],
    "aten::baddbmm": [(X[:, :, :3], X, X.transpose(1, 2))],
    "aten::batch_norm": [
        (IMAGE, THREE, THREE, THREE, THREE, False, 0.1, 1e-5, True),
        (IMAGE, None, None, THREE.clone(), THREE.clone(), True, 0.1, 1e-5, False),
    ],
    "aten::bmm": [(X, X.transpose(1, 2))],
    "aten::cat": [([X, X],), ([X, X], 1)],
    "aten::clamp": [(X, 0.5, 1.0), (X, None, 1), (X, 0.5), (X, 0.5, None)],
    "aten::conv1d": [(X, torch.ones(2, 3, 2)), (X, torch.ones(2, 3, 2), None, [2], [1], [1], 1)],
    "aten::conv2d": [
        (IMAGE, torch.ones(2, 3, 3, 3)),
        (IMAGE, torch.ones(3, 1, 3, 3), THREE, [2, 2], [1, 0], [1, 1], 3),
    ],
    "aten::conv3d": [
        (X[None, None], torch.ones(1, 1, 2, 2, 2)),
        (X[None, None], torch.ones(1, 1, 2, 2, 2), None, [1, 1, 1], [1, 0, 1], [1, 1, 1], 1),
    ],
    "aten::cumsum": [(X, 1)],
    "aten::dot": [(THREE, THREE)],
    "aten::dropout": [(X, 0.5, False), (X, 0.0, True)],
    "aten::elu": [(X,), (X, 2), (X, 2.0, 1.5, 0.5)],
    "aten::embedding": [(SQUARE, INDEX), (SQUARE, INDEX, 1), (SQUARE, INDEX, -1, True, False)],
    "aten::expand": [(FOUR, [3, 4]), (FOUR, [-1]), (X[:1], [5, -1, 4])],
    "aten::flatten.using_ints": [(X,), (X, 1), (X, 0, 1)],
    "aten::gather": [(X, 1, torch.zeros(2, 1, 4, dtype=torch.int64))],
    "aten::group_norm": [(IMAGE, 3), (IMAGE, 3, THREE, THREE, 1e-3, False)],
    "aten::hardtanh": [(X,), (X, 0.0, 1.0), (X, 0, 6)],
    "aten::hardtanh_": [(X,), (X, 0.0, 1.0), (X, 0, 6)],
    "aten::index_select": [(X, 1, INDEX)],
    "aten::layer_norm": [(X, [4]), (X, [4], FOUR, None, 1e-3), (X, [3, 4], None, None, 1e-5, False)],
    "aten::leaky_relu": [(X,), (X, 0.2), (X, 1)],
    "aten::leaky_relu_": [(X,), (X, 0.2)],
    "aten::linear": [(X, SQUARE), (X, SQUARE, FOUR), (X, SQUARE, None)],
    "aten::log_softmax.int": [(X, -1)],
    "aten::logical_not": [(X,), (MASK,)],
    "aten::masked_fill.Scalar": [(X, MASK, 0.5), (X, MASK, 2)],
    "aten::matmul": [(X, SQUARE), (X, FOUR)],
    "aten::max_pool2d": [(IMAGE, [2, 2]), (IMAGE, [3, 3], [2, 2], [1, 1], [1, 1], True), (IMAGE, [2], [])],
    "aten::mean.dim": [(X, [1]), (X, [0, -1], True), (X, None, True), (X, [])],
    "aten::mm": [(SQUARE, SQUARE)],
    "aten::mv": [(SQUARE, FOUR)],
    "aten::permute": [(X, [2, 0, 1])],
    "aten::pow.Tensor_Scalar": [(X, 2), (X, 3.0)],
    "aten::reshape": [(X, [6, 4]), (X, [-1]), (X.transpose(0, 1), [24])],
    "aten::select.int": [(X, 1, -1)],
    "aten::softmax.int": [(X, 1)],
    "aten::squeeze": [(X[:1],)],
    "aten::squeeze.dim": [(X[:1], 0), (X, 0)],
    "aten::stack": [([X, X],), ([X, X], -1)],
    "aten::sum.dim_IntList": [(X, [1]), (X, [0, -1], True), (X, None, True), (X, []), (MASK, [0])],
    "aten::t": [(SQUARE,)],
    "aten::transpose.int": [(X, 0, -1)],
    "aten::unsqueeze": [(X, -1)],
    "aten::view": [(X, [6, 4]), (X, [-1]), (X, [2, 12])],
    "aten::where.self": [(MASK, X, X + 1), (MASK, X, torch.tensor(0.0))],
}
OF_ONE = [(X,), (X * 3,), (X.to(torch.float64),)]
OF_TWO = [(X, X + 1), (X, FOUR), (FOUR, torch.tensor(3))]
WITH_NUMBER = [(X, 2), (X, 0.5), (torch.tensor([1, 2]), 0.5), (torch.tensor(3), 2)]
COMPOSED = {"aten::conv1d", "aten::conv2d", "aten::conv3d"}
"""Their parts are what a trace holds."""


def arguments_of(key):
    if key in ARGUMENTS:
        return ARGUMENTS[key]
    if key.endswith(".Scalar"):
        return WITH_NUMBER
    schema = schema_of(key)
    return OF_ONE if len(schema.arguments) == 1 or schema.arguments[1].has_default_value() else OF_TWO


def schema_of(key):
    name, _, overload = key.partition(".")
    return next(
        found for found in torch._C._jit_get_schemas_for_operator(name) if found.overload_name == overload
    )


def overload_of(key):
    return torch._C._get_operation_overload(*key.split(".") if "." in key else (key, ""))[0]


def copied(arguments):
    return [each.clone() if isinstance(each, torch.Tensor) else each for each in arguments]


@pytest.mark.parametrize("key", sorted(FAST))
def test_computes_what_the_overload_computes(key):
    for arguments in arguments_of(key):
        found = fast_call(key, arguments)
        assert found is not None
        function, taken = found
        expected = overload_of(key)(*copied(arguments))
        result = function(*copied(arguments)[:taken])
        torch.testing.assert_close(result, expected, rtol=0, atol=0, check_stride=True, equal_nan=True)


@pytest.mark.parametrize("key", sorted(FAST.keys() - COMPOSED))
def test_chooses_the_overload(key):
    for arguments in arguments_of(key):
        function = FAST[key].function
        tensors = [each for each in arguments if isinstance(each, torch.Tensor)]
        inputs = tensors or arguments[0]

        def call(*given, function=function, arguments=arguments):
            left = iter(given)
            if isinstance(arguments[0], list):
                return function([*given], *arguments[1:])
            return function(*[next(left) if isinstance(each, torch.Tensor) else each for each in arguments])

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            graph = torch.jit.trace(call, tuple(copied(inputs)), check_trace=False).graph
        chosen = {
            node.schema().partition("(")[0] for node in graph.nodes() if node.kind().startswith("aten::")
        }
        # Of a number the overload for scalars makes a tensor, too.
        assert key in chosen or key.replace(".Scalar", ".Tensor") in chosen, chosen


@pytest.mark.parametrize("key", sorted(FAST))
def test_takes_as_many_arguments_as_it_was_tried_with(key):
    tried = {len(arguments) for arguments in arguments_of(key)}
    binding = FAST[key]
    assert min(tried) >= binding.fewest
    assert {binding.fewest, binding.most} <= tried
