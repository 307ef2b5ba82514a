"""The sizes of what operators give, as functions of the sizes of what they are given.

Each file is Python that runs, and a text that the frontend compiles: lists of sizes stand for tensors, and
arguments that do not matter are left off at the end. What an operator refuses fails an assertion. Operators
and their functions stand in `shape_functions.txt` beside this folder.
"""
