"""SSA IR of TorchScript: graphs, blocks, nodes, values, the verifier and the journal of edits."""

from jitcore.ir.block import Block
from jitcore.ir.callstack import CallFrame, CallStack
from jitcore.ir.function import Function, Siblings
from jitcore.ir.garbage import collection_paused
from jitcore.ir.graph import Graph
from jitcore.ir.journal import Edit, Journal, Rule, Step
from jitcore.ir.mkldnn_tensor import MkldnnTensor
from jitcore.ir.node import CONSTANT, Node
from jitcore.ir.objects import (
    Await,
    DeviceName,
    EnumValue,
    GeneratorValue,
    PackedObject,
    ScriptObject,
    is_native_object,
)
from jitcore.ir.provenance import made_from, take_over
from jitcore.ir.value import Value
from jitcore.ir.verify import VerificationError, verify

__all__ = [
    "CONSTANT", "Await", "Block", "CallFrame", "CallStack", "DeviceName", "Edit", "EnumValue", "Function",
    "GeneratorValue", "Graph", "Journal", "MkldnnTensor", "Node", "PackedObject", "Rule", "ScriptObject",
    "Siblings", "Step", "Value", "VerificationError", "collection_paused", "is_native_object", "made_from",
    "take_over", "verify",
]  # fmt: skip
