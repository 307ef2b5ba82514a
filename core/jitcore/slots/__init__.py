"""Modules of Python as objects of the IR: what they hold, of which types, and how values get there.

What is known of a module, and what its classes and operators are called, is plain data; looking at live ones
needs torch, and a contract names the files that do not. Nothing here compiles: what compiles functions and
classes that are met is given, as `SlotCompiler`.
"""
