"""Other people's archives give the values that torch.jit gives, to the last bit, before and after passes."""

import pytest
import torch

from jitcore.archive import load
from jitcore.exec import Interpreter, Materializer, MissingOperatorError, evaluator
from jitcore.exec.arguments import fit_arguments
from jitcore.exec.lowered_tuples import lower_arguments, raise_results
from jitcore.passes import PassContext, run_pipeline
from jitviewer.runner.inputs import make_inputs
from tests.exec.conftest import assert_same, copied

IMAGE = ["float32[1,3,224,224]"]
SMALL = ["float32[1,3,8,8]"]
INPUTS = {
    "resnet18_script": IMAGE,
    "resnet18_trace": IMAGE,
    "mobilenet_v2_trace": IMAGE,
    "densenet121_script": IMAGE,
    "timm_levit_128s_script": IMAGE,
    "bert_tiny_trace": ["int64[1,16]:0..1000", "int64[1,16]:1..2"],
    "gpt2_small_trace": ["int64[1,16]:0..1000"],
    "lstm_tagger_script": ["int64[2,12]:0..1000"],
    "transformer_enc_script": ["float32[2,10,128]"],
    "quant_small_script": ["float32[1,3,16,16]"],
    "quant_dynamic_script": ["float32[2,8]"],
    "old_1.4.0_script": [*SMALL, "3"],
    "old_1.8.1_script": [*SMALL, "3"],
    "old_1.4.0_trace": SMALL,
    "old_1.8.1_trace": SMALL,
    "syn_chain_2000": ["float32[8,64]"] * 3,
}
PASSES = [
    "inline", "peephole", "constant-propagation", "cse", "constant-pooling", "dce",
]  # fmt: skip


def prepared(models, name):
    path = models / f"{name}.pt"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    interpreter = Interpreter()
    interpreter.materializer = Materializer("cpu", str(path), interpreter.call)
    root = load(path)
    return path, root, interpreter, interpreter.materializer.object(root)


@pytest.mark.models
@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_equal_values(models, name):
    path, root, interpreter, module = prepared(models, name)
    inputs = make_inputs(INPUTS[name], 0, torch.device("cpu"))
    function = root.method("forward")
    oracle = torch.jit.load(path)
    with torch.no_grad():
        expected = oracle(*copied(inputs))
        assert_same(interpreter.run(function, [module, *copied(inputs)]), expected)
        graph = function.graph.copy()
        run_pipeline(graph, PASSES, PassContext(evaluator()))
        arguments = fit_arguments(function.schema, [module, *copied(inputs)], interpreter.materializer)
        lowered = lower_arguments(function.schema, graph, arguments)
        results = interpreter.plan_graph(graph).run(lowered)
    assert_same(raise_results(function.schema, graph, results), expected)


@pytest.mark.models
@pytest.mark.usefixtures("without_torchvision")
def test_only_the_missing_operator_fails(models):
    _, root, interpreter, module = prepared(models, "fasterrcnn_mnv3_script")
    inputs = make_inputs(["[float32[3,320,320]]"], 0, torch.device("cpu"))
    with torch.no_grad(), pytest.raises(MissingOperatorError, match="install torchvision") as caught:
        interpreter.run(root.method("forward"), [module, *inputs])
    assert caught.value.kind == "torchvision::nms"
    assert len(caught.value.places) > 3
