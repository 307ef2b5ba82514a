"""What keeps a function from being compiled, written as a compiler reads it, a sort of it in each file."""
