"""Compares what torch's executor and ours make of programs, run after run."""
