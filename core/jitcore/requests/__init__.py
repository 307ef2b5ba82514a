"""What is asked for of a program, found and rewritten: the same for the window, for commands and for runs.

Nothing is imported here: a command line reads names of programs before it knows that it needs more.
"""
