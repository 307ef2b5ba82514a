"""Modules of Python as objects of the IR: what they hold, of which types, and how values get there.

It looks at live objects of torch, so all but `concrete_type`, `compiles` and `qualified_names` import torch.
Nothing here compiles: what compiles functions and classes that are met is given, as `SlotCompiler`.
"""
