"""What torch's executor does with a graph before it runs it: profiling, and the plans made of a profile."""
