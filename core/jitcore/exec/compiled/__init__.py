"""Groups of operators compiled to machine code by torch's Inductor, in the background."""
